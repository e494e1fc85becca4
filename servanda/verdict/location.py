"""Place in a file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a file. Lines and columns count from 1; 0 means that the place within the file is not known."""

    path: str
    line: int = 0
    column: int = 0

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
