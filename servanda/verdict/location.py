"""Place in a file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_WRITTEN: Final = re.compile(r"^(?P<path>.+?)(?::(?P<line>\d{1,9}))?(?::(?P<column>\d{1,9}))?$", re.DOTALL)


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a file. Lines and columns count from 1; 0 means that the place within the file is not known."""

    path: str
    line: int = 0
    column: int = 0

    @classmethod
    def parse(cls, text: str) -> Location:
        """Read ``path``, ``path:line`` or ``path:line:column``."""
        found = _WRITTEN.match(text)
        return cls(found["path"], int(found["line"] or 0), int(found["column"] or 0)) if found else cls(text)

    def __str__(self) -> str:
        parts = [self.path, *(str(number) for number in (self.line, self.column) if number)]
        return ":".join(parts)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a file from ``start`` up to and including ``end_line``/``end_column``, all counted from 1."""

    path: str
    start_line: int = 0
    start_column: int = 0
    end_line: int = 0
    end_column: int = 0

    @property
    def start(self) -> Location:
        """Return the first place of the stretch."""
        return Location(self.path, self.start_line, self.start_column)
