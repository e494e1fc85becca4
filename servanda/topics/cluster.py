"""A Kafka cluster; every method blocks."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

from confluent_kafka import (
    Consumer,
    ConsumerGroupTopicPartitions,
    IsolationLevel,
    KafkaError,
    KafkaException,
    Producer,
    TopicPartition,
)
from confluent_kafka.admin import AdminClient
from confluent_kafka.admin._config import ConfigResource
from confluent_kafka.admin._listoffsets import OffsetSpec
from confluent_kafka.cimpl import NewTopic

from servanda.errors import InfrastructureError
from servanda.topics.record import Record

if TYPE_CHECKING:
    from confluent_kafka import Message

Place: TypeAlias = tuple[str, int]
"""A topic on the cluster and one of its partitions."""
Offsets: TypeAlias = Mapping[Place, int]
SECONDS: Final = 10.0
_PAUSE: Final = 0.05
_BATCH: Final = 1000
_HOUR: Final = 3_600_000
_EARLIEST: Final[OffsetSpec] = OffsetSpec.earliest()  # type: ignore[no-untyped-call]  # the client has no type for it
_LATEST: Final[OffsetSpec] = OffsetSpec.latest()  # type: ignore[no-untyped-call]  # the same
_NOT_LED: Final = (
    KafkaError.UNKNOWN_TOPIC_OR_PART,
    KafkaError.LEADER_NOT_AVAILABLE,
    KafkaError.NOT_LEADER_FOR_PARTITION,
)


@dataclass(frozen=True, slots=True)
class Placed:
    """A record at its place.

    Attributes:
        record: The record; its topic is called as on the cluster.
    """

    record: Record
    partition: int
    offset: int


class Cluster:
    """The topics of a cluster.

    Args:
        bootstrap: ``host:port``, separated by commas.

    Raises:
        InfrastructureError: Each method does, if the cluster does not answer or refuses.
    """

    def __init__(self, bootstrap: str) -> None:
        self.bootstrap = bootstrap
        logger = logging.getLogger(__name__)
        self._settings: dict[str, Any] = {
            "bootstrap.servers": bootstrap,
            "log_level": 0,
            "logger": logger,
            # Half of it passes before a client connects at all.
            "reconnect.backoff.ms": 10,
        }
        self._admin = AdminClient(self._settings)

    def topics(self) -> Mapping[str, int]:
        """Return the number of partitions by topic."""
        with self._told():
            found = self._admin.list_topics(timeout=SECONDS).topics
        return {name: len(topic.partitions) for name, topic in found.items()}

    def retention_hours(self, topic: str) -> int:
        """Return how long a topic keeps a record, in hours, rounded up; -1 if it deletes none by age."""
        resource = ConfigResource(ConfigResource.Type.TOPIC, topic)
        with self._told():
            found = self._admin.describe_configs([resource], request_timeout=SECONDS)[resource].result(SECONDS)
        milliseconds = int(found["retention.ms"].value or -1)
        if milliseconds < 0 or "delete" not in str(found["cleanup.policy"].value):
            return -1
        return -(-milliseconds // _HOUR)

    def make(self, topics: Iterable[str], partitions: int) -> None:
        """Make the topics that are missing; they keep records of any age."""
        known = self.topics()
        keeping = {"retention.ms": "-1"}
        missing = [
            NewTopic(name, num_partitions=partitions, replication_factor=1, config=keeping)
            for name in topics
            if name not in known
        ]
        with self._told():
            for made in self._admin.create_topics(missing, request_timeout=SECONDS).values() if missing else ():
                try:
                    made.result(SECONDS)
                except KafkaException as error:
                    # A consumer that makes its topics was quicker.
                    if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
                        raise

    def send(self, records: Iterable[Record]) -> Mapping[Place, Sequence[tuple[int, Record]]]:
        """Send records in their order, and return where each is; their topics are called as on the cluster."""
        placed: dict[Place, list[tuple[int, Record]]] = {}
        failures: list[KafkaError] = []

        def delivered(record: Record) -> Callable[[KafkaError | None, Message], None]:
            def note(error: KafkaError | None, message: Message) -> None:
                if error is not None:
                    failures.append(error)
                else:
                    place = (record.topic, message.partition() or 0)
                    placed.setdefault(place, []).append((message.offset() or 0, record))

            return note

        with self._told():
            producer = Producer({**self._settings, "enable.idempotence": True, "linger.ms": 5})
            for record in records:
                self._enqueue(producer, record, delivered(record))
            left = producer.flush(SECONDS)
        if failures or left:
            what = failures[0].str() if failures else f"{left} records are not acknowledged"
            raise InfrastructureError(f"Kafka did not take the records: {what}", where=self.bootstrap)
        return placed

    def ends(self, topics: Iterable[str]) -> Offsets:
        """Return the offset after the last record, by place."""
        with self._told():
            return self._offsets(self._places(topics), _LATEST)

    def committed(self, group: str, places: Iterable[Place]) -> Offsets:
        """Return up to where a group has read, by place; 0 where it has read nothing."""
        asked = [TopicPartition(topic, partition) for topic, partition in places]
        with self._told():
            request = [ConsumerGroupTopicPartitions(group, asked)]
            answered = self._admin.list_consumer_group_offsets(request, request_timeout=SECONDS)
            found = answered[group].result(SECONDS).topic_partitions
        return {(each.topic, each.partition): max(0, each.offset) for each in found}

    def read(self, topics: Iterable[str], since: Offsets | None = None) -> Iterator[Placed]:
        """Yield what topics hold when the reading begins, each partition in its order.

        Args:
            topics: The topics, as on the cluster.
            since: The offset of the first record that is wanted, by place; without one it is the first that is there.
        """
        since = since or {}
        with self._told():
            ends = self._offsets(self._places(topics), _LATEST)
            grown = [place for place, end in ends.items() if since.get(place, 0) < end]
            begins = {
                place: max(first, since.get(place, 0)) for place, first in self._offsets(grown, _EARLIEST).items()
            }
        waiting = {place: ends[place] for place, first in begins.items() if first < ends[place]}
        if not waiting:
            return
        with self._told(), self._reader() as consumer:
            consumer.assign([TopicPartition(*place, begins[place]) for place in waiting])
            until = time.monotonic() + SECONDS
            while waiting:
                for message in consumer.consume(_BATCH, _PAUSE):
                    until = time.monotonic() + SECONDS
                    if (error := message.error()) is not None:
                        raise KafkaException(error)
                    place = (message.topic() or "", message.partition() or 0)
                    offset = message.offset() or 0
                    if place in waiting and offset < waiting[place]:
                        yield Placed(_record(message), place[1], offset)
                # What was compacted away, or belongs to a transaction, leaves gaps: the position passes them.
                for place in self._passed(consumer, waiting):
                    del waiting[place]
                if time.monotonic() > until:
                    raise InfrastructureError(f"no record came within {SECONDS:g} s", where=self.bootstrap)

    def _passed(self, consumer: Consumer, waiting: Offsets) -> list[Place]:
        asked = [TopicPartition(topic, partition) for topic, partition in waiting]
        at = {(each.topic, each.partition): each.offset for each in consumer.position(asked)}
        return [place for place, end in waiting.items() if at[place] >= end]

    def _places(self, topics: Iterable[str]) -> Sequence[Place]:
        known = self.topics()
        return [(topic, number) for topic in topics for number in range(known.get(topic, 0))]

    def _offsets(self, places: Iterable[Place], wanted: OffsetSpec) -> Offsets:
        asked = {TopicPartition(*place): wanted for place in places}
        until = time.monotonic() + SECONDS
        while True:
            try:
                # Of an open transaction a reader sees nothing, as by default.
                answered = self._admin.list_offsets(
                    asked, isolation_level=IsolationLevel.READ_COMMITTED, request_timeout=SECONDS
                )
                return {(each.topic, each.partition): at.result(SECONDS).offset for each, at in answered.items()}
            except KafkaException as error:
                # A topic that was just made is listed before its partitions are led.
                if error.args[0].code() not in _NOT_LED or time.monotonic() > until:
                    raise
                time.sleep(_PAUSE)

    @contextmanager
    def _reader(self) -> Iterator[Consumer]:
        consumer = Consumer(
            {
                **self._settings,
                # Demanded by the client; as nothing is committed, the cluster never hears of it.
                "group.id": f"servanda-{uuid.uuid4().hex}",
                "enable.auto.commit": False,
                "allow.auto.create.topics": False,
            }
        )
        try:
            yield consumer
        finally:
            consumer.close()

    def _enqueue(self, producer: Producer, record: Record, note: Callable[[KafkaError | None, Message], None]) -> None:
        until = time.monotonic() + SECONDS
        while True:
            try:
                producer.produce(
                    record.topic,
                    value=record.value,
                    key=record.key,
                    headers=list(record.headers),
                    timestamp=record.time,
                    on_delivery=note,
                )
            except BufferError:
                producer.poll(_PAUSE)
                if time.monotonic() > until:
                    raise InfrastructureError("Kafka does not take the records", where=self.bootstrap) from None
            else:
                producer.poll(0)
                return

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except KafkaException as error:
            failure = error.args[0]
            text = failure.str() if isinstance(failure, KafkaError) else str(failure)
            hint = "is it running, and is this its address?"
            raise InfrastructureError(f"Kafka does not answer: {text}", where=self.bootstrap, hint=hint) from error
        except TimeoutError as error:
            what = f"Kafka did not answer within {SECONDS:g} s"
            raise InfrastructureError(what, where=self.bootstrap) from error


def _record(message: Message) -> Record:
    # Received headers are pairs; only those to be sent may be a mapping.
    headers = cast("Sequence[tuple[str, bytes | None]]", message.headers() or ())
    _, milliseconds = message.timestamp()
    pairs = tuple((name, value or b"") for name, value in headers)
    return Record(message.topic() or "", message.key(), message.value(), pairs, max(0, milliseconds))
