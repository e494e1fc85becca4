"""Dates and times in the formats of the Pact specification, which are those of Java's ``DateTimeFormatter``.

A part in letters is read in English and without its case, as the Rust implementation does; a part in digits has as many
of them as the format has letters, as Java demands.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from servanda.errors import ContractError

_TOKEN = re.compile(r"'(?P<literal>(?:[^']|'')*)'|(?P<letters>([A-Za-z])\3*)|(?P<other>.)", re.DOTALL)
_FRACTION = re.compile(r"(?P<point>[.,])(?P<digits>\d*)")
_ISO_DATE, _ISO_TIME = r"\d{4}-?[\dW-]+", r"\d\d:?\d\d[\d:.,]*(?:Z|[+-]\d[\d:]*)?"
_ISO_8601: Final = MappingProxyType(
    {
        "date": re.compile(_ISO_DATE, re.ASCII),
        "time": re.compile(f"T?{_ISO_TIME}", re.ASCII),
        "timestamp": re.compile(f"{_ISO_DATE}T{_ISO_TIME}", re.ASCII),
    }
)
"""The parts that have to be there; whether their numbers are those of a date or time is read afterwards."""
_LONGEST: Final = 500
_NANOSECONDS: Final = 9

_MONTHS: Final = tuple(calendar.month_name)[1:]
_DAYS: Final = tuple(calendar.day_name)
_HOURS, _SIXTIETHS = "(?:0\\d|1[0-8])", "[0-5]\\d"
_ZONE_NAME: Final = r"(?:[A-Z]{2,5}|(?:GMT|UTC)[+-]\d{1,2}(?::\d\d)?)"
_ZONE_ID: Final = r"(?:Z|[A-Z]{3,5}|[+-]\d\d:\d\d|[A-Za-z_]+(?:/[A-Za-z0-9_+-]+)+)"

_Letters = Callable[[int], str]
"""Gives the expression of what so many letters stand for; empty if they stand for nothing."""


def _numbers(first: int, last: int, widest: int = 2) -> _Letters:
    def written(count: int) -> str:
        if count > widest:
            return ""
        values = "|".join(str(value).zfill(count) for value in range(last, first - 1, -1))
        # One letter asks for no number of digits.
        return f"0{{0,{widest - 1}}}(?:{values})" if count == 1 else f"(?:{values})"

    return written


def _digits(most: int) -> _Letters:
    return lambda count: rf"\d{{{count},{most}}}" if count <= most else ""


def _year(count: int) -> str:
    return r"\d{2}" if count == 2 else r"\d{1,9}" if count == 1 else rf"\d{{{count}}}" if count <= 9 else ""


def _names(long: tuple[str, ...], numbers: _Letters | None = None) -> _Letters:
    def written(count: int) -> str:
        if count < 3 and numbers is not None:
            return numbers(count)
        short, narrow = [name[:3] for name in long], sorted({name[0] for name in long})
        # Rust reads five letters as the whole name, Java as its first letter.
        known = {4: long, 5: (*long, *narrow)}.get(count, tuple(short))
        return f"(?i:{'|'.join(known)})" if count <= 5 else ""

    return written


def _quarter(count: int) -> str:
    if count < 3:
        return _numbers(1, 4)(count)
    return {3: "(?i:Q[1-4])", 4: "(?i:(?:1st|2nd|3rd|4th) quarter)", 5: "[1-4]"}.get(count, "")


def _offset(zero: str) -> _Letters:
    short, long = f"{_HOURS}{_SIXTIETHS}", f"{_HOURS}:{_SIXTIETHS}"
    forms = {
        1: f"{_HOURS}(?:{_SIXTIETHS})?",
        2: short,
        3: long,
        4: f"{short}(?:{_SIXTIETHS})?",
        5: f"{long}(?::{_SIXTIETHS})?",
    }
    return lambda count: f"(?:{zero}[+-]{forms[count]})" if count in forms else ""


def _offset_of_mail(count: int) -> str:
    if count == 4:
        return f"(?:GMT|UTC)(?:[+-]{_HOURS}:{_SIXTIETHS})?"
    return _offset("")(2) if count < 4 else _offset("Z|")(count)


def _localized(count: int) -> str:
    if count == 4:
        return _offset_of_mail(4)
    return rf"(?:GMT|UTC)(?:[+-]\d{{1,2}}(?::{_SIXTIETHS})?)?" if count == 1 else ""


_LETTERS: Final[Mapping[str, _Letters]] = MappingProxyType(
    {
        "G": lambda count: (
            "(?i:AD|BC)" if count < 4 else "(?i:Anno Domini|Before Christ|A|B|AD|BC)" if count < 6 else ""
        ),
        "u": _year,
        "y": _year,
        "Y": _year,
        "M": _names(_MONTHS, _numbers(1, 12)),
        "L": _names(_MONTHS, _numbers(1, 12)),
        "Q": _quarter,
        "q": _quarter,
        "d": _numbers(1, 31),
        "D": _numbers(1, 366, 3),
        "w": _numbers(1, 56),
        "W": _numbers(1, 6),
        "F": _numbers(0, 5),
        "E": _names(_DAYS),
        "e": _names(_DAYS, _numbers(1, 7)),
        "c": _names(_DAYS, _numbers(1, 7)),
        "a": lambda count: "(?i:AM|PM)" if count == 1 else "",
        "h": _numbers(1, 12),
        "H": _numbers(0, 23),
        "k": _numbers(1, 24),
        "K": _numbers(0, 11),
        "m": _numbers(0, 59),
        "s": _numbers(0, 60),
        "S": lambda count: rf"\d{{{count}}}" if count <= _NANOSECONDS else "",
        "n": _digits(_NANOSECONDS),
        "A": _digits(8),
        "N": _digits(14),
        "V": lambda count: _ZONE_ID if count == 2 else "",
        "v": lambda count: _ZONE_NAME if count == 1 else r"[A-Z][A-Za-z]*(?: [A-Z][A-Za-z]*)*" if count == 4 else "",
        "z": lambda count: _ZONE_NAME if count < 4 else r"[A-Z][A-Za-z]*(?: [A-Z][A-Za-z]*)*" if count == 4 else "",
        "O": _localized,
        "X": _offset("Z|"),
        "x": _offset(""),
        "Z": _offset_of_mail,
    }
)
"""What each letter stands for, https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/time/format/DateTimeFormatter.html."""


@dataclass(frozen=True, slots=True)
class _Form:
    """A format that is ready to be tried."""

    pattern: re.Pattern[str]

    def fits(self, value: str) -> bool:
        """Tell whether a text is written so, and no date that no calendar has."""
        found = self.pattern.fullmatch(value)
        return found is not None and _is_in_the_calendar(found.groupdict())


def is_written(kind: str, form: str, value: str) -> bool:
    """Tell whether a text is a ``date``, ``time`` or ``timestamp`` in this format; without a format ISO 8601 decides.

    Raises:
        ContractError: The format uses a letter that is not supported.
    """
    if form:
        return _translated(form).fits(value)
    if not _ISO_8601[kind].fullmatch(value):
        return False
    readers = {"date": date.fromisoformat, "time": time.fromisoformat, "timestamp": datetime.fromisoformat}
    try:
        readers[kind](_FRACTION.sub(_six_digits, value))
    except ValueError:
        return False
    return True


@lru_cache(maxsize=128)
def _translated(form: str) -> _Form:
    """Return a format as an expression of what is written in it.

    Raises:
        ContractError: It is too long, uses what is not supported, or repeats a part.
    """
    if len(form) > _LONGEST:
        raise ContractError(f"the date format '{form[:80]}...' has {len(form)} characters, expected at most {_LONGEST}")
    pattern = "".join(_expressions(form))
    try:
        return _Form(re.compile(pattern, re.ASCII))
    except re.error as error:
        what = "repeats a part" if "redefinition" in str(error) else "opens or closes a section that it does not have"
        raise ContractError(f"the date format '{form}' {what}") from error


def _expressions(form: str) -> Iterator[str]:
    for found in _TOKEN.finditer(form):
        letters = found["letters"]
        if found["literal"] is not None:
            yield re.escape(found["literal"].replace("''", "'") or "'")
        elif letters is None:
            yield _SECTIONS.get(found["other"]) or re.escape(found["other"])
        else:
            write = _LETTERS.get(letters[0])
            expression = write(len(letters)) if write is not None else ""
            if not expression:
                raise ContractError(f"the date format '{form}' uses '{letters}', which is not supported")
            yield f"(?P<{letters[0]}>{expression})"


_SECTIONS: Final = MappingProxyType({"[": "(?:", "]": ")?"})
"""What brackets mean: that which is between them may be left out."""


def _is_in_the_calendar(parts: Mapping[str, str | None]) -> bool:
    year, month, day = (parts.get(name) for name in ("y", "M", "d"))
    year, month = year or parts.get("u"), month or parts.get("L")
    in_century = 2000 if year is not None and len(year) == 2 else 0
    # Without a year, the day may be in any, and 2000 was a leap year. The calendar begins anew every 400 years.
    known = (int(year) + in_century) % 400 + 400 if year is not None else 2000
    if (of_year := parts.get("D")) is not None and int(of_year) > 365 + calendar.isleap(known):
        return False
    number = (int(month) if month.isdecimal() else _month(month)) if month is not None else None
    if number is None or day is None:
        return True
    if int(day) > calendar.monthrange(known, number)[1]:
        return False
    weekday = parts.get("E")
    return weekday is None or year is None or _is_named(weekday, date(known, number, int(day)).weekday())


def _is_named(written: str, weekday: int) -> bool:
    # The first letter of a day alone may be that of two.
    return _DAYS[weekday].lower().startswith(written.lower())


def _month(name: str) -> int | None:
    # The first letter of a month alone does not tell it.
    found = [index for index, month in enumerate(_MONTHS, 1) if month.lower().startswith(name.lower())]
    return found[0] if len(found) == 1 or len(name) >= 3 else None


def _six_digits(found: re.Match[str]) -> str:
    """Python reads six digits of a second at most; the others say nothing about whether it is one."""
    return found["point"] + found["digits"][:6].ljust(6, "0")
