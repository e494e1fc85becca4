"""What the role of a service may not do: nothing in the schema of another, and nothing to the server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import asyncpg
import pytest

from servanda.infra import Endpoints
from tests.integration.services.service_stores import service_environs

TABLES = {"identity": "users", "audit": "entries", "auth": "signing_keys"}
OTHER = {"identity": "auth", "audit": "identity", "auth": "audit"}

Environs = Mapping[str, Mapping[str, str]]


@pytest.fixture(scope="module")
def environs(servanda_endpoints: Endpoints) -> Iterator[Environs]:
    """The environments of three services on one database."""
    with service_environs(servanda_endpoints, list(TABLES)) as environs:
        yield environs


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("SELECT FROM {other}.{table}", id="read"),
        pytest.param("SELECT count(*) FROM {other}.outbox", id="read the outbox"),
        pytest.param("DELETE FROM {other}.{table}", id="delete"),
        pytest.param("DO $$ BEGIN LOCK TABLE {other}.{table} IN SHARE MODE; END $$", id="lock"),
        pytest.param("TRUNCATE {other}.{table}", id="empty"),
        pytest.param("CREATE TABLE {other}.mine ()", id="create beside it"),
        pytest.param("CREATE VIEW {own}.theirs AS SELECT * FROM {other}.{table}", id="look through a view"),
        pytest.param("ALTER TABLE {other}.{table} DISABLE TRIGGER ALL", id="change"),
        pytest.param("DROP SCHEMA {other} CASCADE", id="drop"),
        pytest.param("DROP TABLE {own}.{own_table}", id="drop its own"),
        pytest.param("CREATE TABLE public.mine ()", id="create where everybody looks"),
        pytest.param("CREATE SCHEMA mine", id="create a schema"),
        pytest.param("CREATE EXTENSION dblink", id="create an extension"),
        pytest.param("SET ROLE {other}_rw", id="become another"),
        pytest.param("SET ROLE {own}_owner", id="become its owner"),
        pytest.param("GRANT {other}_rw TO {own}_rw", id="join another"),
        pytest.param("ALTER ROLE {other}_rw PASSWORD 'x'", id="set the password of another"),
        pytest.param("CREATE ROLE mine", id="create a role"),
        pytest.param("SELECT rolpassword FROM pg_authid", id="read passwords"),
        pytest.param("SELECT pg_read_file('/etc/passwd')", id="read a file"),
        pytest.param("COPY (SELECT 1) TO PROGRAM 'true'", id="run a program"),
        pytest.param("ALTER SYSTEM SET fsync = off", id="change the server"),
        pytest.param("SET session_replication_role = replica", id="pass over triggers"),
    ],
)
@pytest.mark.parametrize("own", list(TABLES))
async def test_the_role_of_a_service_is_refused_what_is_not_its_own(
    environs: Environs, own: str, statement: str
) -> None:
    other = OTHER[own]
    text = statement.format(own=own, own_table=TABLES[own], other=other, table=TABLES[other])
    connection = await asyncpg.connect(environs[own]["POSTGRES_DSN"])
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(text)
    finally:
        await connection.close()


@pytest.mark.parametrize("own", list(TABLES))
async def test_no_table_of_another_service_is_open_in_any_way(environs: Environs, own: str) -> None:
    connection = await asyncpg.connect(environs[own]["POSTGRES_DSN"])
    try:
        tables = await connection.fetch(
            "SELECT schemaname AS schema, schemaname || '.' || tablename AS name FROM pg_tables "
            "WHERE schemaname = ANY($1)",
            sorted(TABLES.keys() - {own}),
        )
        rights = "SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER"
        opened = [
            table["name"]
            for table in tables
            if await connection.fetchval("SELECT has_schema_privilege($1, 'USAGE, CREATE')", table["schema"])
            or await connection.fetchval(
                "SELECT has_table_privilege(c.oid, $2) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace "
                "WHERE n.nspname || '.' || c.relname = $1",
                table["name"],
                rights,
            )
        ]
    finally:
        await connection.close()
    assert len(tables) > 2
    assert opened == []
