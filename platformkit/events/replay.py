"""Events once more, from a moment on: a consumer forgets that it applied them, and its group where it was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

import asyncpg
from confluent_kafka import Consumer, ConsumerGroupState, ConsumerGroupTopicPartitions, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient

from platformkit.events.errors import SubscriptionError
from platformkit.events.topics import physical_name

SECONDS: Final = 10.0
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FORGET: Final = "DELETE FROM inbox WHERE consumer = $1 AND apply_time >= $2"


class GroupInUseError(SubscriptionError):
    """Members of a group read, so that nobody else may say where it goes on."""


async def forget_since(dsn: str, consumer: str, moment: datetime) -> int:
    """Let a consumer forget which events it has applied since a moment; return how many.

    What was published since then was applied since then, so that nothing of it is left known.

    Args:
        dsn: Of the role whose search path leads to the schema with the inbox.
        consumer: Name of the consumer.
        moment: Aware.

    Raises:
        OSError: PostgreSQL cannot be reached.
        ValueError: The address is none.
        asyncpg.PostgresError: It refuses.
    """
    connection = await asyncpg.connect(dsn)
    try:
        done: str = await connection.execute(_FORGET, consumer, moment)
    finally:
        await connection.close()
    return int(done.rpartition(" ")[2])


def rewind(bootstrap_servers: str, namespace: str, group: str, topic: str, moment: datetime) -> dict[int, int]:
    """Let a group go on with the first record of a topic since a moment; blocks.

    Args:
        bootstrap_servers: ``host:port``, separated by commas.
        namespace: Suffix of topics and groups of this deployment; may be empty.
        group: Its name without the suffix; no member of it may run.
        topic: Its name without the suffix.
        moment: Aware.

    Returns:
        The offset at which each partition goes on.

    Raises:
        GroupInUseError: A member runs.
        SubscriptionError: There is no such topic, or Kafka does not answer.
    """
    name, group_name = physical_name(topic, namespace), physical_name(group, namespace)
    admin = AdminClient({"bootstrap.servers": bootstrap_servers, "log_level": 0})
    try:
        described = admin.describe_consumer_groups([group_name], request_timeout=SECONDS)[group_name].result(SECONDS)
        if described.state not in {ConsumerGroupState.EMPTY, ConsumerGroupState.DEAD}:
            raise GroupInUseError(f"instances of {group} are running; stop them, and a few seconds later try again")
        starts = _starts(bootstrap_servers, name, moment)
        request = ConsumerGroupTopicPartitions(group_name, starts)
        admin.alter_consumer_group_offsets([request], request_timeout=SECONDS)[group_name].result(SECONDS)
    except KafkaException as error:
        raise SubscriptionError(f"Kafka at {bootstrap_servers}: {error.args[0].str()}") from error
    except TimeoutError as error:
        raise SubscriptionError(f"Kafka at {bootstrap_servers} does not answer within {SECONDS:g} s") from error
    return {place.partition: place.offset for place in starts}


def since_epoch(moment: datetime) -> int:
    """Return the whole milliseconds from 1970 (UTC) to a moment, as Kafka counts the time of a record.

    Never more than there are: the record of the same millisecond counts as one since the moment.
    """
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def _starts(bootstrap_servers: str, name: str, moment: datetime) -> list[TopicPartition]:
    consumer = Consumer({"bootstrap.servers": bootstrap_servers, "group.id": "platformkit.replay", "log_level": 0})
    try:
        found = consumer.list_topics(timeout=SECONDS).topics.get(name)
        if found is None:
            raise SubscriptionError(f"there is no topic {name!r}; is NAMESPACE that of the deployment?")
        milliseconds = since_epoch(moment)
        asked = [TopicPartition(name, partition, milliseconds) for partition in sorted(found.partitions)]
        starts = consumer.offsets_for_times(asked, timeout=SECONDS)
        # A partition without a record since then goes on at its end.
        ends = {place.partition: consumer.get_watermark_offsets(place, timeout=SECONDS)[1] for place in asked}
        return [
            TopicPartition(name, place.partition, place.offset if place.offset >= 0 else ends[place.partition])
            for place in starts
        ]
    finally:
        consumer.close()
