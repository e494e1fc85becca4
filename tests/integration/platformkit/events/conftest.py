"""A schema with an outbox and an inbox, and a way to Kafka, for each test."""

import uuid
from collections.abc import AsyncIterator, Callable

import asyncpg
import pytest
from confluent_kafka import Consumer, Message, TopicPartition

from platformkit.events import (
    KafkaPublisher,
    Pool,
    Record,
    Topic,
    inbox_table,
    outbox_refusals,
    outbox_table,
    outbox_turns,
    physical_name,
)
from platformkit.events.topics import ensure_topics
from servanda.infra import KafkaEndpoint, Namespace

TOPIC = Topic("plt.identity.user.v1")
SCHEMA = "probe"
# Of every topic that is created without saying how many, see servanda.infra.stores.kafka.properties.
PARTITIONS = 3


@pytest.fixture
async def dsn(servanda_namespace: Namespace) -> str:
    postgres = servanda_namespace.endpoints.postgres
    connection = await asyncpg.connect(postgres.dsn)
    await connection.execute(f"CREATE SCHEMA {SCHEMA}; SET search_path = {SCHEMA}")
    await connection.execute("CREATE TABLE effects (position bigint GENERATED ALWAYS AS IDENTITY, user_id text)")
    await connection.execute(outbox_table())
    await connection.execute(outbox_refusals())
    await connection.execute(outbox_turns())
    await connection.execute(inbox_table())
    await connection.close()
    return f"{postgres.dsn}?search_path={SCHEMA}"


@pytest.fixture
async def pool(dsn: str) -> AsyncIterator[Pool]:
    async with asyncpg.create_pool(dsn, min_size=0) as pool:
        yield pool


@pytest.fixture
def bootstrap(servanda_namespace: Namespace) -> str:
    servers = servanda_namespace.endpoints.of(KafkaEndpoint).bootstrap
    ensure_topics(servers, servanda_namespace.name, [TOPIC, TOPIC.dead_letters()])
    return servers


@pytest.fixture
async def publisher(bootstrap: str, servanda_namespace: Namespace) -> AsyncIterator[KafkaPublisher]:
    publisher = KafkaPublisher(bootstrap, servanda_namespace.name, [TOPIC])
    yield publisher
    await publisher.close()


@pytest.fixture
def consumed(bootstrap: str, servanda_namespace: Namespace) -> Callable[[Topic, int], list[Record]]:
    """Reads so many records of a topic from the beginning of its partitions, or fails after a while."""

    def read(topic: Topic, count: int) -> list[Record]:
        consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": uuid.uuid4().hex, "enable.auto.commit": False})
        name = physical_name(topic.name, servanda_namespace.name)
        consumer.assign([TopicPartition(name, partition, 0) for partition in range(PARTITIONS)])
        messages = consumer.consume(count, 20)
        consumer.close()
        assert len(messages) == count
        assert [message.error() for message in messages] == [None] * count
        return [_record(topic, message) for message in messages]

    return read


@pytest.fixture
def length(bootstrap: str, servanda_namespace: Namespace) -> Callable[[Topic], int]:
    """Counts the records that a topic has ever had."""

    def count(topic: Topic) -> int:
        consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": uuid.uuid4().hex})
        name = physical_name(topic.name, servanda_namespace.name)
        places = [TopicPartition(name, partition) for partition in range(PARTITIONS)]
        ends = [consumer.get_watermark_offsets(place, timeout=10) for place in places]
        consumer.close()
        return sum(end for _, end in ends)

    return count


def _record(topic: Topic, message: Message) -> Record:
    headers = message.headers() or []
    assert isinstance(headers, list)
    pairs = tuple((name, value) for name, value in headers if isinstance(value, bytes))
    return Record(topic.name, message.key(), message.value(), pairs)
