"""Commands that a person may copy into a shell."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable

from servanda.escaping.characters import DOUBLED, MARKER, UNSAFE, path_bytes

_QUOTED = re.compile(rf"['\\]|{UNSAFE.pattern}")


def shell_line(words: Iterable[str]) -> str:
    """Write a command that does what its words say, in one line without any character that cannot be seen.

    A word with such a character is quoted as ``$'...'``, as bash and zsh read it, and so is one with a backslash that
    :func:`servanda.escaping.visible` doubles: printed as a line of a report, the command is still the same.
    """
    return " ".join(_word(word) for word in words)


def _word(word: str) -> str:
    if not any(pattern.search(word) for pattern in (UNSAFE, MARKER, DOUBLED)):
        return shlex.quote(word)
    quoted = MARKER.sub(_bytes, _QUOTED.sub(_bytes, word))
    return f"$'{quoted}'"


def _bytes(match: re.Match[str]) -> str:
    # In octal, which no report takes for an escape of its own.
    return "".join(f"\\{byte:03o}" for byte in path_bytes(match[0]))
