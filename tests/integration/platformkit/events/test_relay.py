from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from uuid import UUID

import pytest
from confluent_kafka.admin import AdminClient
from confluent_kafka.admin._config import AlterConfigOpType, ConfigEntry, ConfigResource
from plt.identity.v1 import events_pb2, identity_pb2
from structlog.testing import capture_logs

from platformkit.context import Context, Trace, entered
from platformkit.events import (
    EventError,
    KafkaPublisher,
    MemoryPublisher,
    Pool,
    Record,
    Relay,
    Topic,
    decode,
    outbox,
    physical_name,
)
from platformkit.events.relay import TURN_SECONDS
from servanda.infra import Namespace
from tests.integration.platformkit.events.working import working
from tests.integration.waiting import until

TOPIC = Topic("plt.identity.user.v1")


def created(user_id: str, email: str = "ada@example.com") -> events_pb2.UserCreated:
    return events_pb2.UserCreated(user=identity_pb2.User(user_id=user_id, email=email))


async def append(pool: Pool, *messages: events_pb2.UserCreated) -> None:
    async with pool.acquire() as connection, connection.transaction():
        for message in messages:
            await outbox.append(connection, message, request_id="r-1")


async def empty(pool: Pool) -> bool:
    return bool(await pool.fetchval("SELECT count(*) = 0 FROM outbox"))


def emails(records: Sequence[Record]) -> list[str]:
    events = [decode(record, [events_pb2.UserCreated]) for record in records]
    return [event.message.user.email for event in events if isinstance(event.message, events_pb2.UserCreated)]


async def test_an_event_of_a_committed_transaction_arrives_with_bytes_key_and_headers(
    pool: Pool, publisher: KafkaPublisher, consumed: Callable[[Topic, int], list[Record]]
) -> None:
    async with working(Relay(pool, publisher).run):
        async with pool.acquire() as connection, connection.transaction():
            event_id = await outbox.append(connection, created("u-1"), request_id="r-1")
        await until(lambda: empty(pool))
    record = consumed(TOPIC, 1)[0]
    assert (record.key, record.value) == (b"u-1", created("u-1").SerializeToString())
    event = decode(record, [events_pb2.UserCreated])
    assert (event.id, event.request_id, event.source) == (event_id, "r-1", "/plt/identity")
    assert str(UUID(event.id)) == event.id


async def test_an_event_carries_the_context_of_the_request_that_caused_it(pool: Pool) -> None:
    published, trace = MemoryPublisher(), Trace(f"00-{'a' * 32}-{'b' * 16}-01", "rojo=1")
    async with working(Relay(pool, published).run):
        with entered(Context("r-7", trace=trace)):
            async with pool.acquire() as connection, connection.transaction():
                await outbox.append(connection, created("u-1"))
        await until(lambda: empty(pool))
    event = decode(published.records[0], [events_pb2.UserCreated])
    assert (event.request_id, event.trace) == ("r-7", trace)


async def test_an_event_of_a_transaction_that_is_rolled_back_is_never_published(
    pool: Pool, publisher: KafkaPublisher, consumed: Callable[[Topic, int], list[Record]]
) -> None:
    with suppress(ZeroDivisionError):
        async with pool.acquire() as connection, connection.transaction():
            await outbox.append(connection, created("rolled-back"))
            raise ZeroDivisionError
    async with working(Relay(pool, publisher).run):
        await append(pool, created("committed"))
        await until(lambda: empty(pool))
    assert consumed(TOPIC, 1)[0].key == b"committed"


async def test_events_of_one_key_are_published_in_the_order_of_their_commits(pool: Pool) -> None:
    published = MemoryPublisher()
    order: list[str] = []

    async def change(number: int) -> None:
        async with pool.acquire() as connection:
            transaction = connection.transaction()
            await transaction.start()
            await outbox.append(connection, created("u-1", f"{number}@example.com"))
            # Others would like to draw their positions now.
            await asyncio.sleep(0)
            order.append(f"{number}@example.com")
            await transaction.commit()

    async with working(Relay(pool, published).run):
        await asyncio.gather(*(change(number) for number in range(60)))
        await until(lambda: empty(pool))
    assert emails(published.records) == order


async def test_a_transaction_that_commits_late_does_not_lose_its_event(pool: Pool) -> None:
    published = MemoryPublisher()
    async with working(Relay(pool, published).run):
        async with pool.acquire() as slow, slow.transaction():
            await outbox.append(slow, created("early position"))
            await append(pool, created("late position"))
            await until(lambda: _true(len(published.records) == 1))
        await until(lambda: _true(len(published.records) == 2))
    assert [record.key for record in published.records] == [b"late position", b"early position"]


async def _true(fact: bool) -> bool:
    return fact


async def test_of_two_relays_one_works_until_it_ends(pool: Pool) -> None:
    first, second = MemoryPublisher(), MemoryPublisher()
    async with working(Relay(pool, second).run):
        await append(pool, created("1"))
        await until(lambda: empty(pool))
        # The second is in place; now another one comes and has to wait.
        async with working(Relay(pool, first).run):
            await append(pool, created("2"))
            await until(lambda: empty(pool))
        assert (len(first.records), len(second.records)) == (0, 2)
    async with working(Relay(pool, first).run):
        await append(pool, created("3"))
        await until(lambda: empty(pool))
    assert (len(first.records), len(second.records)) == (1, 2)


async def test_a_relay_waits_for_one_of_an_earlier_version_and_for_no_lock_of_another_role(pool: Pool) -> None:
    published = MemoryPublisher()
    held = "SELECT pg_advisory_lock(hashtextextended(current_schema() || '.relay', 0))"
    await append(pool, created("1"))
    async with pool.acquire() as earlier:
        await earlier.execute(held)
        async with working(Relay(pool, published).run):
            await until(lambda: _gave_its_turn_back(pool))
            assert not await empty(pool)
            await earlier.execute("SELECT pg_advisory_unlock_all()")
            # Whoever logs in can take that lock; it is no earlier relay of this service.
            await until(lambda: empty(pool))


async def _gave_its_turn_back(pool: Pool) -> bool:
    asked = """
        SELECT count(*) > 0 FROM pg_stat_activity
        WHERE datname = current_database() AND usename = current_user AND state = 'idle' AND query = 'ROLLBACK;'
    """
    return bool(await pool.fetchval(asked))


async def test_a_relay_gives_its_turn_back_from_time_to_time_and_takes_it_again(pool: Pool) -> None:
    published, now = MemoryPublisher(), [0.0]
    with capture_logs() as logs:
        async with working(Relay(pool, published, clock=lambda: now[0]).run):
            await append(pool, created("1"))
            await until(lambda: empty(pool))
            now[0] += TURN_SECONDS
            await append(pool, created("2"))
            await until(lambda: empty(pool))
            await until(lambda: _true([line["event"] for line in logs].count("the relay works") == 2))
    assert [record.key for record in published.records] == [b"1", b"2"]


async def test_a_relay_that_lost_its_turn_publishes_nothing_more_on_it(pool: Pool) -> None:
    published = MemoryPublisher()
    cut = """
        SELECT pg_terminate_backend(pid) FROM pg_locks WHERE relation = 'outbox_relay'::regclass AND granted
    """
    with capture_logs() as logs:
        async with working(Relay(pool, published).run):
            await append(pool, created("1"))
            await until(lambda: empty(pool))
            await pool.execute(cut)
            await append(pool, created("2"))
            await until(lambda: empty(pool))
    assert [line["event"] for line in logs].count("the relay works") == 2
    assert [record.key for record in published.records] == [b"1", b"2"]


async def test_a_relay_goes_on_after_its_connection_was_cut(pool: Pool) -> None:
    published = MemoryPublisher()
    async with working(Relay(pool, published).run):
        await append(pool, created("1"))
        await until(lambda: empty(pool))
        await cut_connections(pool)
        await append(pool, created("2"))
        await until(lambda: empty(pool))
    assert [record.key for record in published.records] == [b"1", b"2"]


async def cut_connections(pool: Pool) -> None:
    await pool.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


async def test_a_relay_ends_when_asked_though_both_its_stores_are_away(pool: Pool) -> None:
    published = Silent()
    task = asyncio.create_task(Relay(pool, published).run())
    await published.asked.wait()
    await cut_connections(pool)
    task.cancel()
    done, _ = await asyncio.wait([task], timeout=5)
    assert task in done
    assert task.cancelled()


class Silent(MemoryPublisher):
    """Takes records and never says what became of them."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = asyncio.Event()

    async def publish(self, records: Sequence[Record]) -> None:
        self.asked.set()
        await asyncio.Event().wait()


async def test_a_relay_ends_when_asked_in_the_moment_in_which_it_is_woken(pool: Pool) -> None:
    published = MemoryPublisher()
    task = asyncio.create_task(Relay(pool, published).run())
    await append(pool, created("1"))
    await until(lambda: empty(pool))
    await cut_connections(pool)
    task.cancel()
    done, _ = await asyncio.wait([task], timeout=5)
    assert task in done


async def test_what_kafka_did_not_acknowledge_stays_and_is_published_again(pool: Pool) -> None:
    published = MemoryPublisher()
    published.available = False
    async with working(Relay(pool, published).run):
        await append(pool, created("1"), created("2"))
        assert not await empty(pool)
        published.available = True
        await until(lambda: empty(pool))
    assert [record.key for record in published.records] == [b"1", b"2"]


async def test_an_event_that_kafka_refuses_stays_with_the_reason_and_the_others_go_on(pool: Pool) -> None:
    published = MemoryPublisher()
    published.refused = {b"2"}
    with capture_logs() as logs:
        async with working(Relay(pool, published).run):
            await append(pool, created("1"), created("2"), created("3"))
            await until(lambda: set_aside(pool, 1))
            await append(pool, created("4"))
            await until(lambda: _true(len(published.records) == 3))
    assert [record.key for record in published.records] == [b"1", b"3", b"4"]
    assert await left(pool) == [(b"2", "the publisher was made to refuse this key")]
    assert [line["key"] for line in logs if line["event"].startswith("Kafka refuses")] == ["b'2'"]


async def test_a_relay_tells_of_refused_events_when_it_starts_and_publishes_one_again_that_is_let_go(
    pool: Pool,
) -> None:
    published = MemoryPublisher()
    await append(pool, created("1"))
    await pool.execute("UPDATE outbox SET refusal = 'too large'")
    with capture_logs() as logs:
        async with working(Relay(pool, published).run):
            await append(pool, created("2"))
            await until(lambda: _true(len(published.records) == 1))
            await pool.execute("UPDATE outbox SET refusal = NULL")
            await until(lambda: empty(pool))
    assert [record.key for record in published.records] == [b"2", b"1"]
    assert [line["count"] for line in logs if "refused wait" in line["event"]] == [1]


async def test_an_event_that_is_too_large_for_its_topic_does_not_take_those_beside_it_along(
    pool: Pool, bootstrap: str, publisher: KafkaPublisher, servanda_namespace: Namespace, length: Callable[[Topic], int]
) -> None:
    limit_messages(bootstrap, physical_name(TOPIC.name, servanda_namespace.name), 2000)
    # One key, so that they are one batch for one partition.
    await append(pool, *(created("u-1", "x" * (3000 if number == 1 else 1)) for number in range(3)))
    async with working(Relay(pool, publisher).run):
        await until(lambda: set_aside(pool, 1))
        await append(pool, created("u-1", "after"))
        await until(lambda: _true(length(TOPIC) >= 3))
        await until(lambda: set_aside(pool, 1))
    ((_, reason),) = await left(pool)
    assert "Message size too large" in reason


async def test_the_largest_event_that_the_outbox_takes_arrives(
    pool: Pool, publisher: KafkaPublisher, consumed: Callable[[Topic, int], list[Record]]
) -> None:
    largest = created("u-1", "x" * (outbox.MAX_VALUE_BYTES - 13))
    assert len(largest.SerializeToString()) == outbox.MAX_VALUE_BYTES
    async with working(Relay(pool, publisher).run):
        await append(pool, largest)
        await until(lambda: empty(pool))
    assert consumed(TOPIC, 1)[0].value == largest.SerializeToString()


def limit_messages(bootstrap: str, topic: str, size: int) -> None:
    """Lets a topic refuse records that are larger than so many bytes."""
    entry = ConfigEntry("max.message.bytes", str(size), incremental_operation=AlterConfigOpType.SET)
    resource = ConfigResource(ConfigResource.Type.TOPIC, topic, incremental_configs=[entry])
    admin = AdminClient({"bootstrap.servers": bootstrap})
    for future in admin.incremental_alter_configs([resource]).values():
        future.result(10)


async def left(pool: Pool) -> list[tuple[bytes, str]]:
    rows = await pool.fetch("SELECT key, refusal FROM outbox WHERE refusal IS NOT NULL ORDER BY position")
    return [(row["key"], row["refusal"]) for row in rows]


async def set_aside(pool: Pool, count: int) -> bool:
    """So many events are set aside, and no other one waits."""
    rows: int = await pool.fetchval("SELECT count(*) FROM outbox")
    return len(await left(pool)) == count == rows


async def test_a_relay_waits_for_a_schema_that_is_not_migrated_yet(pool: Pool) -> None:
    published = MemoryPublisher()
    await pool.execute("ALTER TABLE outbox RENAME TO later")
    async with working(Relay(pool, published).run):
        await pool.execute("ALTER TABLE later RENAME TO outbox")
        await append(pool, created("1"))
        await until(lambda: empty(pool))
    assert [record.key for record in published.records] == [b"1"]


async def test_an_event_that_no_topic_would_accept_fails_the_transaction_that_tells_of_it(pool: Pool) -> None:
    with pytest.raises(EventError, match="expected 1000000 bytes at most"):
        await append(pool, created("u-1", "x" * 1_000_001))
