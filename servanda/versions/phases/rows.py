"""Rows that tell what became of events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from psycopg import sql

from servanda.errors import ConfigurationError, InfrastructureError

_CONNECT_SECONDS: Final = 10
_SETTINGS: Final = "-c statement_timeout=30000"


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a database; every method blocks.

    Attributes:
        dsn: Where the database is.
    """

    dsn: str

    def counts(self, tables: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], int]:
        """Return how many rows tables have, by schema and table.

        Raises:
            ConfigurationError: There is no such table.
            InfrastructureError: PostgreSQL does not answer.
        """
        query = sql.SQL("SELECT count(*) FROM {}")
        with self._connected() as connection:
            found: dict[tuple[str, str], int] = {}
            for schema, table in tables:
                with _naming(schema, table):
                    rows = connection.execute(query.format(sql.Identifier(schema, table))).fetchall()
                found[schema, table] = int(rows[0][0])
        return found

    def numbers(self, schema: str, column: str, values: Collection[str]) -> Counter[str]:
        """Return in how many rows each of these values is.

        Args:
            schema: Schema of the table.
            column: The column, as ``table.column``.
            values: The values as text.

        Raises:
            ConfigurationError: There is no such column.
            InfrastructureError: PostgreSQL does not answer.
        """
        table, _, name = column.rpartition(".")
        query = sql.SQL("SELECT {0}::text, count(*) FROM {1} WHERE {0}::text = ANY(%s) GROUP BY 1").format(
            sql.Identifier(name), sql.Identifier(schema, table)
        )
        with self._connected() as connection, _naming(schema, column):
            return Counter(dict(connection.execute(query, (list(values),)).fetchall()))

    @contextmanager
    def _connected(self) -> Iterator[psycopg.Connection[Any]]:
        try:
            with psycopg.connect(self.dsn, connect_timeout=_CONNECT_SECONDS, options=_SETTINGS) as connection:
                yield connection
        except psycopg.OperationalError as error:
            what = f"PostgreSQL broke off: {str(error).strip()}"
            raise InfrastructureError(what, hint="see whether the server still runs") from error


@contextmanager
def _naming(schema: str, name: str) -> Iterator[None]:
    try:
        yield
    except (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn) as error:
        what = f"there is no '{name}' in the schema '{schema}'"
        hint = "correct it in [events.consumers] or [events.publishers]"
        raise ConfigurationError(what, hint=hint) from error
