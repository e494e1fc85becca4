"""Moments that a contract describes from now: ``+1 month``, ``next monday``, ``tomorrow + 1 week @ noon``.

The grammar is that of pact-jvm's date and time expressions, which the Rust core reads as well.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from servanda.errors import ContractError

_DURATION: Final = re.compile(r"\s*(?P<sign>[+-])\s*(?P<number>\d{1,6})\s*(?P<unit>[a-z]+)\s*")
_RELATIVE: Final = re.compile(r"\s*(?P<direction>next|last)\s+(?P<unit>[a-z]+)\s*")
_CLOCK: Final = re.compile(r"\s*(?P<hour>\d{1,2})\s*o'clock(?:\s*(?P<half>am|pm))?\s*")
_WORD: Final = re.compile(r"\s*(?P<word>[a-z]+)\s*")

_Step = Callable[[datetime, int], datetime]


def moment(expression: str, now: datetime, *, dates: bool, times: bool) -> datetime:
    """Return the moment that an expression describes.

    Args:
        expression: Empty for now. Of both a date and a time, they stand on both sides of an ``@``.
        now: What it is counted from.
        dates: Whether it is about a date.
        times: Whether it is about a time.

    Raises:
        ContractError: It cannot be understood, or leads out of the calendar.
    """
    of_date, sign, of_time = expression.strip().lower().partition("@")
    if not sign and not dates:
        of_date, of_time = "", of_date
    try:
        found = _moved(of_date, now, _DAYS, _DATE_STEPS, _next_date) if dates else now
        return _moved(of_time, found, _TIMES, _TIME_STEPS, _next_time) if times else found
    except (ValueError, OverflowError):
        raise ContractError(f"the expression '{expression:.80}' of a date or time cannot be understood") from None


def _moved(
    expression: str, found: datetime, words: Mapping[str, _Step], steps: Mapping[str, _Step], jump: _Jump
) -> datetime:
    rest = expression
    if clock := _CLOCK.match(rest):
        found, rest = _at_hour(found, clock), rest[clock.end() :]
    elif relative := _RELATIVE.match(rest):
        sign = 1 if relative["direction"] == "next" else -1
        found, rest = jump(found, relative["unit"], sign), rest[relative.end() :]
    elif (word := _WORD.match(rest)) and word["word"] in words:
        found, rest = words[word["word"]](found, 1), rest[word.end() :]
    while rest.strip():
        step = _DURATION.match(rest)
        if step is None or step["unit"].removesuffix("s") not in steps:
            raise ValueError(rest)
        number = int(step["number"]) * (1 if step["sign"] == "+" else -1)
        found, rest = steps[step["unit"].removesuffix("s")](found, number), rest[step.end() :]
    return found


def _at_hour(found: datetime, clock: re.Match[str]) -> datetime:
    hour = int(clock["hour"])
    if clock["half"]:
        return _sharp(found, hour % 12 + (12 if clock["half"] == "pm" else 0))
    later = _sharp(found, hour % 24)
    return later if later > found else later + timedelta(hours=12)


def _sharp(found: datetime, hour: int) -> datetime:
    return found.replace(hour=hour, minute=0, second=0, microsecond=0)


def _by(**unit: int) -> _Step:
    return lambda found, number: found + timedelta(**unit) * number


def _by_months(months: int) -> _Step:
    def step(found: datetime, number: int) -> datetime:
        index = found.year * 12 + found.month - 1 + months * number
        year, month = divmod(index, 12)
        if not 1 <= year <= 9999:
            raise OverflowError
        last = calendar.monthrange(year, month + 1)[1]
        return found.replace(year=year, month=month + 1, day=min(found.day, last))

    return step


_DAYS: Final[Mapping[str, _Step]] = MappingProxyType(
    {"now": _by(), "today": _by(), "yesterday": _by(days=-1), "tomorrow": _by(days=1)}
)
_TIMES: Final[Mapping[str, _Step]] = MappingProxyType(
    {
        "now": _by(),
        "midnight": lambda found, _: _sharp(found, 0),
        "noon": lambda found, _: _sharp(found, 12),
    }
)
_DATE_STEPS: Final[Mapping[str, _Step]] = MappingProxyType(
    {
        "day": _by(days=1),
        "week": _by(weeks=1),
        "fortnight": _by(weeks=2),
        "month": _by_months(1),
        "year": _by_months(12),
    }
)
_TIME_STEPS: Final[Mapping[str, _Step]] = MappingProxyType(
    {"hour": _by(hours=1), "minute": _by(minutes=1), "second": _by(seconds=1), "millisecond": _by(milliseconds=1)}
)

_Jump = Callable[[datetime, str, int], datetime]


def _next_date(found: datetime, unit: str, sign: int) -> datetime:
    if unit in _DATE_STEPS:
        return _DATE_STEPS[unit](found, sign)
    if (weekday := _index(unit, tuple(calendar.day_name))) is not None:
        days = (weekday - found.weekday()) * sign % 7 or 7
        return found + timedelta(days=days * sign)
    if (month := _index(unit, tuple(calendar.month_name)[1:])) is not None:
        months = (month + 1 - found.month) * sign % 12 or 12
        return _by_months(1)(found, months * sign)
    raise ValueError(unit)


def _next_time(found: datetime, unit: str, sign: int) -> datetime:
    if unit not in _TIME_STEPS:
        raise ValueError(unit)
    return _TIME_STEPS[unit](found, sign)


def _index(word: str, names: Sequence[str]) -> int | None:
    return next((at for at, name in enumerate(names) if len(word) >= 3 and name.lower().startswith(word)), None)
