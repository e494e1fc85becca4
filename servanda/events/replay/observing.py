"""One phase of a replay: records sent, waited for until every consumer has read them, and the effects read."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from servanda import supervision
from servanda.configuration import EventConsumer, Limits
from servanda.events.replay.difference import DifferenceKind
from servanda.events.replay.script import Sent
from servanda.events.replay.state import State, Tables
from servanda.topics.cluster import Cluster, Offsets, Place
from servanda.topics.names import Names
from servanda.topics.record import Record

_PAUSE: Final = 0.05
_LOOK: Final = 0.25


@dataclass(frozen=True, slots=True)
class Failed:
    """A consumer that cannot go on.

    Attributes:
        events: The records that it may be about: the first unread one of each partition.
    """

    kind: DifferenceKind
    what: str
    events: tuple[Sent, ...]


@dataclass(frozen=True, slots=True)
class Observed:
    """Traces that a phase left.

    Attributes:
        state: The rows; ``None`` if the consumer failed.
        refused: Why a record was given up, by its digest.
        failed: What kept it from going on.
        waits: Rows of tables that should be empty, and were not in time.
    """

    state: State | None
    refused: Mapping[str, str]
    failed: Failed | None = None
    waits: int = 0


@dataclass
class Observer:
    """Observer of consumers that run together on one namespace.

    Attributes:
        consumers: The consumers.
        running: Their processes.
        tables: Their tables, by consumer.
    """

    consumers: Sequence[EventConsumer]
    running: supervision.Running
    cluster: Cluster
    names: Names
    tables: Mapping[str, Tables]
    limits: Limits
    _sent: dict[Place, list[tuple[int, Sent]]] = field(default_factory=dict)
    _failed: dict[str, Failed] = field(default_factory=dict)

    async def send(self, sents: Iterable[Sent]) -> None:
        """Send records and wait until every consumer that goes on has read them.

        Raises:
            InfrastructureError: Kafka is gone.
        """
        by_record: dict[int, Sent] = {}
        records: list[Record] = []
        for sent in sents:
            records.append(replace(sent.record, topic=self.names.of(sent.record.topic)))
            by_record[id(records[-1])] = sent
        placed = await asyncio.to_thread(self.cluster.send, records)
        for place, found in placed.items():
            self._sent.setdefault(place, []).extend((offset, by_record[id(record)]) for offset, record in found)
        await asyncio.gather(*(self._until_read(consumer) for consumer in self.consumers if self._goes_on(consumer)))

    async def observed(self) -> Mapping[str, Observed]:
        """Return what every consumer has left, once nothing changes any more.

        Raises:
            ConfigurationError: Its tables cannot be told.
            InfrastructureError: A store is gone.
        """
        found = await asyncio.gather(*map(self._observed, self.consumers))
        return dict(zip((each.name for each in self.consumers), found, strict=True))

    def _goes_on(self, consumer: EventConsumer) -> bool:
        return consumer.name not in self._failed

    async def _until_read(self, consumer: EventConsumer) -> None:
        topics = {self.names.of(topic) for topic in consumer.topics}
        ends = {place: found[-1][0] + 1 for place, found in self._sent.items() if place[0] in topics}
        group, handle = self.names.group(consumer), self.running.service(consumer.name)
        since, before = time.monotonic(), None
        while True:
            at = await asyncio.to_thread(self.cluster.committed, group, ends)
            if all(at.get(place, 0) >= end for place, end in ends.items()):
                return
            if at != before:
                since, before = time.monotonic(), at
            if not handle.alive:
                how = supervision.describe_exit(handle.exit_code) if handle.exit_code is not None else "by itself"
                last = next(reversed(handle.lines), "it said nothing")
                what = f"its process ended {how}; its last line: {last}"
                self._failed[consumer.name] = Failed(DifferenceKind.DIED, what, self._heads(at, ends))
                return
            if time.monotonic() - since > self.limits.event_seconds + self.limits.settle_seconds:
                what = f"it did not get past this record within {self.limits.event_seconds:g} s"
                self._failed[consumer.name] = Failed(DifferenceKind.STUCK, what, self._heads(at, ends))
                return
            await asyncio.sleep(_PAUSE)

    def _heads(self, at: Offsets, ends: Offsets) -> tuple[Sent, ...]:
        """Return the first record of each partition that was not read."""
        found = []
        for place, end in ends.items():
            if (read := at.get(place, 0)) < end:
                found.append(next(sent for offset, sent in self._sent[place] if offset >= read))
        return tuple(found)

    async def _observed(self, consumer: EventConsumer) -> Observed:
        if (failed := self._failed.get(consumer.name)) is not None:
            return Observed(None, {}, failed)
        tables = self.tables[consumer.name]
        state, waits = await asyncio.to_thread(tables.read)
        since = began = time.monotonic()
        while True:
            now = time.monotonic()
            # What is sent or parked comes to its end later than the record is read.
            if now - since > self.limits.settle_seconds / 2 and (not waits or now - began > self.limits.event_seconds):
                break
            await asyncio.sleep(_LOOK)
            after, waits = await asyncio.to_thread(tables.read)
            if after != state:
                state, since = after, time.monotonic()
        refused = await asyncio.to_thread(self._refused, consumer)
        return Observed(state, refused, None, waits)

    def _refused(self, consumer: EventConsumer) -> Mapping[str, str]:
        known = self.cluster.topics()
        own = {self.names.dead_letters(consumer, topic): topic for topic in consumer.topics if consumer.dead_letters}
        by_content = {
            (sent.record.topic, sent.record.key, sent.record.value): sent
            for found in self._sent.values()
            for _, sent in found
        }
        by_id = {
            (sent.record.topic, sent.record.key, sent.record.value, sent.record.header("ce_id")): sent
            for found in self._sent.values()
            for _, sent in found
        }
        refused: dict[str, str] = {}
        for placed in self.cluster.read([topic for topic in own if topic in known]):
            record = placed.record
            content = (own[record.topic], record.key, record.value)
            sent = by_id.get((*content, record.header("ce_id"))) or by_content.get(content)
            if sent is not None and _is_of(record, consumer):
                refused[sent.record.digest] = record.header("x-error") or record.header("error") or "no reason is told"
        return refused


def _is_of(record: Record, consumer: EventConsumer) -> bool:
    """Tell whether a dead letter is of a consumer, as far as it says whose it is: others may share the topic."""
    told = record.header("x-consumer")
    return not told or told == (consumer.group or consumer.name)
