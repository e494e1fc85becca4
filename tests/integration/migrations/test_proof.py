"""PostgreSQL tells which statements of a live version a migration breaks, and nothing stays of what it is asked."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from bench.migrations.cases import CASES
from bench.migrations.shop import FIRST, SCHEMA, SECOND, migration, version
from servanda.errors import InfrastructureError, InterfaceError
from servanda.infra import PostgresEndpoint
from servanda.interfaces.sql.check import check_review
from servanda.interfaces.sql.document import Recorded
from servanda.interfaces.sql.review import Review, steps_between
from servanda.migrations.proof import Proven, prove


def proven(server: PostgresEndpoint, sql: str, *statements: Recorded, schema: str = SCHEMA) -> Proven:
    live = version("1.0.0", statements) if statements else version("1.0.0")
    return prove(server, "shop", steps_between([live], (migration(FIRST, schema), migration(SECOND, sql)), "shop"))


def rules(found: Proven) -> set[str]:
    return {each.rule.id for each in check_review(Review(hits=found.hits, refused=found.refused))}


@pytest.fixture
def own_databases(monkeypatch: pytest.MonkeyPatch) -> str:
    """The beginning of the names of the databases of one test: other tests use the same server."""
    begin = f"own{uuid4().hex[:8]}"
    monkeypatch.setattr("servanda.infra.isolation.new_name", lambda: f"{begin}_{uuid4().hex[:8]}")
    return begin


def left(server: PostgresEndpoint, begin: str) -> list[str]:
    with psycopg.connect(server.dsn) as connection:
        rows = connection.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [begin])
        return [name for (name,) in rows]


@pytest.mark.timeout(300)
def test_each_of_forty_migrations_gets_its_right_answer(servanda_postgres: PostgresEndpoint) -> None:
    found = {case.name: rules(proven(servanda_postgres, case.sql)) for case in CASES}

    assert len(found) == 40
    assert found == {case.name: set(case.rules) for case in CASES}


def test_a_finding_holds_what_postgresql_said(servanda_postgres: PostgresEndpoint) -> None:
    found = proven(servanda_postgres, "ALTER TABLE customers DROP COLUMN email").hits

    assert {hit.proof for hit in found} >= {'42703: column "email" does not exist'}


def test_rows_of_the_new_version_are_there_when_old_statements_run(servanda_postgres: PostgresEndpoint) -> None:
    digits = Recorded("SELECT note::integer FROM orders WHERE note IS NOT NULL")
    delete = Recorded("DELETE FROM archive WHERE archive_id = $1")
    sql = "CREATE TABLE kept (archive_id bigint REFERENCES archive DEFAULT 1, kept_id integer PRIMARY KEY)"

    assert rules(proven(servanda_postgres, sql, delete, digits)) == {"SQL_STATEMENT_NO_FAILURE"}


def test_a_migration_that_cannot_be_applied_is_told_with_its_place(
    servanda_postgres: PostgresEndpoint, own_databases: str
) -> None:
    with pytest.raises(InterfaceError, match=r"0002_change\.sql:2: the migration cannot be applied: 42P01"):
        proven(servanda_postgres, "SELECT 1;\nALTER TABLE nowhere ADD COLUMN a integer")

    assert left(servanda_postgres, own_databases) == []


def test_every_database_is_dropped(servanda_postgres: PostgresEndpoint, own_databases: str) -> None:
    proven(servanda_postgres, "ALTER TABLE orders ADD COLUMN vat numeric NOT NULL")

    assert left(servanda_postgres, own_databases) == []


def test_a_server_that_is_away_is_told(servanda_postgres: PostgresEndpoint) -> None:
    gone = PostgresEndpoint("127.0.0.1", 1, "postgres", "x", "postgres", servanda_postgres.fact)

    with pytest.raises(InfrastructureError, match="PostgreSQL refused"):
        proven(gone, "SELECT 1")


def test_a_statement_that_never_ran_proves_nothing(servanda_postgres: PostgresEndpoint) -> None:
    notices: list[str] = []
    live = version("1.0.0", (Recorded("SELECT nothing FROM nowhere"),))
    steps = steps_between([live], (migration(FIRST, SCHEMA), migration(SECOND, "SELECT 1")), "shop")

    assert prove(servanda_postgres, "shop", steps, notices.append).hits == ()
    (notice,) = notices
    assert notice.startswith('shop 1.0.0: not on its own schema (42P01: relation "nowhere" does not exist)')


def test_the_benchmark_has_every_rule_that_a_migration_can_break() -> None:
    asked = {rule for case in CASES for rule in case.rules}
    known = {path.name for path in Path("tests/unit/interfaces/sql/fixtures").iterdir()}

    assert known - asked == {"SQL_MIGRATION_NO_EDIT", "SQL_MIGRATION_NO_LOCK", "SQL_SCHEMA_NO_FOREIGN"}
