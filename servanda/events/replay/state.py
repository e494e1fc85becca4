"""Effects of events: the rows of a consumer's schema, without what is made anew in every run."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import psycopg
from psycopg import sql

from servanda.errors import ConfigurationError, InfrastructureError

Row: TypeAlias = Mapping[str, Any]
State: TypeAlias = Mapping[str, tuple[Row, ...]]
"""The rows of each table, as JSON values by column."""

_COLUMNS: Final = """
SELECT c.relname, a.attname, a.attidentity <> '' OR coalesce(pg_get_expr(d.adbin, d.adrelid), '') LIKE 'nextval(%%'
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname = %s
ORDER BY c.relname, a.attnum
"""
_CONNECT_SECONDS: Final = 10
_SETTINGS: Final = "-c timezone=UTC -c statement_timeout=30000 -c default_transaction_isolation=repeatable\\ read"
_UUID: Final = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_TIME: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})")
MADE: Final = "<made in the run>"
NOW: Final = "<time of the run>"
_SLACK: Final = dt.timedelta(seconds=2)
# Written by tools that migrate, not by consumers.
_OF_TOOLS: Final = ("alembic_version", "django_migrations", "schema_migrations", "flyway_schema_history")


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of a schema.

    Attributes:
        dsn: Where the database is.
        schema: The schema.
        ignored: Tables, and columns as ``table.column``, that are not read.
        waiting: Tables that hold what is not applied yet; only the number of their rows is read.
    """

    dsn: str
    schema: str
    ignored: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()

    def read(self) -> tuple[State, int]:
        """Return all rows, and how many wait, at one moment.

        Raises:
            ConfigurationError: There is no table in the schema, or not one of those in which rows wait.
            InfrastructureError: PostgreSQL does not answer.
        """
        try:
            with psycopg.connect(self.dsn, connect_timeout=_CONNECT_SECONDS, options=_SETTINGS) as connection:
                columns = self._columns(connection)
                state = {table: tuple(self._rows(connection, table, names)) for table, names in columns.items()}
                return state, sum(self._count(connection, table) for table in self.waiting)
        except psycopg.OperationalError as error:
            what = f"PostgreSQL broke off: {str(error).strip()}"
            raise InfrastructureError(what, hint="see whether the server still runs") from error

    def _count(self, connection: psycopg.Connection[Any], table: str) -> int:
        query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(self.schema, table))
        try:
            row = connection.execute(query).fetchone()
        except psycopg.errors.UndefinedTable as error:
            what = f"there is no table '{table}' in the schema '{self.schema}'"
            raise ConfigurationError(what, where="[events.consumers]", hint="correct 'waiting'") from error
        return int(row[0]) if row is not None else 0

    def _columns(self, connection: psycopg.Connection[Any]) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        known: set[str] = set()
        for table, column, is_counted in connection.execute(_COLUMNS, (self.schema,)):
            known |= {table, f"{table}.{column}"}
            if table in (*_OF_TOOLS, *self.ignored, *self.waiting):
                continue
            columns = found.setdefault(table, [])
            if not is_counted and f"{table}.{column}" not in self.ignored:
                columns.append(column)
        if not known:
            what = f"there is no table in the schema '{self.schema}', so no effect can be compared"
            raise ConfigurationError(what, where="[events.consumers]", hint='name it: schema = "..."')
        return found

    def _rows(self, connection: psycopg.Connection[Any], table: str, columns: list[str]) -> Iterable[Row]:
        # As JSON: whatever their types, the values of two versions can be compared.
        parts = sql.SQL(", ").join(
            sql.SQL("{}::text, {}").format(sql.Literal(name), sql.Identifier(name)) for name in columns
        )
        query = sql.SQL("SELECT json_build_object({}) FROM {}").format(parts, sql.Identifier(self.schema, table))
        return [row for (row,) in connection.execute(query)]


@dataclass(frozen=True, slots=True)
class Scrubber:
    """Replaces what a run makes anew: identifiers that no record has, and times at which the run went on.

    Attributes:
        known: Identifiers that records have, in lower case.
        began: When the run began.
        ended: When it ended.
    """

    known: frozenset[str]
    began: dt.datetime
    ended: dt.datetime

    def scrubbed(self, state: State) -> State:
        """Return a state without that."""
        return {table: tuple(self._value(row) for row in rows) for table, rows in state.items()}

    def _value(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: self._value(each) for name, each in value.items()}
        if isinstance(value, list):
            return [self._value(each) for each in value]
        return self._text(value) if isinstance(value, str) else value

    def _text(self, value: str) -> str:
        if _UUID.fullmatch(value) and value.lower() not in self.known:
            return MADE
        if _TIME.fullmatch(value):
            try:
                moment = dt.datetime.fromisoformat(value)
            except ValueError:
                return value
            if self.began - _SLACK <= moment <= self.ended + _SLACK:
                return NOW
        return value


def identifiers_in(texts: Iterable[bytes]) -> frozenset[str]:
    """Return the identifiers in the bytes of records."""
    return frozenset(found.lower() for text in texts for found in _UUID.findall(text.decode("latin-1")))
