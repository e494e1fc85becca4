"""Dates and times in the formats of the Pact specification, which are those of Java's ``DateTimeFormatter``."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from functools import lru_cache
from typing import Final

from servanda.errors import ContractError

_TOKEN = re.compile(r"'(?P<literal>(?:[^']|'')*)'|(?P<letters>([A-Za-z])\3*)|(?P<other>.)", re.DOTALL)

_DIRECTIVES: Final = {
    "yyyy": "%Y",
    "uuuu": "%Y",
    "y": "%Y",
    "yy": "%y",
    "MMMM": "%B",
    "MMM": "%b",
    "MM": "%m",
    "M": "%m",
    "dd": "%d",
    "d": "%d",
    "DDD": "%j",
    "EEEE": "%A",
    "EEE": "%a",
    "EE": "%a",
    "E": "%a",
    "HH": "%H",
    "H": "%H",
    "hh": "%I",
    "h": "%I",
    "mm": "%M",
    "m": "%M",
    "ss": "%S",
    "s": "%S",
    "a": "%p",
    "X": "%z",
    "XX": "%z",
    "XXX": "%z",
    "x": "%z",
    "xx": "%z",
    "xxx": "%z",
    "Z": "%z",
    "ZZ": "%z",
    "ZZZ": "%z",
    "ZZZZZ": "%z",
    "z": "%Z",
}

_NANOSECONDS: Final = 9
_LONGEST: Final = 500
_FRACTION = re.compile(r"(?P<point>[.,])(?P<digits>\d{1,9})")


def is_written(kind: str, form: str, value: str) -> bool:
    """Tell whether a text is a ``date``, ``time`` or ``timestamp`` in this format; without a format ISO 8601 decides.

    Raises:
        ContractError: The format uses a letter that is not supported.
    """
    readers = {"date": date.fromisoformat, "time": time.fromisoformat, "timestamp": datetime.fromisoformat}
    try:
        if form:
            directives, digits = _translated(form)
            if digits and not _has_fraction(value, digits):
                return False
            datetime.strptime(_six_digits(value) if digits else value, directives)  # noqa: DTZ007 - only read
        else:
            readers[kind](_six_digits(value))
    except ValueError:
        return False
    return True


@lru_cache(maxsize=128)
def _translated(form: str) -> tuple[str, int]:
    if len(form) > _LONGEST:
        raise ContractError(f"the date format '{form[:80]}...' has {len(form)} characters, expected at most {_LONGEST}")
    parts, digits = [], 0
    for found in _TOKEN.finditer(form):
        letters = found["letters"]
        if found["literal"] is not None:
            parts.append((found["literal"].replace("''", "'") or "'").replace("%", "%%"))
        elif letters is None:
            parts.append(found["other"].replace("%", "%%"))
        elif set(letters) <= {"S", "n"} and len(letters) <= _NANOSECONDS:
            digits = len(letters)
            parts.append("%f")
        elif letters in _DIRECTIVES:
            parts.append(_DIRECTIVES[letters])
        else:
            raise ContractError(f"the date format '{form}' uses '{letters}', which is not supported")
    directives = "".join(parts)
    try:
        datetime.strptime("", directives)  # noqa: DTZ007 - only tried
    except ValueError:
        pass  # no such date, of course
    except re.error as error:
        raise ContractError(f"the date format '{form}' repeats a part") from error
    return directives, digits


def _has_fraction(value: str, digits: int) -> bool:
    return re.search(rf"(?<!\d)\d{{{digits}}}(?!\d)", value) is not None


def _six_digits(value: str) -> str:
    """Python reads six digits of a second at most; the others say nothing about whether it is one."""
    return _FRACTION.sub(lambda found: found["point"] + found["digits"][:6].ljust(6, "0"), value)
