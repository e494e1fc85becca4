"""Rows of a real PostgreSQL that tell what became of events."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import psycopg
import pytest

from servanda.errors import ConfigurationError, InfrastructureError
from servanda.infra import Endpoints
from servanda.versions.phases.rows import Rows

ONE, TWO = str(uuid.uuid4()), str(uuid.uuid4())


@pytest.fixture
def schema(servanda_endpoints: Endpoints) -> Iterator[str]:
    """A schema with a table in which one event has two rows."""
    name = f"audit{uuid.uuid4().hex[:8]}"
    with psycopg.connect(servanda_endpoints.postgres.dsn, autocommit=True) as database:
        database.execute(f"CREATE SCHEMA {name}")
        database.execute(f"CREATE TABLE {name}.entries (event_id uuid)")
        database.execute(f"INSERT INTO {name}.entries VALUES (%s), (%s)", (ONE, ONE))  # noqa: S608 - a name of its own
        yield name
        database.execute(f"DROP SCHEMA {name} CASCADE")


def test_events_are_counted_by_their_identifier(servanda_endpoints: Endpoints, schema: str) -> None:
    numbers = Rows(servanda_endpoints.postgres.dsn).numbers(schema, "entries.event_id", [ONE, TWO])
    assert (numbers[ONE], numbers[TWO]) == (2, 0)


def test_rows_of_a_table_are_counted(servanda_endpoints: Endpoints, schema: str) -> None:
    assert Rows(servanda_endpoints.postgres.dsn).counts([(schema, "entries")]) == {(schema, "entries"): 2}


@pytest.mark.parametrize("column", ["entries.event", "rows.event_id"])
def test_a_column_that_is_not_there_is_refused(servanda_endpoints: Endpoints, schema: str, column: str) -> None:
    with pytest.raises(ConfigurationError, match=f"there is no '{column}' in the schema '{schema}'"):
        Rows(servanda_endpoints.postgres.dsn).numbers(schema, column, [ONE])


def test_a_table_that_is_not_there_is_refused(servanda_endpoints: Endpoints, schema: str) -> None:
    with pytest.raises(ConfigurationError, match="there is no 'outbox'"):
        Rows(servanda_endpoints.postgres.dsn).counts([(schema, "outbox")])


def test_a_database_that_does_not_answer_is_told() -> None:
    with pytest.raises(InfrastructureError, match="PostgreSQL broke off"):
        Rows("host=127.0.0.1 port=9 dbname=none").counts([("audit", "entries")])
