"""Numbers, durations, sizes and other values that plain English names, each in one form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Context, Decimal
from types import MappingProxyType
from typing import Final, NamedTuple

# More digits than a sentence is long, and a number too large for any is infinite instead of an error.
_EXACT: Final = Context(prec=1_100, traps=[])
_ONES: Final = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORDS: Final[Mapping[str, int]] = MappingProxyType(
    {
        **{word: number for number, word in enumerate(_ONES, start=1)},
        **{word: number * 10 for number, word in enumerate(_TENS, start=2)},
    }
)
_GROUPS: Final[Mapping[str, int]] = MappingProxyType({"hundred": 100, "thousand": 1_000, "million": 1_000_000})
_UNITS: Final[Mapping[str, tuple[Decimal, str]]] = MappingProxyType(
    {
        **dict.fromkeys(("ns", "nanosecond", "nanoseconds", "nanos"), (Decimal("1e-9"), "s")),
        **dict.fromkeys(("us", "µs", "microsecond", "microseconds", "micros"), (Decimal("1e-6"), "s")),
        **dict.fromkeys(("ms", "msec", "msecs", "millisecond", "milliseconds", "millis"), (Decimal("1e-3"), "s")),
        **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), (Decimal(1), "s")),
        **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), (Decimal(60), "s")),
        **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), (Decimal(3_600), "s")),
        **dict.fromkeys(("d", "day", "days"), (Decimal(86_400), "s")),
        **dict.fromkeys(("w", "week", "weeks"), (Decimal(604_800), "s")),
        **dict.fromkeys(("b", "byte", "bytes"), (Decimal(1), "B")),
        **dict.fromkeys(("kb", "kib"), (Decimal(1 << 10), "B")),
        **dict.fromkeys(("mb", "mib"), (Decimal(1 << 20), "B")),
        **dict.fromkeys(("gb", "gib"), (Decimal(1 << 30), "B")),
        **dict.fromkeys(("%", "percent"), (Decimal(1), "%")),
    }
)
_NUMERAL: Final = r"(?:\d[\d,_]*(?:\.\d+)?|\.\d+)(?:e[-+]?\d+\b)?"
_LONG: Final = "|".join(sorted((unit for unit in _UNITS if len(unit) > 2), key=len, reverse=True))
# "One" and "a" count things only before a unit: in "one of these" they do not.
_WORD: Final = (
    rf"(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_ONES[:9])}))?\b(?:\s+(?:{'|'.join(_GROUPS)})\b)?"
    rf"|(?:{'|'.join(sorted(_ONES[1:], key=len, reverse=True))})\b(?:\s+(?:{'|'.join(_GROUPS)})\b)?"
    rf"|(?:a|one)\s+(?:{'|'.join(_GROUPS)})\b"
    rf"|half\s+an?(?=\s+(?:{_LONG})\b)|(?:an?|one)(?=[-\s]+(?:{_LONG})\b)"
)
_VALUE: Final = re.compile(
    r"(?<![\w.])(?P<hex>0x[0-9a-f]+)\b"
    rf"|(?:(?<![\w.])(?P<number>[-+]?{_NUMERAL})|\b(?P<word>{_WORD}))(?:[-\s]*(?P<unit>%|[a-zµ]+(?![a-zµ_])))?"
    r"|\b(?P<truth>true|false|off|enabled|disabled|none|empty|zero|null)\b"
    r"|\b(?P<name>[A-Z][A-Z0-9]*_[A-Z0-9_]+)\b",
    re.IGNORECASE,
)
_NEXT: Final = re.compile(
    rf"\s*(?:,\s*|and\s+)?(?:(?P<number>{_NUMERAL})|(?P<word>{_WORD}))[-\s]*(?P<unit>[a-zµ]+)", re.IGNORECASE
)


class Named(NamedTuple):
    """A value that a text names.

    Attributes:
        start: Index of its first character.
        normal: The value in one form: a number with its unit, a truth value or a name.
    """

    start: int
    normal: str


def first_named(text: str) -> Named | None:
    """Return the first value that a text names; ``None`` if it names none."""
    found = _VALUE.search(text)
    return Named(found.start(), _normal(found, text)) if found is not None else None


def _normal(found: re.Match[str], text: str) -> str:
    if found["number"] or found["word"]:
        number, unit = _amount(found)
        # A duration can have several parts: an hour and 30 minutes, 1h30m.
        further = _NEXT.match(text, found.end()) if unit == "s" else None
        while further is not None and _UNITS.get(further["unit"].lower(), (0, ""))[1] == "s":
            number = _EXACT.add(number, _amount(further)[0])
            further = _NEXT.match(text, further.end())
        return f"{number.normalize(_EXACT)}{unit}"
    if found["hex"]:
        return str(Decimal(int(found["hex"], 16)).normalize(_EXACT))
    said = (found["truth"] or found["name"]).lower()
    return "0" if said == "zero" else said


def _amount(found: re.Match[str]) -> tuple[Decimal, str]:
    size, unit = _UNITS.get((found["unit"] or "").lower(), (Decimal(1), ""))
    written = found["number"]
    number = _EXACT.create_decimal(written.replace(",", "").replace("_", "")) if written else _spelled(found["word"])
    return _EXACT.multiply(number, size), unit


def _spelled(text: str) -> Decimal:
    words = re.split(r"[-\s]+", text.lower())
    if words[0] == "half":
        return Decimal("0.5")
    group = _GROUPS.get(words[-1], 1)
    return Decimal((sum(_WORDS.get(word, 0) for word in words) or 1) * group)
