"""Records that topics of Kafka hold now, read without being a member of a group."""

from __future__ import annotations

import time
import uuid
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final, cast

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from platformkit.events.archive import Stored
from platformkit.events.envelope import Record
from platformkit.events.errors import SubscriptionError
from platformkit.events.topics import DEAD_LETTER_SUFFIX, physical_name

SECONDS: Final = 10.0
"""How long Kafka may take for one answer."""
_PAUSE_SECONDS: Final = 0.1
_BATCH: Final = 500
_FETCH_MILLISECONDS: Final = 10
_BACKOFF_MILLISECONDS: Final = 10


class KafkaArchive:
    """Topics of one deployment; every method blocks, see `Archive`.

    One connection is kept for the next reading; whoever makes an archive closes it.

    Args:
        bootstrap_servers: ``host:port``, separated by commas.
        namespace: Suffix of the topics of this deployment; may be empty.
        seconds: How long Kafka may take for one answer.
    """

    def __init__(self, bootstrap_servers: str, namespace: str, seconds: float = SECONDS) -> None:
        self._bootstrap_servers = bootstrap_servers
        self._namespace = namespace
        self._seconds = seconds
        # Threads may read at the same time: one takes it, another one opens a connection of its own.
        self._idle: deque[Consumer] = deque()

    def close(self) -> None:
        """Disconnect."""
        while self._idle:
            self._idle.pop().close()

    def dead_letter_topics(self) -> tuple[str, ...]:
        """See `Archive`."""
        suffix = physical_name(DEAD_LETTER_SUFFIX, self._namespace)
        with self._connected() as consumer:
            names = consumer.list_topics(timeout=self._seconds).topics
        return tuple(sorted(name.removesuffix(suffix) + DEAD_LETTER_SUFFIX for name in names if name.endswith(suffix)))

    def records(self, topic: str, latest: int | None = None) -> Iterator[Stored]:
        """See `Archive`."""
        with self._connected() as consumer:
            ranges = {}
            for partition in self._partitions(consumer, topic):
                first, end = self._watermarks(consumer, self._place(topic, partition))
                ranges[partition] = range(first if latest is None else max(first, end - latest), end)
            yield from self._read(consumer, topic, ranges)

    def record_at(self, topic: str, partition: int, offset: int) -> Stored | None:
        """See `Archive`."""
        with self._connected() as consumer:
            if partition not in self._partitions(consumer, topic):
                return None
            first, end = self._watermarks(consumer, self._place(topic, partition))
            if not first <= offset < end:
                return None
            return next(self._read(consumer, topic, {partition: range(offset, offset + 1)}), None)

    @contextmanager
    def _connected(self) -> Iterator[Consumer]:
        settings = {
            "bootstrap.servers": self._bootstrap_servers,
            # Demanded by the client; as nothing is committed, Kafka never hears of it.
            "group.id": uuid.uuid4().hex,
            "enable.auto.commit": False,
            "enable.partition.eof": False,
            # A broker answers one request of a connection after the other: what is asked for next would wait as long as
            # the one for records that come after the last.
            "fetch.wait.max.ms": _FETCH_MILLISECONDS,
            # Half of it passes before a client connects at all.
            "reconnect.backoff.ms": _BACKOFF_MILLISECONDS,
            "log_level": 0,
        }
        consumer = self._taken() or Consumer(settings)
        is_kept = False
        try:
            yield consumer
            consumer.unassign()
            is_kept = self._keep(consumer)
        except KafkaException as error:
            raise SubscriptionError(f"Kafka at {self._bootstrap_servers}: {error.args[0].str()}") from error
        finally:
            if not is_kept:
                consumer.close()

    def _taken(self) -> Consumer | None:
        try:
            return self._idle.pop()
        except IndexError:
            return None

    def _keep(self, consumer: Consumer) -> bool:
        if self._idle:
            return False
        self._idle.append(consumer)
        return True

    def _partitions(self, consumer: Consumer, topic: str) -> Sequence[int]:
        name = physical_name(topic, self._namespace)
        found = consumer.list_topics(timeout=self._seconds).topics.get(name)
        if found is None:
            raise SubscriptionError(f"there is no topic {name!r}; is NAMESPACE that of the deployment?")
        return sorted(found.partitions)

    def _place(self, topic: str, partition: int, offset: int = 0) -> TopicPartition:
        return TopicPartition(physical_name(topic, self._namespace), partition, offset)

    def _read(self, consumer: Consumer, topic: str, ranges: Mapping[int, range]) -> Iterator[Stored]:
        """Yield what is at these offsets, by partition; all partitions are waited for at once."""
        ends = {partition: offsets.stop for partition, offsets in ranges.items() if offsets}
        consumer.assign([self._place(topic, partition, ranges[partition].start) for partition in ends])
        while ends:
            next_one = consumer.poll(self._seconds)
            if next_one is None:
                raise SubscriptionError(f"{topic}: no record came within {self._seconds:g} s, though there are more")
            # Without a wait: `consume` waits until a batch is full, and the last one never is.
            for message in (next_one, *consumer.consume(_BATCH, 0)):
                if (failure := message.error()) is not None:
                    raise KafkaException(failure)
                stored = _stored(topic, message)
                # What follows has come since, and what has been compacted away leaves gaps.
                end = ends.get(stored.partition, 0)
                if stored.offset < end:
                    yield stored
                if stored.offset >= end - 1:
                    ends.pop(stored.partition, None)

    def _watermarks(self, consumer: Consumer, place: TopicPartition) -> tuple[int, int]:
        """Return the first offset of a partition, and the one after its last."""
        until = time.monotonic() + self._seconds
        while True:
            try:
                first, end = consumer.get_watermark_offsets(place, timeout=self._seconds)
            except KafkaException as error:
                # A topic that was just made is listed before its partitions are led.
                if error.args[0].code() != KafkaError.UNKNOWN_TOPIC_OR_PART or time.monotonic() > until:
                    raise
                time.sleep(_PAUSE_SECONDS)
            else:
                return first, end


def _stored(topic: str, message: Message) -> Stored:
    # Received headers are pairs; only those to be sent may be a mapping.
    headers = cast("Sequence[tuple[str, bytes | None]]", message.headers() or ())
    record = Record(topic, message.key(), message.value(), tuple((name, value or b"") for name, value in headers))
    _, milliseconds = message.timestamp()
    time = datetime.fromtimestamp(max(0, milliseconds) / 1000, UTC)
    return Stored(record, message.partition() or 0, message.offset() or 0, time)
