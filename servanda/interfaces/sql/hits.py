"""The statements of live versions that a change hits, by what they read and write."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, TypeAlias

from servanda.interfaces.sql.change import Change, Edit
from servanda.interfaces.sql.document import Recorded, Statements
from servanda.interfaces.sql.schema import NULL, Name, Schema, element
from servanda.interfaces.sql.statement import DEFAULT, Facts, facts_of


class Way(enum.Enum):
    """The way in which a change hits a statement."""

    USES = "uses"
    """It names what changed."""
    ROW = "row"
    """It reads whole rows of the table."""
    OMITS = "omits"
    """It inserts a row without a value for the column, or with NULL."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A statement of a live version that a change hits.

    Attributes:
        change: What hits it; ``None`` if only PostgreSQL knows.
        proof: The answer of PostgreSQL, as ``SQLSTATE: message``; empty if nobody asked it.
    """

    change: Change | None
    version: Statements
    statement: Recorded
    way: Way = Way.USES
    proof: str = ""


@dataclass(frozen=True, slots=True)
class Usage:
    """A statement with what it does.

    Attributes:
        schema: The schema that its version runs on.
    """

    version: Statements
    statement: Recorded
    facts: Facts
    schema: Schema = field(repr=False)


def usages(version: Statements, schema: Schema, known: dict[str, Facts]) -> tuple[Usage, ...]:
    """Return the statements of a version with what they do on the schema that it runs on.

    Args:
        version: The version.
        schema: The schema.
        known: What statements do on the same schema, by text; others are added.

    Raises:
        InterfaceError: One cannot be parsed.
    """
    where = f"{version.path} ({version.named})"
    for each in version.statements:
        if each.sql not in known:
            known[each.sql] = facts_of(each.sql, schema, where)
    return tuple(Usage(version, each, known[each.sql], schema) for each in version.statements)


def hits(changes: Iterable[Change], used: Iterable[Usage]) -> Iterator[Hit]:
    """Yield every statement that a change hits, as far as the text of both tells."""
    statements = tuple(used)
    for change in changes:
        for usage in statements:
            way = _WAYS[change.edit](change, usage)
            if way is not None:
                yield Hit(change, usage.version, usage.statement, way)


def _uses_column(change: Change, usage: Usage) -> Way | None:
    facts = usage.facts
    if any(_element(column) == change.element for column in facts.reads | facts.writes):
        return Way.USES
    return _reads_row(change, usage)


def _reads_row(change: Change, usage: Usage) -> Way | None:
    return Way.ROW if any(element(star) == change.relation for star in usage.facts.stars) else None


def _reads_column(change: Change, usage: Usage) -> Way | None:
    if any(_element(column) == change.element for column in usage.facts.reads):
        return Way.USES
    return _reads_row(change, usage)


def _writes_column(change: Change, usage: Usage) -> Way | None:
    return Way.USES if any(_element(column) == change.element for column in usage.facts.writes) else None


def _omits(change: Change, usage: Usage) -> Way | None:
    missing = {NULL, DEFAULT, *(f"${number}" for number in usage.statement.nulls)}
    missing -= {DEFAULT} if change.part == NULL else set()
    for insert in usage.facts.inserts:
        if element(insert.relation) == change.relation and insert.sources.get(change.column, DEFAULT) in missing:
            return Way.OMITS
    return None


def _requires(change: Change, usage: Usage) -> Way | None:
    """Tell whether a statement leaves a column without a value, by an UPDATE too."""
    if (found := _omits(change, usage)) is not None:
        return found
    nulls = (usage.facts.parameters.get(number) for number in usage.statement.nulls)
    return Way.OMITS if any(column and _element(column) == change.element for column in nulls) else None


def _writes_constrained(change: Change, usage: Usage) -> Way | None:
    for relation, column in usage.facts.writes:
        if element(relation) == change.relation and (column in change.columns or not change.columns):
            return Way.USES
    return None


def _uses_relation(change: Change, usage: Usage) -> Way | None:
    return Way.USES if any(element(each) == change.relation for each in usage.facts.relations) else None


def _calls(change: Change, usage: Usage) -> Way | None:
    return Way.USES if any(element(each) == change.element for each in usage.facts.functions) else None


def _names_value(change: Change, usage: Usage) -> Way | None:
    """Tell whether a statement names the value, or has a parameter that may be it."""
    of_type = set(_columns_of(change.element.rpartition(".")[0], usage.schema))
    touched = usage.facts.writes | usage.facts.reads
    if change.part in usage.facts.constants and touched & of_type:
        return Way.USES
    return Way.USES if of_type & set(usage.facts.parameters.values()) else None


def _reads_values(change: Change, usage: Usage) -> Way | None:
    of_type = set(_columns_of(change.element.rpartition(".")[0], usage.schema))
    if usage.facts.reads & of_type:
        return Way.USES
    return Way.ROW if usage.facts.stars & {relation for relation, _ in of_type} else None


def _columns_of(enum_type: str, schema: Schema) -> Iterator[tuple[Name, str]]:
    for relation in schema.relations.values():
        for column in relation.columns.values():
            kind = column.type.removesuffix("[]")
            if enum_type in (kind, f"{schema.default}.{kind}"):
                yield relation.name, column.name


def _element(column: tuple[Name, str]) -> str:
    return element(*column)


_Find: TypeAlias = Callable[[Change, Usage], Way | None]
_WAYS: Final[Mapping[Edit, _Find]] = MappingProxyType(
    {
        Edit.COLUMN_DELETED: _uses_column,
        Edit.COLUMN_RENAMED: _uses_column,
        Edit.COLUMN_ADDED: _reads_row,
        Edit.TYPE_CHANGED: _uses_column,
        Edit.TYPE_NARROWED: _writes_column,
        Edit.REQUIRED: _requires,
        Edit.NULLABLE: _reads_column,
        Edit.DEFAULT_DELETED: _omits,
        Edit.CONSTRAINT_ADDED: _writes_constrained,
        Edit.RELATION_DELETED: _uses_relation,
        Edit.RELATION_RENAMED: _uses_relation,
        Edit.FUNCTION_DELETED: _calls,
        Edit.ENUM_VALUE_DELETED: _names_value,
        Edit.ENUM_VALUE_ADDED: _reads_values,
    }
)
