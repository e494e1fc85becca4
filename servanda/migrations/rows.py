"""Rows for every table of a schema, made from the types and constraints of its columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import psycopg
from psycopg import sql

from servanda.migrations.catalogue import Catalogue, Column, Key, Table
from servanda.migrations.values import FIRST, LARGE, NONE, value_of

_NEW: Final = 4
"""Number of the values in the row that the new version is taken to have written."""


def fill(connection: psycopg.Connection[Any], catalogue: Catalogue) -> tuple[Key, ...]:
    """Put two rows into every table, one with small values and one with large ones.

    Args:
        connection: To the database; each row is put in by itself.
        catalogue: The tables.

    Returns:
        The tables into which no row could be put.
    """
    ordered = list(_parents_first(catalogue.tables))
    return tuple(
        key
        for key in ordered
        if not [number for number in (FIRST, LARGE) if _put(connection, key, catalogue.tables[key], number)]
    )


def fill_as_new(connection: psycopg.Connection[Any], catalogue: Catalogue) -> None:
    """Put a row into every table that only the new version would write: NULL wherever the schema lets it."""
    for key in _parents_first(catalogue.tables):
        table = catalogue.tables[key]
        given = (each for each in table.columns.values() if not each.is_made)
        columns = [each for each in given if each.required or each.name in table.unique]
        _insert(connection, key, {each.name: _value(each, _NEW) for each in columns})


def _parents_first(tables: Mapping[Key, Table]) -> Iterator[Key]:
    done: set[Key] = set()

    def visit(key: Key, above: frozenset[Key]) -> Iterator[Key]:
        if key in done or key in above or key not in tables:
            return
        for parent in sorted(tables[key].parents):
            yield from visit(parent, above | {key})
        done.add(key)
        yield key

    for key in sorted(tables):
        if tables[key].is_table:
            yield from visit(key, frozenset())


def _put(connection: psycopg.Connection[Any], key: Key, table: Table, number: int) -> bool:
    """Try rows of several kinds, because nobody knows what a constraint over several columns wants."""
    columns = [each for each in table.columns.values() if not each.is_made]
    required = [each for each in columns if each.required and not each.filled]
    keys = [each for each in columns if each.name in table.unique]
    wanted = [
        {each.name: _value(each, number) for each in columns},
        {each.name: _value(each, number if each in keys else FIRST) for each in columns},
        {each.name: _value(each, number) for each in (*keys, *required)},
        {each.name: _value(each, number if each in keys else FIRST) for each in (*keys, *required)},
        {each.name: _value(each, number if each in keys else NONE) for each in (*keys, *required)},
    ]
    return any(_insert(connection, key, each) for each in wanted)


def _value(column: Column, number: int) -> str | None:
    return value_of(column.type, number, length=column.length, known=column.known)


def _insert(connection: psycopg.Connection[Any], key: Key, values: Mapping[str, str | None]) -> bool:
    table = sql.Identifier(*key)
    names = sql.SQL(", ").join(sql.Identifier(name) for name in values)
    written = sql.SQL(", ").join(sql.Literal(value) for value in values.values())
    form = "INSERT INTO {} ({}) VALUES ({})" if values else "INSERT INTO {} DEFAULT VALUES"
    statement = sql.SQL(form).format(table, names, written)
    try:
        connection.execute(statement)
    except psycopg.Error:
        return False
    return True
