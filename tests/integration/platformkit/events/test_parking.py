"""Parked events in PostgreSQL: who sees them, who may take them, and that they follow the clock of the server."""

from __future__ import annotations

from datetime import UTC, datetime

import asyncpg
import pytest
from plt.identity.v1 import events_pb2, identity_pb2

from platformkit.events import (
    Connection,
    Consumer,
    Delivery,
    Event,
    MemoryPublisher,
    MemorySubscription,
    Pool,
    PostgresInbox,
    PostgresParking,
    encode,
    parked_table,
)
from platformkit.events.envelope import decode
from tests.integration.platformkit.events.conftest import SCHEMA
from tests.integration.platformkit.events.working import working
from tests.integration.waiting import until

TIME = datetime(2026, 1, 2, tzinfo=UTC)
TOPIC = "plt.identity.user.v1"
NOW, LATER = 0.0, 3600.0


def received(user: str, event_id: str) -> tuple[Delivery, Event]:
    message = events_pb2.UserCreated(user=identity_pb2.User(user_id=user))
    record = encode(message, event_id=event_id, time=TIME, request_id="r-1")
    return Delivery(record, 2, 7), decode(record, [events_pb2.UserCreated])


@pytest.fixture
async def pool(dsn: str, pool: Pool) -> Pool:
    await pool.execute(parked_table())
    return pool


async def due(pool: Pool, parking: PostgresParking) -> str | None:
    async with pool.acquire() as connection, connection.transaction():
        parked = await parking.due(connection)
        return None if parked is None else dict(parked.delivery.record.headers)["ce_id"].decode()


async def test_an_event_comes_back_as_it_was_parked_when_it_is_due(pool: Pool) -> None:
    parking = PostgresParking("audit", (NOW,))
    delivery, event = received("ada", "1")
    async with pool.acquire() as connection, connection.transaction():
        assert await parking.park(connection, delivery, event, "E: \0 \ud800")
    async with pool.acquire() as connection, connection.transaction():
        parked = await parking.due(connection)
        assert parked is not None
        assert (parked.delivery, parked.attempts) == (delivery, 1)
        assert not await parking.postpone(connection, parked, "again")
        await parking.remove(connection, parked)
    assert await pool.fetchval("SELECT count(*) FROM parked") == 0


async def test_an_event_is_not_due_before_its_delay_has_passed(pool: Pool) -> None:
    parking = PostgresParking("audit", (NOW, LATER))
    async with pool.acquire() as connection, connection.transaction():
        await parking.park(connection, *received("ada", "1"), "no")
        parked = await parking.due(connection)
        assert parked is not None
        assert await parking.postpone(connection, parked, "no")
    assert await due(pool, parking) is None
    await pool.execute("UPDATE parked SET due_time = clock_timestamp()")
    assert await due(pool, parking) == "1"


async def test_what_waits_behind_an_event_that_is_not_due_is_not_due_either(pool: Pool) -> None:
    parking = PostgresParking("audit", (LATER,))
    async with pool.acquire() as connection, connection.transaction():
        await parking.park(connection, *received("ada", "1"), "no")
        await parking.queue(connection, *received("ada", "2"))
        await parking.queue(connection, *received("bob", "3"))
    assert await due(pool, parking) == "3"


async def test_two_instances_never_take_events_of_one_key_at_once(pool: Pool) -> None:
    parking = PostgresParking("audit", (NOW,))
    async with pool.acquire() as connection, connection.transaction():
        for number in ("1", "2"):
            await parking.queue(connection, *received("ada", number))
        await parking.queue(connection, *received("bob", "3"))
    async with pool.acquire() as first, first.transaction():
        parked = await parking.due(first)
        assert parked is not None
        assert dict(parked.delivery.record.headers)["ce_id"] == b"1"
        assert await due(pool, parking) == "3"
        await parking.remove(first, parked)
        assert await due(pool, parking) == "3"
    assert await due(pool, parking) == "2"


async def test_a_key_is_held_for_its_own_consumer_and_topic_only(pool: Pool) -> None:
    async with pool.acquire() as connection, connection.transaction():
        await PostgresParking("audit").park(connection, *received("ada", "1"), "no")
    lanes = [(TOPIC, b"ada"), (TOPIC, b"bob"), ("other", b"ada")]
    async with pool.acquire() as connection:
        assert await PostgresParking("audit").held(connection, lanes) == {(TOPIC, b"ada")}
        assert await PostgresParking("other").held(connection, lanes) == frozenset()


async def test_an_event_that_comes_again_waits_once(pool: Pool) -> None:
    parking = PostgresParking("audit", (NOW,))
    for _ in range(2):
        async with pool.acquire() as connection, connection.transaction():
            await parking.park(connection, *received("ada", "1"), "no")
            await parking.queue(connection, *received("ada", "1"))
    assert await pool.fetchval("SELECT count(*) FROM parked") == 1


async def test_nothing_is_parked_if_the_transaction_does_not_commit(pool: Pool) -> None:
    async with pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        await PostgresParking("audit").park(connection, *received("ada", "1"), "no")
        await transaction.rollback()
    assert await pool.fetchval("SELECT count(*) FROM parked") == 0


async def test_a_consumer_applies_what_was_parked_in_the_order_of_its_key(pool: Pool) -> None:
    failures = 4  # three at once, of which the last one parks it, and one after its first delay

    async def note(connection: Connection, event: Event) -> None:
        nonlocal failures
        await connection.execute("INSERT INTO effects (user_id) VALUES ($1)", event.id)
        if event.id == "1" and failures:
            failures -= 1
            raise RuntimeError("not yet")

    async def all_applied() -> bool:
        return bool(await pool.fetchval("SELECT count(*) = 4 FROM effects"))

    subscription = MemorySubscription(
        received(user, number)[0].record for user, number in (("ada", "1"), ("ada", "2"), ("bob", "3"), ("ada", "4"))
    )
    letters = MemoryPublisher()
    consumer = Consumer(
        subscription,
        PostgresInbox(pool, "audit"),
        {events_pb2.UserCreated: note},
        letters,
        name="audit",
        parking=PostgresParking("audit", (0.05, 0.05)),
    )
    async with working(consumer.run):
        await until(lambda: _is_set(subscription))
    assert [row["user_id"] for row in await pool.fetch("SELECT user_id FROM effects")] == ["3"]
    async with working(consumer.run_parked, consumer.run_parked):
        await until(all_applied)
    applied = [row["user_id"] for row in await pool.fetch("SELECT user_id FROM effects ORDER BY position")]
    assert (applied, letters.records) == (["3", "1", "2", "4"], [])
    assert await pool.fetchval("SELECT count(*) FROM parked") == 0


async def _is_set(subscription: MemorySubscription) -> bool:
    return subscription.done.is_set()


async def test_without_its_table_nothing_can_be_parked(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(f"SET search_path = {SCHEMA}; DROP TABLE IF EXISTS parked")
        with pytest.raises(asyncpg.UndefinedTableError):
            await PostgresParking("audit").held(connection, [(TOPIC, b"ada")])
    finally:
        await connection.close()
