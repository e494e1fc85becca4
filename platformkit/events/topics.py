"""Topics: what they are called in a deployment, and that they exist."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic
from google.protobuf.message import Message

from platformkit.events.event_type import EventType

DEAD_LETTER_SUFFIX: Final = ".dlq"
# The broker's own defaults.
BROKER_DEFAULT: Final = -1


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic.

    Attributes:
        name: Without any environment suffix.
        retention_hours: How long it keeps a record; zero leaves the default of the broker.
    """

    name: str
    retention_hours: int = 0

    def dead_letters(self) -> Topic:
        """Return the topic of records of this one that cannot be applied; its retention is the default."""
        return Topic(self.name + DEAD_LETTER_SUFFIX)


def topics_of(types: Iterable[type[Message]]) -> tuple[Topic, ...]:
    """Return the topics that carry these events; the longest retention that any of them declares."""
    hours: dict[str, int] = {}
    for message in types:
        event_type = EventType.of(message.DESCRIPTOR)
        hours[event_type.topic] = max(event_type.retention_hours, hours.get(event_type.topic, 0))
    return tuple(Topic(name, hours[name]) for name in sorted(hours))


def physical_name(name: str, namespace: str) -> str:
    """Return what a topic is called on the broker of a deployment."""
    return f"{name}.{namespace}" if namespace else name


def ensure_topics(bootstrap_servers: str, namespace: str, topics: Iterable[Topic], timeout_seconds: float = 3) -> None:
    """Create the topics that are missing; blocks.

    Raises:
        KafkaException: The broker cannot be reached, or refuses.
    """
    admin = AdminClient({"bootstrap.servers": bootstrap_servers, "log_level": 0})
    existing = admin.list_topics(timeout=timeout_seconds).topics
    missing = [
        NewTopic(
            physical_name(topic.name, namespace),
            num_partitions=BROKER_DEFAULT,
            replication_factor=BROKER_DEFAULT,
            config={"retention.ms": str(topic.retention_hours * 3_600_000)} if topic.retention_hours else {},
        )
        for topic in topics
        if physical_name(topic.name, namespace) not in existing
    ]
    # The client refuses an empty list.
    for future in admin.create_topics(missing, request_timeout=timeout_seconds).values() if missing else ():
        try:
            future.result(timeout_seconds)
        except KafkaException as error:
            # Somebody else was quicker.
            if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
                raise
