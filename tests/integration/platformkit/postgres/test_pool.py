"""Connections through an outage of the server."""

from collections.abc import Awaitable, Callable

import asyncpg
import pytest

from platformkit.postgres import OUTAGES, create_pool
from servanda.infra import PostgresEndpoint
from servanda.infra.isolation import Namespace
from tests.integration.services.forwarding import Forwarder

pytestmark = pytest.mark.usefixtures("servanda_postgres")


def _through(forwarder: Forwarder, postgres: PostgresEndpoint) -> str:
    return f"postgresql://{postgres.user}:{postgres.password}@127.0.0.1:{forwarder.port}/{postgres.database}"


async def test_a_pool_opens_without_the_server_and_works_as_soon_as_it_is_there(servanda_namespace: Namespace) -> None:
    postgres = servanda_namespace.endpoints.postgres
    async with Forwarder(postgres.host, postgres.port) as way:
        await way.cut()
        async with await create_pool(_through(way, postgres)) as pool:
            with pytest.raises(OUTAGES):
                await pool.fetchval("SELECT 1")
            await way.mend()
            assert await pool.fetchval("SELECT 1") == 1


async def test_connections_that_broke_are_replaced(servanda_namespace: Namespace) -> None:
    postgres = servanda_namespace.endpoints.postgres
    async with Forwarder(postgres.host, postgres.port) as way, await create_pool(_through(way, postgres)) as pool:
        assert await pool.fetchval("SELECT 1") == 1
        await way.cut()
        with pytest.raises(OUTAGES):
            await pool.fetchval("SELECT 1")
        await way.mend()
        assert await pool.fetchval("SELECT 1") == 1


async def test_an_outage_in_the_middle_of_a_transaction_is_an_outage_and_undoes_it(
    servanda_namespace: Namespace,
) -> None:
    postgres = servanda_namespace.endpoints.postgres
    async with Forwarder(postgres.host, postgres.port) as way, await create_pool(_through(way, postgres)) as pool:
        await pool.execute("CREATE TABLE items (id int)")
        with pytest.raises(OUTAGES):
            await _insert_twice(pool, way.cut)
        await way.mend()
        assert await pool.fetchval("SELECT count(*) FROM items") == 0


async def _insert_twice(pool: asyncpg.Pool, between: Callable[[], Awaitable[None]]) -> None:
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("INSERT INTO items VALUES (1)")
        await between()
        await connection.execute("INSERT INTO items VALUES (2)")


async def test_a_mistake_in_a_statement_is_no_outage(servanda_namespace: Namespace) -> None:
    async with await create_pool(servanda_namespace.endpoints.postgres.dsn) as pool:
        with pytest.raises(Exception, match="does not exist") as caught:
            await pool.execute("SELECT * FROM missing")
    assert not isinstance(caught.value, OUTAGES)
