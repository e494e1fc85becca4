"""Progress of a consumer group, as the broker knows it."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from confluent_kafka import Consumer, TopicPartition
from plt.identity.v1 import events_pb2, identity_pb2

from platformkit.events import Delivery, KafkaPublisher, KafkaSubscription, Record, Topic, encode, physical_name
from servanda.infra import Namespace
from tests.integration.platformkit.events.conftest import PARTITIONS

TOPIC = Topic("plt.identity.user.v1")
TIME = datetime(2026, 1, 2, tzinfo=UTC)
RECORDS = 30

Committed = Callable[[], Mapping[int, int]]


def created(key: str) -> Record:
    message = events_pb2.UserCreated(user=identity_pb2.User(user_id=key))
    return encode(message, event_id=str(uuid.uuid4()), time=TIME, request_id="r-1")


@asynccontextmanager
async def member(bootstrap: str, namespace: Namespace) -> AsyncIterator[KafkaSubscription]:
    """A member of the group, which leaves it in the end and so commits what it has handled."""
    subscription = KafkaSubscription(bootstrap, namespace.name, "probe", [TOPIC])
    try:
        yield subscription
    finally:
        await subscription.close()


@pytest.fixture
def committed(bootstrap: str, servanda_namespace: Namespace) -> Committed:
    """Asks where the group goes on, by partition; one without a commit is left out."""

    def ask() -> Mapping[int, int]:
        group = physical_name("probe", servanda_namespace.name)
        consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": group, "enable.auto.commit": False})
        name = physical_name(TOPIC.name, servanda_namespace.name)
        found = consumer.committed([TopicPartition(name, number) for number in range(PARTITIONS)], timeout=10)
        consumer.close()
        return {place.partition: place.offset for place in found if place.offset >= 0}

    return ask


async def received(subscription: KafkaSubscription, count: int) -> Sequence[Delivery]:
    deliveries: list[Delivery] = []
    while len(deliveries) < count:
        deliveries += await subscription.receive()
    return deliveries


async def test_what_was_handled_is_committed_in_each_partition(
    publisher: KafkaPublisher, bootstrap: str, servanda_namespace: Namespace, committed: Committed
) -> None:
    await publisher.publish([created(str(number)) for number in range(RECORDS)])
    async with member(bootstrap, servanda_namespace) as subscription:
        deliveries = await received(subscription, RECORDS)
        await subscription.commit(deliveries)
    lengths = Counter(delivery.partition for delivery in deliveries)
    assert len(lengths) == PARTITIONS
    assert committed() == lengths


async def test_what_was_not_handled_is_not_committed(
    publisher: KafkaPublisher, bootstrap: str, servanda_namespace: Namespace, committed: Committed
) -> None:
    await publisher.publish([created(str(number)) for number in range(RECORDS)])
    async with member(bootstrap, servanda_namespace) as subscription:
        deliveries = await received(subscription, RECORDS)
        await subscription.commit([delivery for delivery in deliveries if delivery.partition == 1][:2])
    assert committed() == {1: 2}
