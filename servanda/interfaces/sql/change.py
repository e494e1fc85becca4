"""The changes that a migration makes."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Edit(enum.Enum):
    """Sort of a change."""

    COLUMN_DELETED = enum.auto()
    COLUMN_RENAMED = enum.auto()
    COLUMN_ADDED = enum.auto()
    TYPE_CHANGED = enum.auto()
    TYPE_NARROWED = enum.auto()
    """To one of the same sort that holds less, such as a shorter varchar."""
    REQUIRED = enum.auto()
    """A column that rows had to have no value for, and have to now."""
    NULLABLE = enum.auto()
    """A column that always had a value, and need not have one any more."""
    DEFAULT_DELETED = enum.auto()
    CONSTRAINT_ADDED = enum.auto()
    RELATION_DELETED = enum.auto()
    RELATION_RENAMED = enum.auto()
    """Renamed, or moved to another schema."""
    FUNCTION_DELETED = enum.auto()
    ENUM_VALUE_DELETED = enum.auto()
    """Renamed, too: under the old name nobody finds it."""
    ENUM_VALUE_ADDED = enum.auto()


@dataclass(frozen=True, slots=True)
class Place:
    """Place of a change: file of the migration, as it is shown, and line."""

    path: str
    line: int = 1


@dataclass(frozen=True, slots=True)
class Change:
    """One change.

    Attributes:
        element: Full name of what changed, as it was called before.
        relation: Full name of the table or view that it is about; empty for a function or an enum.
        told: What changed, from what to what; a sentence without a full stop.
        columns: Names of the columns that a constraint is about.
        part: The new name, the constraint or the value of the enum, by which an error of PostgreSQL may name it.
    """

    edit: Edit
    element: str
    relation: str
    told: str
    place: Place
    columns: tuple[str, ...] = ()
    part: str = ""

    @property
    def column(self) -> str:
        """Return the name of the column that it is about; empty if it is about none."""
        return self.element.rpartition(".")[2] if self.element != self.relation and self.relation else ""
