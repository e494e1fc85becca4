r"""Regular expressions as Java, JavaScript and Rust write them, in the words of the engine.

Contracts come from consumers in many languages. What their dialects have in common with the engine stays as it is; what
only one of them has is translated where it means one thing: ``\Q.\E``, ``\k<name>``, ``\x{41}``, ``\u{41}``,
``\uD83D\uDE00``, ``\0101``, ``\z``, ``(?U)``, ``[^]``, intersections (``[a-z&&[^aeiou]]``). Everything else is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from servanda.errors import PatternError
from servanda.patterns import properties
from servanda.patterns.budget import current_bounds
from servanda.patterns.expression import VERSION_1, Expression, compiled

_TOKEN: Final = re.compile(
    r"""(?P<quoted>\\Q(?P<literal>.*?)(?:\\E|\Z))
      | (?P<named>\\k(?:<(?P<angle>\w+)>|\{(?P<brace>\w+)\}|'(?P<quote>\w+)'))
      | (?P<code>\\[xuU]\{(?P<hex>[0-9A-Fa-f]{1,6})\})
      | (?P<pair>\\u(?P<high>[dD][89abAB][0-9A-Fa-f]{2})\\u(?P<low>[dD][c-fC-F][0-9A-Fa-f]{2}))
      | (?P<octal>\\0(?P<digits>[0-3][0-7]{2}|[0-7]{1,2}))
      | (?P<control>\\c(?P<letter>[A-Za-z]))
      | (?P<property>\\(?P<sign>[pP])\{(?P<of>\w+)\})
      | (?P<space>\\(?P<kind>[HV]))
      | (?P<boundary>\\b\{(?P<edge>[a-z-]+)\})
      | (?P<end>\\z)
      | (?P<escape_sign>\\e)
      | (?P<unknown>\\[mM])
      | (?P<escape>\\.)
      | (?P<flags>\(\?(?P<on>[a-zA-Z]*)(?P<off>-[a-zA-Z]+)?(?P<after>[:)]))
      | (?P<everything>\[\^\](?=[*+?{]))
      | (?P<open>\[\^?\]?)
      | (?P<close>\])
      | (?P<other>[^\\\[\](]+|[\\(])""",
    re.VERBOSE | re.DOTALL,
)
_SETS_OF_JAVASCRIPT: Final = MappingProxyType({"[]": "(?!)", "[^]": r"[\s\S]"})
"""To all others, a bracket right after the first one is a character."""
_SET_OF_JAVASCRIPT: Final = re.compile(r"(\\.)|\[\^?\]", re.DOTALL)
_EDGES: Final = MappingProxyType(
    {"start": r"\b(?=\w)", "end": r"\b(?<=\w)", "start-half": r"(?<!\w)", "end-half": r"(?!\w)"}
)
_SPACES: Final = MappingProxyType(
    {"H": r"[^ \t\xa0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000]", "V": r"[^\n\x0b\f\r\x85\u2028\u2029]"}
)
_OF_NO_MATTER: Final = frozenset("URd")
"""Flags that decide nothing here: which of several matches is found, what ends a line, and that letters are Unicode's.

``U`` is the last one in Java, and the first one in Rust.
"""

# A flag in the middle holds from there on, and a set within a set is one, only in the engine's version 1; so do
# differences of sets.
_OF_VERSION_1: Final = re.compile(
    r"""(?<!\A)\(\?[a-zA-Z-]+\)
      | && | ~~
      | \[[^\[\]]*+(?:\[[:.=][^\]]*+\][^\[\]]*+)*+\[(?![:.=])""",
    re.VERBOSE,
)
_NAMED_GROUP: Final = re.compile(r"\(\?<(?![=!])")
_DIFFERENCE: Final = re.compile(r"\[\^?(?:[^\[\]\\]|\\.)*?(?:\\[wWdDsS]|[^\\\[^-]-[^\[\]\\-])--", re.DOTALL)


def understood(text: str) -> Expression:
    """Compile an expression of Java, JavaScript or Rust, as :func:`servanda.patterns.compiled` does.

    Raises:
        PatternError: It is not valid, or uses what the engine does not have.
        LimitError: It is too long, would become too long, or is nested too deeply.
    """
    if len(text) > current_bounds().characters:
        return compiled(text)  # which refuses it before anybody looks through it
    try:
        return _compiled(text)
    except PatternError as error:
        of_javascript = _SET_OF_JAVASCRIPT.sub(lambda found: found[1] or _SETS_OF_JAVASCRIPT[found[0]], text)
        if of_javascript == text:
            raise
        try:
            return _compiled(of_javascript)
        except PatternError:
            raise error from None


def plain(text: str) -> str:
    r"""Return such an expression in the words of Python, as far as texts that match it can be made from that.

    A property (``\p{L}``) becomes some of the characters that have it.

    Raises:
        PatternError: It is not valid, or uses what the engine does not have.
        LimitError: It is too long.
    """
    understood(text)
    written, _ = _translated(text)
    return properties.with_members(_NAMED_GROUP.sub("(?P<", written))


def _compiled(text: str) -> Expression:
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
    parts: list[str] = []
    plain: list[str] = []
    depth = 0
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup or ""
        if kind in ("open", "everything"):
            depth += kind == "open"
        elif kind == "close":
            depth = max(depth - 1, 0)
        parts.append(_token(found, kind, is_in_set=depth > 0))
        # What is escaped means itself, and so tells nothing of the version.
        plain.append("" if found[0].startswith("\\") else found[0])
    written = "".join(parts)
    return written, bool(_OF_VERSION_1.search("".join(plain)) or _DIFFERENCE.search(written))


def _token(found: re.Match[str], kind: str, *, is_in_set: bool) -> str:
    if kind == "property":
        return properties.written(found["sign"], found["of"], is_in_set=is_in_set) or found[0]
    if kind in ("space", "boundary", "flags", "everything") and is_in_set:
        return found[0]
    write = _WRITERS.get(kind)
    return found[0] if write is None else write(found)


def _code(found: re.Match[str]) -> str:
    number = int(found["hex"], 16)
    return found[0] if number > 0x10FFFF else f"\\U{number:08x}"


def _pair(found: re.Match[str]) -> str:
    """Write the one character that Java and JavaScript have in two halves."""
    halves = "".join(chr(int(found[half], 16)) for half in ("high", "low"))
    return f"\\U{ord(halves.encode('utf-16', 'surrogatepass').decode('utf-16')):08x}"


def _flags(found: re.Match[str]) -> str:
    on, off = (_kept(found[name] or "") for name in ("on", "off"))
    if "R" in found["on"] and len(found["on"]) == 1:
        return found[0]  # PCRE has recursion there
    if off == "-u" and not on and found["after"] == ")" and found.start() == 0:
        return "(?a)"
    if "u" in off:
        raise _not_understood(found[0])
    off = "" if off == "-" else off
    return f"(?{on}{off}:" if found["after"] == ":" else f"(?{on}{off})" if on or off else ""


def _kept(flags: str) -> str:
    return "".join(flag for flag in flags if flag not in _OF_NO_MATTER)


def _boundary(found: re.Match[str]) -> str:
    if found["edge"] not in _EDGES:
        raise _not_understood(found[0])
    return _EDGES[found["edge"]]


def _unknown(found: re.Match[str]) -> str:
    raise _not_understood(found[0])


def _not_understood(what: str) -> PatternError:
    return PatternError(f"'{what}' is not understood: it is not a valid regular expression here")


_WRITERS: Final[Mapping[str, Callable[[re.Match[str]], str]]] = MappingProxyType(
    {
        "quoted": lambda found: re.escape(found["literal"]),
        "named": lambda found: f"(?P={found['angle'] or found['brace'] or found['quote']})",
        "code": _code,
        "pair": _pair,
        "octal": lambda found: f"\\x{int(found['digits'], 8):02x}",
        "control": lambda found: f"\\x{ord(found['letter'].upper()) ^ 64:02x}",
        "space": lambda found: _SPACES[found["kind"]],
        "boundary": _boundary,
        "end": lambda _: r"\Z",
        "escape_sign": lambda _: r"\x1b",
        "unknown": _unknown,
        "flags": _flags,
        "everything": lambda _: r"[\s\S]",
    }
)
