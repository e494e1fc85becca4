"""Names of the files of contracts: ``<consumer>-<provider>.json``.

A character that cannot stand in a file name on every system is written as in a URL, so that ``@shop/web`` with ``api``
has ``@shop%2Fweb-api.json``. Two names of parties never become one.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from pathlib import Path
from typing import Final, TypeAlias
from urllib.parse import quote, unquote

Parties: TypeAlias = tuple[str, str]
"""Consumer and provider."""

_UNSAFE: Final = frozenset('/\\:*?"<>|%')
_FIRST_POINT: Final = re.compile(r"^\.")
_MOST_BYTES: Final = 180
"""Of 255 on most systems: a file that is being written has a longer name."""
_HASHED: Final = 16


def encoded(name: str) -> str:
    """Return the name of a party as it stands in the name of a file."""
    safe = "".join(each if _is_safe(each) else quote(each, safe="", errors="surrogatepass") for each in name)
    return _FIRST_POINT.sub("%2E", safe)


def decoded(name: str) -> str:
    """Return the name of the party that stands so in the name of a file."""
    return unquote(name)


def folded(name: str) -> str:
    """Return what names of files have in common that some systems take for one."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def candidates(folder: Path, parties: Parties) -> tuple[Path, ...]:
    """Return the files that the contract of two parties can be in, the usual one first.

    The second one has two hyphens between the parties; the last one has a hash of them, and is nobody else's.
    """
    names = [between.join(map(encoded, parties)) for between in ("-", "--")]
    short = [name for name in names if len(name.encode()) <= _MOST_BYTES]
    digest = hashlib.sha256(json.dumps(parties).encode()).hexdigest()[:_HASHED]
    start = names[0].encode()[: _MOST_BYTES - _HASHED].decode("utf-8", "ignore")
    return tuple(folder / f"{name}.json" for name in (*short, f"{start}~{digest}"))


def earlier(folder: Path, parties: Parties) -> tuple[Path, ...]:
    """Return the files that the contract of two parties was in when names were written as they are."""
    if any(character in "/\\\0" for name in parties for character in name):
        return ()
    return tuple(folder / f"{between.join(parties)}.json" for between in ("-", "--"))


def _is_safe(character: str) -> bool:
    return character.isprintable() and character not in _UNSAFE
