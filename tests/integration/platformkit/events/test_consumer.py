from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

import asyncpg
import pytest
from google.protobuf.message import Message
from plt.identity.v1 import events_pb2, identity_pb2

from platformkit.backoff import Backoff
from platformkit.events import (
    Connection,
    Consumer,
    Event,
    Handler,
    KafkaPublisher,
    KafkaSubscription,
    Pool,
    PostgresInbox,
    Record,
    Topic,
    encode,
)
from platformkit.events.consumer import ATTEMPTS
from servanda.infra import Namespace
from tests.integration.platformkit.events.working import working
from tests.integration.services.forwarding import Forwarder
from tests.integration.waiting import until

TOPIC = Topic("plt.identity.user.v1")
TIME = datetime(2026, 1, 2, tzinfo=UTC)

Consuming = Callable[..., AbstractAsyncContextManager[None]]


def created(name: str) -> Record:
    """An event about the one user of these tests, so that it keeps its place behind those before it."""
    message = events_pb2.UserCreated(user=identity_pb2.User(user_id="u-1", email=name))
    return encode(message, event_id=str(uuid.uuid4()), time=TIME, request_id="r-1")


async def note(connection: Connection, event: Event) -> None:
    assert isinstance(event.message, events_pb2.UserCreated)
    name = event.message.user.email
    await connection.execute("INSERT INTO effects (user_id) VALUES ($1)", name)
    if name == "poison":
        raise RuntimeError("the effect must not stay")


@pytest.fixture
async def letters(bootstrap: str, servanda_namespace: Namespace) -> AsyncIterator[KafkaPublisher]:
    publisher = KafkaPublisher(bootstrap, servanda_namespace.name, [TOPIC.dead_letters()])
    yield publisher
    await publisher.close()


@pytest.fixture
def consuming(bootstrap: str, servanda_namespace: Namespace, letters: KafkaPublisher) -> Consuming:
    """Lets a consumer work on a pool while the context lasts; the next one is another process of the same group."""

    @asynccontextmanager
    async def consume(pool: Pool, backoff: Callable[[], Backoff] = Backoff) -> AsyncIterator[None]:
        subscription = KafkaSubscription(bootstrap, servanda_namespace.name, "probe", [TOPIC])
        handlers: dict[type[Message], Handler[Connection]] = {events_pb2.UserCreated: note}
        inbox = PostgresInbox(pool, "probe")
        consumer = Consumer(subscription, inbox, handlers, letters, name="probe", backoff=backoff)
        async with working(consumer.run):
            yield
        await subscription.close()

    return consume


def noted(pool: Pool, *expected: str) -> Callable[[], Awaitable[bool]]:
    async def condition() -> bool:
        rows = await pool.fetch("SELECT user_id FROM effects ORDER BY position")
        return [row["user_id"] for row in rows] == list(expected)

    return condition


async def test_events_take_effect_in_order(pool: Pool, publisher: KafkaPublisher, consuming: Consuming) -> None:
    async with consuming(pool):
        await publisher.publish([created("1"), created("2"), created("3")])
        await until(noted(pool, "1", "2", "3"))


async def test_an_event_that_is_published_again_takes_effect_once(
    pool: Pool, publisher: KafkaPublisher, consuming: Consuming
) -> None:
    again = created("again")
    async with consuming(pool):
        await publisher.publish([again])
        await until(noted(pool, "again"))
        await publisher.publish([again, created("last")])
        await until(noted(pool, "again", "last"))


def with_header(name: str, value: bytes) -> Record:
    record = created("malformed")
    return replace(record, headers=tuple((known, value if known == name else old) for known, old in record.headers))


@pytest.mark.parametrize(
    ("malformed", "reason"),
    [
        pytest.param(replace(created("1"), value=b"\xff\xff"), b"MalformedEventError", id="other bytes"),
        pytest.param(replace(created("1"), headers=()), b"MalformedEventError", id="no headers"),
        pytest.param(with_header("ce_id", b"a\0b"), b"CharacterNotInRepertoireError", id="impossible identifier"),
    ],
)
async def test_a_malformed_record_becomes_a_dead_letter_and_the_next_event_takes_effect(
    pool: Pool,
    publisher: KafkaPublisher,
    consuming: Consuming,
    consumed: Callable[[Topic, int], list[Record]],
    malformed: Record,
    reason: bytes,
) -> None:
    async with consuming(pool):
        await publisher.publish([malformed, created("next")])
        await until(noted(pool, "next"))
    letter = consumed(TOPIC.dead_letters(), 1)[0]
    assert (letter.key, letter.value) == (malformed.key, malformed.value)
    assert dict(letter.headers)["x-error"].startswith(reason)


async def test_a_poisonous_event_leaves_no_effect_but_a_dead_letter(
    pool: Pool,
    publisher: KafkaPublisher,
    consuming: Consuming,
    consumed: Callable[[Topic, int], list[Record]],
) -> None:
    async with consuming(pool):
        await publisher.publish([created("1"), created("poison"), created("2")])
        await until(noted(pool, "1", "2"))
    facts = dict(consumed(TOPIC.dead_letters(), 1)[0].headers)
    assert (facts["x-error"], facts["x-attempts"]) == (b"RuntimeError: the effect must not stay", b"3")


async def test_a_new_process_goes_on_where_the_old_one_stopped(
    pool: Pool, publisher: KafkaPublisher, consuming: Consuming
) -> None:
    async with consuming(pool):
        await publisher.publish([created("1")])
        await until(noted(pool, "1"))
    await publisher.publish([created("2")])
    async with consuming(pool):
        await until(noted(pool, "1", "2"))


class Attempts:
    """Makes waits that count how often somebody had to wait."""

    def __init__(self) -> None:
        self.failed = 0

    def __call__(self) -> Backoff:
        return Backoff(first_seconds=0.01, limit_seconds=0.02, sleep=self._sleep)

    async def _sleep(self, seconds: float) -> None:
        self.failed += 1
        await asyncio.sleep(seconds)

    async def exhausted(self) -> bool:
        return self.failed > 3 * ATTEMPTS


async def test_an_outage_of_postgres_longer_than_all_attempts_loses_no_event_and_gives_none_up(
    dsn: str, pool: Pool, publisher: KafkaPublisher, consuming: Consuming, length: Callable[[Topic], int]
) -> None:
    attempts = Attempts()
    address = urlsplit(dsn)
    async with Forwarder(address.hostname or "", address.port or 0) as way:
        detour = dsn.replace(f":{address.port}/", f":{way.port}/")
        async with asyncpg.create_pool(detour, min_size=0) as cut_off, consuming(cut_off, attempts):
            await publisher.publish([created("before")])
            await until(noted(pool, "before"))
            await way.cut()
            await publisher.publish([created("while 1"), created("while 2")])
            await until(attempts.exhausted)
            await way.mend()
            await until(noted(pool, "before", "while 1", "while 2"))
    assert length(TOPIC.dead_letters()) == 0


async def test_an_applied_event_is_forgotten_only_after_its_time(pool: Pool) -> None:
    await pool.execute(
        "INSERT INTO inbox (consumer, source, event_id, apply_time) VALUES "
        "('probe', '/s', 'old', now() - interval '3 hours'), ('probe', '/s', 'new', now()), "
        "('other', '/s', 'old', now() - interval '3 hours')"
    )
    await PostgresInbox(pool, "probe", keep_hours=2).forget()
    rows = await pool.fetch("SELECT consumer, event_id FROM inbox ORDER BY consumer")
    assert [tuple(row) for row in rows] == [("other", "old"), ("probe", "new")]
