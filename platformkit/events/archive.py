"""Records that topics hold now, read without being a member of a group."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from platformkit.events.envelope import Record
from platformkit.events.errors import SubscriptionError
from platformkit.events.publisher import MemoryPublisher
from platformkit.events.topics import DEAD_LETTER_SUFFIX

_BEGINNING: Final = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Stored:
    """A record at its place.

    Attributes:
        record: What is stored.
        partition: Partition of its topic.
        offset: Place in the partition.
        time: When Kafka took it, or its publisher says so; in UTC.
    """

    record: Record
    partition: int
    offset: int
    time: datetime

    @property
    def place(self) -> str:
        """Return ``<partition>/<offset>``, which names it within its topic."""
        return f"{self.partition}/{self.offset}"


class Archive(Protocol):
    """Topics of one deployment; every method blocks.

    Raises:
        SubscriptionError: Each method does, if Kafka does not answer or the topic does not exist.
    """

    def dead_letter_topics(self) -> tuple[str, ...]:
        """Return the topics of dead letters that exist, without the suffix of the deployment."""
        ...

    def records(self, topic: str, latest: int | None = None) -> Iterator[Stored]:
        """Yield what a topic holds at the beginning of the reading, each partition in its order.

        Args:
            topic: Its name without the suffix of the deployment.
            latest: How many of the last places of each partition are read; None for all of them.
        """
        ...

    def record_at(self, topic: str, partition: int, offset: int) -> Stored | None:
        """Return the record at a place; None if the topic holds it no more, or never did."""
        ...


class MemoryArchive:
    """Records that a publisher keeps, in topics of one partition; for tests.

    A record is as many seconds younger than the first one as there were records before it.

    Args:
        publisher: Where the records are. While it is not available, nothing can be read.
    """

    def __init__(self, publisher: MemoryPublisher) -> None:
        self._publisher = publisher

    def dead_letter_topics(self) -> tuple[str, ...]:
        """See `Archive`."""
        return tuple(sorted({topic for topic in self._topics() if topic.endswith(DEAD_LETTER_SUFFIX)}))

    def records(self, topic: str, latest: int | None = None) -> Iterator[Stored]:
        """See `Archive`."""
        if topic not in self._topics():
            raise SubscriptionError(f"there is no topic {topic!r}")
        held = self._held(topic)
        yield from held if latest is None else held[max(0, len(held) - latest) :]

    def record_at(self, topic: str, partition: int, offset: int) -> Stored | None:
        """See `Archive`."""
        self._topics()
        return next((one for one in self._held(topic) if (one.partition, one.offset) == (partition, offset)), None)

    def _topics(self) -> tuple[str, ...]:
        if not self._publisher.available:
            raise SubscriptionError("the publisher was made unavailable")
        return tuple(record.topic for record in self._publisher.records)

    def _held(self, topic: str) -> list[Stored]:
        records = [(number, one) for number, one in enumerate(self._publisher.records) if one.topic == topic]
        return [
            Stored(record, 0, offset, _BEGINNING + timedelta(seconds=number))
            for offset, (number, record) in enumerate(records)
        ]
