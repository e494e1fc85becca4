"""The digest of the schema of a real PostgreSQL."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import psycopg
import pytest

from servanda.errors import InfrastructureError
from servanda.infra import Endpoints
from servanda.versions.phases.schema import schema_digest


@pytest.fixture
def database(servanda_endpoints: Endpoints) -> Iterator[psycopg.Connection]:
    """A database of its own with a table."""
    name = f"shop{uuid.uuid4().hex[:8]}"
    with psycopg.connect(servanda_endpoints.postgres.dsn, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        with psycopg.connect(servanda_endpoints.postgres.dsn, dbname=name, autocommit=True) as database:
            database.execute("CREATE TABLE items (id integer PRIMARY KEY, name text)")
            database.execute("CREATE TYPE colour AS ENUM ('red')")
            yield database
        server.execute(f"DROP DATABASE {name}")


def _digest(database: psycopg.Connection) -> str:
    return schema_digest(f"{database.info.dsn} password={database.info.password}")


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE items ADD price integer",
        "ALTER TABLE items RENAME name TO title",
        "ALTER TABLE items ALTER name TYPE varchar(40)",
        "ALTER TABLE items ALTER name SET NOT NULL",
        "ALTER TABLE items ALTER name SET DEFAULT 'Pen'",
        "ALTER TABLE items ADD CHECK (name <> '')",
        "ALTER TABLE items RENAME TO things",
        "CREATE TABLE shelves (id integer)",
        "CREATE UNIQUE INDEX ON items (name)",
        "ALTER TYPE colour ADD VALUE 'blue'",
        "CREATE VIEW pens AS SELECT id FROM items WHERE name = 'Pen'",
        "CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "CREATE TRIGGER kept BEFORE UPDATE ON items EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    ],
)
def test_a_migration_gives_another_digest(database: psycopg.Connection, statement: str) -> None:
    before = _digest(database)
    database.execute(statement)
    assert _digest(database) != before


@pytest.mark.parametrize("statement", ["INSERT INTO items VALUES (1, 'Pen')", "VACUUM items", "ANALYZE items"])
def test_work_with_the_tables_gives_the_same_digest(database: psycopg.Connection, statement: str) -> None:
    before = _digest(database)
    database.execute(statement)
    assert _digest(database) == before


def test_a_database_that_does_not_answer_is_told() -> None:
    with pytest.raises(InfrastructureError, match="the schema cannot be read from PostgreSQL"):
        schema_digest("postgresql://somebody@127.0.0.1:1/nowhere")
