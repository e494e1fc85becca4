"""Commands that a person may copy into a shell."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable

from servanda.escaping.characters import MARKER, UNSAFE, path_bytes

_QUOTED = re.compile(rf"['\\]|{UNSAFE.pattern}")


def shell_line(words: Iterable[str]) -> str:
    """Write a command that does what its words say, in one line without any character that cannot be seen.

    A word with such a character is quoted as ``$'...'``, as bash and zsh read it.
    """
    return " ".join(_word(word) for word in words)


def _word(word: str) -> str:
    if UNSAFE.search(word) is None and MARKER.search(word) is None:
        return shlex.quote(word)
    quoted = MARKER.sub(_bytes, _QUOTED.sub(_bytes, word))
    return f"$'{quoted}'"


def _bytes(match: re.Match[str]) -> str:
    character = match[0]
    if character in "'\\":
        return f"\\{character}"
    return "".join(f"\\x{byte:02x}" for byte in path_bytes(character))
