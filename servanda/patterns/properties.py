"""Properties of characters under the names that Java has for them, in those of the engine."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Final

from servanda.patterns.expression import compiled

_PROPERTY: Final = re.compile(
    r"(?P<open>\[\^?)|(?P<close>\])|(?P<property>\\[pP]\{[^{}]*\}|\\[pP][A-Z])|\\.", re.DOTALL
)
_SOME: Final = "".join(map(chr, range(0x20, 0x17F))) + "αΩяЖ中あ€😀"
_MOST_MEMBERS: Final = 20
_CATEGORY: Final = re.compile(r"Is(?P<name>[LMNPSZC][a-z]?)")
_NAMES: Final = MappingProxyType(
    {
        "javaLowerCase": r"\p{Lower}",
        "javaUpperCase": r"\p{Upper}",
        "javaTitleCase": r"\p{Lt}",
        "javaWhitespace": r"\p{White_Space}",
        "javaSpaceChar": r"\p{Z}",
        "javaMirrored": r"\p{Bidi_M}",
        "javaLetter": r"\p{L}",
        "javaDigit": r"\p{Digit}",
        "javaLetterOrDigit": r"\p{L}\p{Digit}",
        "javaAlphabetic": r"\p{Alphabetic}",
        "javaIdeographic": r"\p{Ideographic}",
        "javaDefined": r"\p{Assigned}",
        "javaISOControl": r"\p{Cc}",
        "javaUnicodeIdentifierStart": r"\p{ID_Start}",
        "javaUnicodeIdentifierPart": r"\p{ID_Continue}",
        "javaJavaIdentifierStart": r"\p{L}\p{Nl}\p{Sc}\p{Pc}",
        "javaJavaIdentifierPart": r"\p{L}\p{Nl}\p{Sc}\p{Pc}\p{Digit}\p{Mc}\p{Mn}",
        "IsPunctuation": r"\p{P}",
        "IsDigit": r"\p{Digit}",
        "IsLetter": r"\p{L}",
        "IsControl": r"\p{Cc}",
        "IsAssigned": r"\p{Assigned}",
        "L1": r"\x00-\xff",
        "LD": r"\p{L}\p{Digit}",
        "all": r"\x00-\U0010ffff",
    }
)
"""What stands in a set: one property or several, or a range (java.util.regex.Pattern)."""


def with_members(text: str) -> str:
    """Return an expression with some of the characters that have a property in place of that property."""
    parts, depth, end = [], 0, 0
    for found in _PROPERTY.finditer(text):
        depth = max(depth + (found["open"] is not None) - (found["close"] is not None), 0)
        if found["property"] is not None:
            members = "".join(map(re.escape, _members(found["property"])))
            parts += [text[end : found.start()], members if depth else f"[{members}]" if members else "(?!)"]
            end = found.end()
    return "".join([*parts, text[end:]])


def _members(written_as: str) -> str:
    expression = compiled(written_as)
    return "".join(each for each in _SOME if expression.fullmatch(each))[:_MOST_MEMBERS]


def written(sign: str, name: str, *, is_in_set: bool) -> str | None:
    """Return a property of Java as the engine writes it; ``None`` if it is none that only Java has.

    Args:
        sign: ``p`` for the characters that have it, ``P`` for the others.
        name: Its name.
        is_in_set: Whether it stands within brackets.
    """
    category = _CATEGORY.fullmatch(name)
    members = rf"\p{{{category['name']}}}" if category is not None else _NAMES.get(name)
    if members is None:
        return None
    is_single = members.count("\\p") == 1
    if is_single:
        return f"\\{sign}{members[2:]}"
    if is_in_set:
        return members if sign == "p" else None
    return f"[{'^' if sign == 'P' else ''}{members}]"
