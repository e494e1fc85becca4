"""Statements that SQLAlchemy runs by another driver of PostgreSQL than those that are watched themselves."""

from __future__ import annotations

from typing import Any, Collection, Union

from .notes import Notes

_WATCHED = frozenset(("asyncpg", "psycopg", "psycopg_async"))
_STYLES = {"pyformat": "format", "format": "format", "numeric_dollar": "numeric"}


def patch(sqlalchemy: Any, notes: Notes) -> None:
    """Have everything noted that engines run."""

    def sight(connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, executemany: bool) -> None:
        dialect = connection.dialect
        if dialect.name == "postgresql" and dialect.driver not in _WATCHED and dialect.paramstyle in _STYLES:
            style = _STYLES[dialect.paramstyle] if parameters else "numeric"
            notes.note(statement, style, dialect.driver, () if executemany else _nulls(parameters))

    sqlalchemy.event.listen(sqlalchemy.engine.Engine, "before_cursor_execute", sight)


def _nulls(values: Any) -> Collection[Union[int, str]]:
    if isinstance(values, dict):
        return [name for name, value in values.items() if value is None]
    if isinstance(values, (list, tuple)):
        return [number for number, value in enumerate(values, 1) if value is None]
    return ()
