"""Writing dates and times in the formats that :mod:`servanda.pact.matching.times` reads: those of Java."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from servanda.errors import ContractError

_TOKEN: Final = re.compile(r"'(?P<literal>(?:[^']|'')*)'|(?P<letters>([A-Za-z])\3*)|(?P<other>.)", re.DOTALL)
_NANOSECONDS_OF_A_DAY: Final = 86_400 * 10**9


def written(form: str, moment: datetime) -> str:
    """Return a moment in a format.

    Args:
        form: For example ``yyyy-MM-dd'T'HH:mm:ssXXX``.
        moment: With its offset from UTC.

    Raises:
        ContractError: The format uses a letter that is not supported.
    """
    return "".join(_parts(form, moment))


def _parts(form: str, moment: datetime) -> Iterator[str]:
    for found in _TOKEN.finditer(form):
        letters = found["letters"]
        if found["literal"] is not None:
            yield found["literal"].replace("''", "'") or "'"
        elif letters is not None:
            write = _LETTERS.get(letters[0])
            if write is None:
                raise ContractError(f"the date format '{form:.80}' uses '{letters}', which is not supported")
            yield write(moment, len(letters))
        elif found["other"] not in "[]":  # what may be left out is written all the same
            yield found["other"]


_Write = Callable[[datetime, int], str]


def _number(value: Callable[[datetime], int]) -> _Write:
    return lambda moment, count: str(value(moment)).zfill(count)


def _year(moment: datetime, count: int) -> str:
    return f"{moment.year % 100:02}" if count == 2 else str(moment.year).zfill(count)


def _name(names: Callable[[datetime], str], number: Callable[[datetime], int] | None = None) -> _Write:
    def write(moment: datetime, count: int) -> str:
        if count < 3 and number is not None:
            return str(number(moment)).zfill(count)
        name = names(moment)
        return name[:1] if count == 5 else name if count == 4 else name[:3]

    return write


def _quarter(moment: datetime, count: int) -> str:
    number = (moment.month + 2) // 3
    ordinal = ("1st", "2nd", "3rd", "4th")[number - 1]
    return {3: f"Q{number}", 4: f"{ordinal} quarter"}.get(count, str(number).zfill(min(count, 2)))


def _fraction(moment: datetime, count: int) -> str:
    return f"{moment.microsecond:06}".ljust(count, "0")[:count]


def _nanoseconds_of_the_day(moment: datetime) -> int:
    since = moment - moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return (since // timedelta(microseconds=1)) * 1000 % _NANOSECONDS_OF_A_DAY


def _offset(zero: str) -> _Write:
    def write(moment: datetime, count: int) -> str:
        offset = moment.utcoffset() or timedelta()
        if zero and not offset:
            return zero
        hours, minutes = divmod(abs(offset) // timedelta(minutes=1), 60)
        sign = "-" if offset < timedelta() else "+"
        if count == 1 and not minutes:
            return f"{sign}{hours:02}"
        return f"{sign}{hours:02}{':' if count in (3, 5) else ''}{minutes:02}"

    return write


def _offset_of_mail(moment: datetime, count: int) -> str:
    if count < 4:
        return _offset("")(moment, 2)
    return f"GMT{_offset('')(moment, 3)}" if count == 4 else _offset("Z")(moment, 5)


def _localized(moment: datetime, count: int) -> str:
    if count == 4:
        return _offset_of_mail(moment, 4)
    hours, _, minutes = _offset("")(moment, 3)[1:].partition(":")
    sign = _offset("")(moment, 3)[0]
    return f"GMT{sign}{int(hours)}" + (f":{minutes}" if minutes != "00" else "")


def _zone(moment: datetime, _: int) -> str:
    return moment.tzname() or "UTC"


_MONTH: Final = _name(lambda moment: calendar.month_name[moment.month], lambda moment: moment.month)
_WEEKDAY: Final = _name(lambda moment: calendar.day_name[moment.weekday()], lambda moment: moment.isoweekday())

_LETTERS: Final[Mapping[str, _Write]] = MappingProxyType(
    {
        "G": lambda _, count: "Anno Domini" if count == 4 else "A" if count == 5 else "AD",
        "u": _year,
        "y": _year,
        "Y": lambda moment, count: str(moment.isocalendar().year).zfill(count)[-count if count == 2 else 0 :],
        "M": _MONTH,
        "L": _MONTH,
        "Q": _quarter,
        "q": _quarter,
        "d": _number(lambda moment: moment.day),
        "D": _number(lambda moment: moment.timetuple().tm_yday),
        "w": _number(lambda moment: moment.isocalendar().week),
        "E": _name(lambda moment: calendar.day_name[moment.weekday()]),
        "e": _WEEKDAY,
        "c": _WEEKDAY,
        "a": lambda moment, _: "AM" if moment.hour < 12 else "PM",
        "h": _number(lambda moment: moment.hour % 12 or 12),
        "H": _number(lambda moment: moment.hour),
        "k": _number(lambda moment: moment.hour or 24),
        "K": _number(lambda moment: moment.hour % 12),
        "m": _number(lambda moment: moment.minute),
        "s": _number(lambda moment: moment.second),
        "S": _fraction,
        "n": _number(lambda moment: moment.microsecond * 1000),
        "A": _number(lambda moment: _nanoseconds_of_the_day(moment) // 10**6),
        "N": _number(_nanoseconds_of_the_day),
        "V": _zone,
        "z": _zone,
        "O": _localized,
        "X": _offset("Z"),
        "x": _offset(""),
        "Z": _offset_of_mail,
    }
)
