"""Statements that asyncpg runs."""

from __future__ import annotations

from typing import Any

from .hooks import Sight, wrap
from .notes import Notes

_DRIVER = "asyncpg"
_MOST_ROWS = 1000


def patch(asyncpg: Any, notes: Notes) -> None:
    """Have everything noted that connections and prepared statements run."""
    connection = asyncpg.connection.Connection
    for name in ("execute", "fetch", "fetchval", "fetchrow", "cursor", "prepare", "copy_from_query"):
        wrap(connection, name, _of_query(notes))
    for name in ("executemany", "fetchmany"):
        wrap(connection, name, _of_rows(notes))
    for name, way in (
        ("copy_from_table", "TO STDOUT"),
        ("copy_to_table", "FROM STDIN"),
        ("copy_records_to_table", "FROM STDIN"),
    ):
        wrap(connection, name, _of_copy(notes, way))
    prepared = asyncpg.prepared_stmt.PreparedStatement
    for name in ("fetch", "fetchval", "fetchrow", "cursor"):
        wrap(prepared, name, _of_prepared(notes))
    for name in ("fetchmany", "executemany"):
        wrap(prepared, name, _of_prepared_rows(notes))


def _nulls(values: Any) -> list[int]:
    return [number for number, value in enumerate(values, 1) if value is None]


def _nulls_of_rows(rows: Any) -> set[int]:
    # What can be read once only is for the driver.
    if not isinstance(rows, (list, tuple)):
        return set()
    found: set[int] = set()
    for row in rows[:_MOST_ROWS]:
        if isinstance(row, (list, tuple)):
            found.update(_nulls(row))
    return found


def _of_query(notes: Notes) -> Sight:
    def sight(_connection: Any, args: Any, kwargs: Any) -> None:
        query = args[0] if args else kwargs.get("query")
        if isinstance(query, str):
            notes.note(query, "numeric", _DRIVER, _nulls(args[1:]))

    return sight


def _of_rows(notes: Notes) -> Sight:
    def sight(_connection: Any, args: Any, kwargs: Any) -> None:
        query = args[0] if args else kwargs.get("command", kwargs.get("query"))
        if isinstance(query, str):
            notes.note(query, "numeric", _DRIVER, _nulls_of_rows(args[1] if len(args) > 1 else kwargs.get("args")))

    return sight


def _of_copy(notes: Notes, way: str) -> Sight:
    def sight(_connection: Any, args: Any, kwargs: Any) -> None:
        table = args[0] if args else kwargs.get("table_name")
        if isinstance(table, str):
            schema, columns = kwargs.get("schema_name"), kwargs.get("columns")
            name = _quoted(table) if schema is None else f"{_quoted(schema)}.{_quoted(table)}"
            # As a list it could be read once only, if it is no list.
            listed = columns if isinstance(columns, (list, tuple)) else None
            named = f" ({', '.join(map(_quoted, listed))})" if listed else ""
            notes.note(f"COPY {name}{named} {way}", "numeric", _DRIVER)

    return sight


def _quoted(name: Any) -> str:
    return '"' + str(name).replace('"', '""') + '"'


def _of_prepared(notes: Notes) -> Sight:
    def sight(statement: Any, args: Any, _kwargs: Any) -> None:
        notes.note(statement.get_query(), "numeric", _DRIVER, _nulls(args), lambda: _types(statement))

    return sight


def _of_prepared_rows(notes: Notes) -> Sight:
    def sight(statement: Any, args: Any, kwargs: Any) -> None:
        rows = args[0] if args else kwargs.get("args")
        notes.note(statement.get_query(), "numeric", _DRIVER, _nulls_of_rows(rows), lambda: _types(statement))

    return sight


def _types(statement: Any) -> list[str]:
    return [each.name for each in statement.get_parameters()]
