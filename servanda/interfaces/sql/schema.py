"""A schema as its migrations make it, read without a server: tables with columns, enums, views and functions."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

Name: TypeAlias = tuple[str, str]
"""Schema and name of something in a database."""


NULL: Final = "null"
"""Source of a value in an INSERT that is written as NULL."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Attributes:
        type: Its type, as PostgreSQL names it inside: ``int4``, ``varchar(20)``, ``text[]``.
        required: Whether it is NOT NULL.
        filled: Whether it has a value where an INSERT leaves it out: by a default, an identity or a generation.
    """

    name: str
    type: str
    required: bool = False
    filled: bool = False


@dataclass(frozen=True, slots=True)
class Relation:
    """A table or a view.

    Attributes:
        columns: By name, in their order; empty for a view whose columns nobody tells.
        is_view: Whether it is a view.
    """

    name: Name
    columns: dict[str, Column] = field(default_factory=dict)
    is_view: bool = False


@dataclass(slots=True)
class Schema:
    """Schema that some migrations make, one statement after the other.

    Attributes:
        default: Schema of names that say none.
    """

    default: str
    relations: dict[Name, Relation] = field(default_factory=dict)
    enums: dict[Name, tuple[str, ...]] = field(default_factory=dict)
    functions: set[Name] = field(default_factory=set)

    def name(self, parts: tuple[str, ...] | list[str]) -> Name:
        """Return a name that may be qualified, with its schema."""
        given = tuple(part for part in parts if part)
        return (given[-2], given[-1]) if len(given) > 1 else (self.default, given[-1] if given else "")

    def column(self, relation: Name, column: str) -> Column | None:
        """Return a column; ``None`` if there is none."""
        found = self.relations.get(relation)
        return found.columns.get(column) if found is not None else None

    def put(self, relation: Name, column: Column) -> None:
        """Add a column, or replace the one of its name."""
        if relation in self.relations:
            self.relations[relation].columns[column.name] = column

    def copy(self) -> Schema:
        """Return a copy that changes independently of this one."""
        relations = {name: replace(each, columns=dict(each.columns)) for name, each in self.relations.items()}
        return Schema(self.default, relations, dict(self.enums), set(self.functions))


def element(name: Name, column: str = "") -> str:
    """Return the full name of a relation, or of a column of it: ``identity.users.email``."""
    return ".".join(filter(None, (*name, column)))
