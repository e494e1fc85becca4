"""The catalogue of a database: its tables, types and constraints, as PostgreSQL knows them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias

import psycopg

from servanda.migrations.values import Type

Key: TypeAlias = tuple[str, str]
"""Schema and name."""
_TYPES: Final = """
SELECT t.oid::int8, t.typname, t.typtype = 'd' OR t.typcategory = 'A', t.typcategory = 'A',
       CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.typelem END::int8,
       ARRAY(SELECT enumlabel::text FROM pg_enum WHERE enumtypid = t.oid ORDER BY enumsortorder)
FROM pg_type t
"""
_COLUMNS: Final = """
SELECT n.nspname, c.relname, a.attname, a.atttypid::int8, a.atttypmod, a.attnotnull,
       a.atthasdef OR a.attidentity <> '' OR a.attgenerated <> '', a.attgenerated <> '' OR a.attidentity = 'a',
       c.relkind IN ('r', 'p')
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm') AND NOT c.relispartition
  AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
ORDER BY n.nspname, c.relname, a.attnum
"""
_KEYS: Final = """
SELECT n.nspname, c.relname, i.indexrelid::int8, a.attname
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
WHERE i.indisunique AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
"""
_CHECKS: Final = """
SELECT n.nspname, c.relname, k.contype, pg_get_constraintdef(k.oid),
       ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = c.oid AND attnum = ANY (k.conkey)),
       fn.nspname, f.relname
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_class f ON f.oid = k.confrelid LEFT JOIN pg_namespace fn ON fn.oid = f.relnamespace
WHERE k.contype IN ('c', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
"""
_LITERAL: Final = re.compile(r"'((?:[^']|'')*)'")
_NUMBER: Final = re.compile(r"\(?(-?\d+(?:\.\d+)?)\)?")
_MOD: Final = 4
"""The length of a text is kept with the size of its header."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Attributes:
        length: The longest text that it holds; 0 for any.
        required: Whether it is NOT NULL.
        filled: Whether it has a value where nobody gives one.
        is_made: Whether nobody may give it a value.
        known: Values that its constraints name.
    """

    name: str
    type: Type
    length: int
    required: bool
    filled: bool
    is_made: bool
    known: tuple[str, ...] = ()


@dataclass(slots=True)
class Table:
    """A table or a view.

    Attributes:
        columns: By name, in their order.
        unique: Names of columns that a unique index is about.
        parents: Tables that its foreign keys refer to.
        is_table: Whether rows can be put into it.
    """

    columns: dict[str, Column] = field(default_factory=dict)
    unique: set[str] = field(default_factory=set)
    parents: set[Key] = field(default_factory=set)
    is_table: bool = True


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Tables by name, and types by the numbers that the server gives to them and by name."""

    tables: Mapping[Key, Table]
    types: Mapping[int, Type]
    by_name: Mapping[str, Type]

    def column(self, relation: Key, name: str) -> Column | None:
        """Return a column; ``None`` if there is none."""
        table = self.tables.get(relation)
        return table.columns.get(name) if table is not None else None


def read_catalogue(connection: psycopg.Connection[Any]) -> Catalogue:
    """Read the catalogue of the database that a connection leads to."""
    types = _types(connection)
    tables: dict[Key, Table] = {}
    for schema, relation, name, oid, mod, required, filled, made, is_table in connection.execute(_COLUMNS):
        table = tables.setdefault((schema, relation), Table(is_table=is_table))
        kind = types.get(oid, Type("unknown"))
        length = mod - _MOD if mod > _MOD and kind.name in {"varchar", "bpchar"} else 0
        table.columns[name] = Column(name, kind, length, required, filled, made)
    for schema, relation, _, name in connection.execute(_KEYS):
        if (schema, relation) in tables:
            tables[schema, relation].unique.add(name)
    for schema, relation, kind, text, columns, other_schema, other in connection.execute(_CHECKS):
        found = tables.get((schema, relation))
        if found is None:
            continue
        if kind == "f":
            found.parents.add((other_schema, other))
        elif len(columns) == 1 and columns[0] in found.columns:
            _learn(found, columns[0], text)
    return Catalogue(tables, types, {kind.name: kind for kind in types.values()})


def _types(connection: psycopg.Connection[Any]) -> Mapping[int, Type]:
    rows = {row[0]: row[1:] for row in connection.execute(_TYPES)}
    found: dict[int, Type] = {}

    def made(oid: int) -> Type:
        if oid not in found:
            name, has_inner, is_array, inner, labels = rows[oid]
            element = made(inner) if has_inner and inner in rows and inner != oid else None
            found[oid] = Type(name, tuple(labels), element, is_array)
        return found[oid]

    for oid in rows:
        made(oid)
    return found


def _learn(table: Table, name: str, text: str) -> None:
    """Learn from a CHECK constraint which values its column holds."""
    column = table.columns[name]
    known = [each.replace("''", "'") for each in _LITERAL.findall(text)]
    if column.type.name in {"int2", "int4", "int8", "numeric", "float4", "float8"}:
        known = [str(each) for number in _NUMBER.findall(text) for each in _around(number)]
    if known:
        table.columns[name] = replace(column, known=tuple(dict.fromkeys((*column.known, *known))))


def _around(number: str) -> tuple[int, int, int]:
    whole = int(float(number))
    return whole + 1, whole, whole - 1
