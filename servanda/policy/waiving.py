"""Writing a waiver, with everything else in the file left as it is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import tomlkit
from tomlkit.items import AoT

from servanda.documents import Boundary, Reader, write_text
from servanda.errors import ConfigurationError

_READER = Reader(ConfigurationError)


@dataclass(frozen=True, slots=True)
class Request:
    """Request for a waiver.

    Attributes:
        fingerprint: Fingerprint of the finding; else ``rule`` and ``element`` name it.
        expires: Last day on which the waiver is valid.
    """

    reason: str
    owner: str
    expires: dt.date
    fingerprint: str = ""
    rule: str = ""
    element: str = ""
    link: str = ""


def add(path: Path, request: Request) -> None:
    """Append a waiver to this file; it is made if it does not exist.

    Raises:
        ConfigurationError: The file cannot be read or written, or is no TOML.
    """
    # Read first by the reader of documents: it has limits, and says where something is wrong.
    known = _READER.find(path)
    document = tomlkit.parse(known.source.text) if known is not None else tomlkit.document()
    entry = tomlkit.table()
    for key in ("fingerprint", "rule", "element", "reason", "owner", "expires", "link"):
        value = getattr(request, key)
        if value:
            entry.add(key, value)
    entries = document.setdefault("waiver", tomlkit.aot())
    if not isinstance(entries, AoT):
        raise ConfigurationError("waivers are written as [[waiver]] tables", where=str(path))
    entries.append(entry)
    write_text(path, tomlkit.dumps(document), Boundary.around(path.parent, ConfigurationError))
