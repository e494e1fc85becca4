"""Kafka goes away while events are on their way, and comes back."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from google.protobuf.message import Message
from plt.identity.v1 import events_pb2, identity_pb2

from platformkit.events import (
    Connection,
    Consumer,
    Event,
    Handler,
    KafkaPublisher,
    KafkaSubscription,
    Pool,
    PostgresInbox,
    Relay,
    Topic,
    outbox,
)
from tests.integration.platformkit.events.broker import Broker, broker_of_its_own
from tests.integration.platformkit.events.working import working
from tests.integration.waiting import until

TOPIC = Topic("plt.identity.user.v1")


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    with broker_of_its_own(tmp_path, os.environ) as broker:
        yield broker


async def note(connection: Connection, event: Event) -> None:
    assert isinstance(event.message, events_pb2.UserCreated)
    await connection.execute("INSERT INTO effects (user_id) VALUES ($1)", event.message.user.email)


async def append(pool: Pool, number: int) -> None:
    message = events_pb2.UserCreated(user=identity_pb2.User(user_id="u-1", email=f"{number}"))
    async with pool.acquire() as connection, connection.transaction():
        await outbox.append(connection, message)


async def effects(pool: Pool) -> list[str]:
    return [row["user_id"] for row in await pool.fetch("SELECT user_id FROM effects ORDER BY position")]


async def test_while_kafka_is_away_events_wait_and_then_take_effect_once_and_in_order(
    pool: Pool, broker: Broker
) -> None:
    publisher = KafkaPublisher(broker.bootstrap, "", [TOPIC])
    subscription = KafkaSubscription(broker.bootstrap, "", "probe", [TOPIC])
    handlers: dict[type[Message], Handler[Connection]] = {events_pb2.UserCreated: note}
    consumer = Consumer(subscription, PostgresInbox(pool, "probe"), handlers, publisher, name="probe")

    async def applied(count: int) -> bool:
        return len(await effects(pool)) >= count

    async with working(Relay(pool, publisher).run, consumer.run):
        for number in range(20):
            await append(pool, number)
        await until(lambda: applied(1))
        # In the middle of it: some are in the outbox, some in Kafka, some applied.
        command = broker.kill()
        for number in range(20, 40):
            await append(pool, number)
        broker.restart(command)
        await until(lambda: applied(40), seconds=60)
    await subscription.close()
    await publisher.close()
    assert await effects(pool) == [f"{number}" for number in range(40)]
    assert await pool.fetchval("SELECT count(*) FROM outbox") == 0
