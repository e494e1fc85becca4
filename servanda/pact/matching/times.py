"""Dates and times in the formats of the Pact specification, which are those of Java's ``DateTimeFormatter``."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
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
_HOURS_ALONE: Final = frozenset({"X", "x"})
_FRACTION = re.compile(r"(?P<point>[.,])(?P<digits>\d*)")
_POINT = re.compile(r"[.,]")
_OFFSET_OF_HOURS = re.compile(r"[+-]\d{2}$")


@dataclass(frozen=True, slots=True)
class _Form:
    """A format as Python reads it.

    Attributes:
        directives: For ``strptime``.
        digits: Digits of the fraction of a second; 0 if there is none.
        point: Number of the point or comma that the fraction stands behind, from 1; 0 if it stands behind none.
        apart: Whether something else than a point or a comma sets the fraction apart from the digits before it.
        hours: Whether an offset may be of hours alone, as ``+02``.
    """

    directives: str
    digits: int = 0
    point: int = 0
    apart: bool = False
    hours: bool = False

    def fits(self, value: str) -> bool:
        """Tell whether a text is written so."""
        read = self._with_six_digits(value) if self.point else value
        if read is None or (self.apart and not re.search(rf"(?<!\d)\d{{{self.digits}}}(?!\d)", value)):
            return False
        if self.hours and _OFFSET_OF_HOURS.search(read):
            read += "00"
        try:
            datetime.strptime(read, self.directives)  # noqa: DTZ007 - only read
        except ValueError:
            return False
        return True

    def _with_six_digits(self, value: str) -> str | None:
        """Return the text with a fraction that Python reads; ``None`` if its own has another number of digits."""
        found = next(itertools.islice(_FRACTION.finditer(value), self.point - 1, None), None)
        if found is None or len(found["digits"]) != self.digits:
            return None
        return value[: found.start()] + _six_digits(found) + value[found.end() :]


def is_written(kind: str, form: str, value: str) -> bool:
    """Tell whether a text is a ``date``, ``time`` or ``timestamp`` in this format; without a format ISO 8601 decides.

    Raises:
        ContractError: The format uses a letter that is not supported.
    """
    if form:
        return _translated(form).fits(value)
    readers = {"date": date.fromisoformat, "time": time.fromisoformat, "timestamp": datetime.fromisoformat}
    try:
        readers[kind](_FRACTION.sub(_six_digits, value))
    except ValueError:
        return False
    return True


@lru_cache(maxsize=128)
def _translated(form: str) -> _Form:
    if len(form) > _LONGEST:
        raise ContractError(f"the date format '{form[:80]}...' has {len(form)} characters, expected at most {_LONGEST}")
    parts: list[str] = []
    digits, point, apart, hours = 0, 0, False, False
    for found in _TOKEN.finditer(form):
        letters = found["letters"]
        if found["literal"] is not None:
            parts.append((found["literal"].replace("''", "'") or "'").replace("%", "%%"))
        elif letters is None:
            parts.append(found["other"].replace("%", "%%"))
        elif set(letters) <= {"S", "n"} and len(letters) <= _NANOSECONDS:
            digits = len(letters)
            before = parts[-1] if parts else ""
            point = len(_POINT.findall("".join(parts))) if before.endswith((".", ",")) else 0
            apart = point == 0 and not before.startswith("%")
            parts.append("%f")
        elif letters in _DIRECTIVES:
            hours = hours or letters in _HOURS_ALONE
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
    return _Form(directives, digits, point, apart, hours)


def _six_digits(found: re.Match[str]) -> str:
    """Python reads six digits of a second at most; the others say nothing about whether it is one."""
    return found["point"] + found["digits"][:6].ljust(6, "0")
