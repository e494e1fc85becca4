r"""Regular expressions as Java, JavaScript and Rust write them, in the words of the engine.

Contracts come from consumers in many languages. What their dialects have in common with the engine stays as it is; what
only one of them has is translated where it means one thing: ``\Q.\E``, ``\k<name>``, ``\x{41}``, ``\u{41}``,
``\uD83D\uDE00``, ``\z``, intersections (``[a-z&&[^aeiou]]``). Everything else is refused by the engine, with its own
words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from servanda.errors import PatternError
from servanda.patterns.budget import current_bounds
from servanda.patterns.expression import VERSION_1, Expression, compiled

_TOKEN: Final = re.compile(
    r"""(?P<quoted>\\Q(?P<literal>.*?)(?:\\E|\Z))
      | (?P<named>\\k(?:<(?P<angle>\w+)>|\{(?P<brace>\w+)\}|'(?P<quote>\w+)'))
      | (?P<code>\\[xu]\{(?P<hex>[0-9A-Fa-f]{1,6})\})
      | (?P<pair>\\u(?P<high>[dD][89abAB][0-9A-Fa-f]{2})\\u(?P<low>[dD][c-fC-F][0-9A-Fa-f]{2}))
      | (?P<control>\\c(?P<letter>[A-Za-z]))
      | (?P<java>\\(?P<sign>[pP])\{java(?P<property>LowerCase|UpperCase|Whitespace|Mirrored)\})
      | (?P<end>\\z)
      | (?P<escape_sign>\\e)
      | (?P<escape>\\.)
      | (?P<other>[^\\]+|\\)""",
    re.VERBOSE | re.DOTALL,
)
_JAVA: Final = MappingProxyType(
    {"LowerCase": "Lower", "UpperCase": "Upper", "Whitespace": "White_Space", "Mirrored": "Bidi_M"}
)

# A flag in the middle holds from there on, and a set within a set is one, only in the engine's version 1.
_OF_VERSION_1: Final = re.compile(
    r"""(?<!\A)\(\?[a-zA-Z-]+\)
      | &&
      | \[[^\[\]]*+(?:\[[:.=][^\]]*+\][^\[\]]*+)*+\[(?![:.=])""",
    re.VERBOSE,
)


def understood(text: str) -> Expression:
    """Compile an expression of Java, JavaScript or Rust, as :func:`servanda.patterns.compiled` does.

    Raises:
        PatternError: It is not valid, or uses what the engine does not have.
        LimitError: It is too long, would become too long, or is nested too deeply.
    """
    if len(text) > current_bounds().characters:
        return compiled(text)  # which refuses it before anybody looks through it
    written, is_of_version_1 = _translated(text)
    if is_of_version_1:
        try:
            return compiled(VERSION_1 + written)
        except PatternError:
            pass  # to JavaScript, a bracket within a set is a character
    return compiled(written)


@lru_cache(maxsize=1024)
def _translated(text: str) -> tuple[str, bool]:
    """Return an expression in the words of the engine, and whether it may be one of the engine's version 1."""
    # What is escaped means itself, and so tells nothing of the version.
    plain = _TOKEN.sub(lambda found: found["other"] or "", text)
    return _TOKEN.sub(_token, text), _OF_VERSION_1.search(plain) is not None


def _token(found: re.Match[str]) -> str:
    write = _WRITERS.get(found.lastgroup or "")
    return found[0] if write is None else write(found)


def _code(found: re.Match[str]) -> str:
    number = int(found["hex"], 16)
    return found[0] if number > 0x10FFFF else f"\\U{number:08x}"


def _pair(found: re.Match[str]) -> str:
    """Write the one character that Java and JavaScript have in two halves."""
    halves = "".join(chr(int(found[half], 16)) for half in ("high", "low"))
    return f"\\U{ord(halves.encode('utf-16', 'surrogatepass').decode('utf-16')):08x}"


_WRITERS: Final[Mapping[str, Callable[[re.Match[str]], str]]] = MappingProxyType(
    {
        "quoted": lambda found: re.escape(found["literal"]),
        "named": lambda found: f"(?P={found['angle'] or found['brace'] or found['quote']})",
        "code": _code,
        "pair": _pair,
        "control": lambda found: f"\\x{ord(found['letter'].upper()) ^ 64:02x}",
        "java": lambda found: f"\\{found['sign']}{{{_JAVA[found['property']]}}}",
        "end": lambda _: r"\Z",
        "escape_sign": lambda _: r"\x1b",
    }
)
