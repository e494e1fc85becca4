"""Events of a run: as many as the old versions alone publish, all of them read, each applied once or given up."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final, Protocol

from servanda.configuration import Limits
from servanda.errors import ConfigurationError
from servanda.extras import naming_extra
from servanda.versions.oracle import Break, EventFault, FaultSort, Published, Write, Writes
from servanda.versions.phases.readers import Reader, readers_in, topics_of, waiting_in
from servanda.versions.phases.ready import Ready
from servanda.versions.phases.stores import dsn_of
from servanda.versions.plan import Phase, Step

if TYPE_CHECKING:
    from servanda.topics.cluster import Offsets, Place, Placed
    from servanda.topics.record import Record

_PAUSE_SECONDS: Final = 0.05
_ID: Final = "ce_id"
_TYPE: Final = "ce_type"
_TRACES: Final = ("ce_traceparent", "traceparent")


class Cluster(Protocol):
    """Topics of the run: :class:`servanda.topics.cluster.Cluster`, or what stands in for it."""

    def topics(self) -> Mapping[str, int]:
        """Return the number of partitions by topic."""

    def committed(self, group: str, places: Iterable[Place]) -> Offsets:
        """Return up to where a group has read, by place."""

    def read(self, topics: Iterable[str], since: Offsets | None = None) -> Iterator[Placed]:
        """Yield what topics hold, from these offsets on."""


class Rows(Protocol):
    """Tables of the run: :class:`servanda.versions.phases.rows.Rows`, or what stands in for them."""

    def counts(self, tables: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], int]:
        """Return how many rows tables have, by schema and table."""

    def numbers(self, schema: str, column: str, values: Collection[str]) -> Counter[str]:
        """Return in how many rows each of these values is."""


class EventWatch:
    """Watches what becomes of the events of a run.

    What the old versions alone show is taken for granted: how many events follow a write, which types of events have
    effects, and that some are given up.

    Args:
        versions: The versions by name, the candidate last.
        cluster: The Kafka of the run.
        rows: The database of the run; ``None`` if it has none.
        namespace: Namespace of the run.
        limits: How long an event may take.
    """

    def __init__(
        self, versions: Mapping[str, Ready], cluster: Cluster, rows: Rows | None, namespace: str, limits: Limits
    ) -> None:
        self._versions, self._cluster, self._rows, self._namespace = versions, cluster, rows, namespace
        self._limits = limits
        self._topics = topics_of(versions, namespace)
        self._mark: Offsets = {}
        self._left: Mapping[tuple[str, str], int] = {}
        self._read: dict[Place, int] = {}
        self._records: list[Placed] = []
        self._letters: dict[str, list[Placed]] = defaultdict(list)
        self._writes = Writes()
        self._usual: set[tuple[str, str, str]] = set()
        self._effective: set[tuple[str, str, str]] = set()

    async def begin(self, step: Step) -> None:
        """Account for what is published from now on: what contracts sent before was not meant to be applied.

        Raises:
            InfrastructureError: A store does not answer.
        """
        # What was sent before has to be out of the way; what is not read in time is told with the rest.
        before, since = None, time.monotonic()
        while True:
            state = await asyncio.to_thread(self._on_the_way, step)
            if state != before:
                before, since = state, time.monotonic()
            elif not state[0] or time.monotonic() - since > self._limits.event_seconds:
                break
            await asyncio.sleep(_PAUSE_SECONDS)
        self._left = {(schema, table): count for _, schema, table, count in state[1]}
        self._mark = dict(self._read)

    async def examine(self, step: Step, writes: Iterable[Write], learned: Iterable[Write] = ()) -> tuple[Break, ...]:
        """Wait until everything is read, and return what is not as it has to be.

        Args:
            step: The step.
            writes: Requests of callers of the old version that were accepted since the beginning.
            learned: Others that the old versions alone accepted before that.

        Raises:
            ConfigurationError: The old versions alone do not read, publish or apply as they are configured.
            InfrastructureError: A store is gone.
        """
        writes = tuple(writes)
        found = await self._settled(step, writes)
        if step.phase is not Phase.OLD:
            return tuple(each.as_break(step) for each in found)
        for each in found:
            if each.sort is not FaultSort.GIVEN_UP:
                what = f"the old versions alone do not hold: {each.who} {each.what}"
                hint = "correct [events.consumers] and [events.publishers]"
                raise ConfigurationError(what, where=each.path, hint=hint)
        self._usual |= {each.usual for each in found}
        await asyncio.to_thread(self._learn_effects, step)
        self._writes.learn((*writes, *learned), self._published())
        return ()

    async def _settled(self, step: Step, writes: tuple[Write, ...]) -> list[EventFault]:
        before, since = None, time.monotonic()
        while True:
            looked = await asyncio.to_thread(self._look, step, writes)
            found = [each for each in looked if each.usual not in self._usual]
            state = dict(self._read), found
            if state != before:
                before, since = state, time.monotonic()
            elif not found:
                return []  # what one consumer makes of an event may be an event: twice the same is the end
            elif time.monotonic() - since > self._limits.event_seconds:
                return found
            await asyncio.sleep(_PAUSE_SECONDS)

    def _on_the_way(self, step: Step) -> tuple[list[EventFault], list[tuple[str, str, str, int]]]:
        """Return what is not read yet, and what waits in tables."""
        waiting, readers = self._waiting(step), readers_in(step, self._versions, self._namespace)
        self._read_on(readers)
        return [each for reader in readers for each in self._unread(reader)], waiting

    def _look(self, step: Step, writes: tuple[Write, ...]) -> list[EventFault]:
        readers = readers_in(step, self._versions, self._namespace)
        # What leaves a table is on a topic, and has to be looked for after that.
        waiting = self._waiting(step)
        self._read_on(readers)
        found = [*self._left_over(waiting)]
        for reader in readers:
            found += self._unread(reader)
            found += self._given_up(reader)
            found += self._effects(reader)
        return [*found, *self._miscounts(writes)]

    def _read_on(self, readers: Iterable[Reader]) -> None:
        letters = {topic for reader in readers for topic in reader.dead_letters}
        # Topics that services make when they start may come late.
        known = self._cluster.topics()
        topics = [topic for topic in (*self._topics, *letters) if topic in known]
        for placed in self._cluster.read(topics, self._read):
            self._read[placed.record.topic, placed.partition] = placed.offset + 1
            (self._letters[placed.record.topic] if placed.record.topic in letters else self._records).append(placed)

    def _unread(self, reader: Reader) -> Iterator[EventFault]:
        ends = {place: end for place, end in self._read.items() if place[0] in reader.topics}
        at = self._cluster.committed(reader.group, ends) if ends else {}
        for (topic, partition), end in sorted(ends.items()):
            read = at.get((topic, partition), 0)
            if read < end:
                name = self._topics[topic]
                group = reader.consumer.group or reader.consumer.name
                what = f"has a group '{group}' that does not read on after {read} of {end} records of "
                what += f"{name}[{partition}]"
                yield EventFault(FaultSort.UNREAD, reader.title, what, name, str(end), str(read))

    def _given_up(self, reader: Reader) -> Iterator[EventFault]:
        for record, letter in self._refused(reader):
            why = letter.header("x-error") or letter.header("error") or "no reason is told"
            what = f"gives up the event {record.header(_TYPE)} {record.header(_ID)}: {why}"
            # With its type: one that the old versions give up hides no other one.
            path = f"{self._topics[record.topic]} {record.header(_TYPE)}"
            yield EventFault(FaultSort.GIVEN_UP, reader.title, what, path, None, why)

    def _refused(self, reader: Reader) -> Iterator[tuple[Record, Record]]:
        """Yield what a consumer gave up, and its dead letters."""
        for letters, topic in reader.dead_letters.items():
            sent = {
                (each.record.header(_ID), each.record.value): each.record
                for each in self._accounted()
                if each.record.topic == topic
            }
            for placed in self._letters[letters]:
                letter = placed.record
                record = sent.get((letter.header(_ID), letter.value))
                whose = letter.header("x-consumer") or reader.consumer.name
                # One that is older was given up before, and sent again.
                is_later = record is not None and letter.time >= record.time
                if record is not None and is_later and whose in (reader.consumer.name, reader.group):
                    yield record, letter

    def _effects(self, reader: Reader) -> Iterator[EventFault]:
        refused = {record.header(_ID) for record, _ in self._refused(reader)}
        for column, kind, numbers in self._applied(reader):
            wrong = [name for name, number in numbers.items() if number != (0 if name in refused else 1)]
            if wrong and (reader.consumer.name, column, kind) in self._effective:
                name = wrong[0]
                what = f"has {numbers[name]} rows of the event {kind} {name}"
                what += f"; the number is wrong for {len(wrong) - 1} others too" if len(wrong) > 1 else ""
                expected = "0" if name in refused else "1"
                yield EventFault(FaultSort.EFFECT, reader.title, what, column, expected, str(numbers[name]))

    def _applied(self, reader: Reader) -> Iterator[tuple[str, str, Mapping[str, int]]]:
        """Yield column, type of event, and in how many rows of the column each event of the type is."""
        if self._rows is None:
            return
        names: dict[str, list[str]] = defaultdict(list)
        for each in self._accounted():
            if each.record.topic in reader.topics and (name := each.record.header(_ID)):
                names[each.record.header(_TYPE)].append(name)
        for column in reader.consumer.effects:
            numbers = self._rows.numbers(reader.schema, column, [each for found in names.values() for each in found])
            for kind, found in names.items():
                yield column, kind, {name: numbers[name] for name in found}

    def _learn_effects(self, step: Step) -> None:
        """Take note of the types of events that the old versions alone apply once."""
        for reader in readers_in(step, self._versions, self._namespace):
            seen: set[str] = set()
            for column, kind, numbers in self._applied(reader):
                seen.add(column)
                if all(number == 1 for number in numbers.values()):
                    self._effective.add((reader.consumer.name, column, kind))
            for column in seen - {column for name, column, _ in self._effective if name == reader.consumer.name}:
                what = f"{reader.title} has no row of any event of the journeys in {reader.schema}.{column}"
                hint = "correct 'effects'; a column that the live version does not have yet is named after its release"
                raise ConfigurationError(what, where=f"events.consumers.{reader.consumer.name}", hint=hint)

    def _waiting(self, step: Step) -> list[tuple[str, str, str, int]]:
        """Return service, schema and table of what waits, and how much it is."""
        if self._rows is None or not (tables := waiting_in(step, self._versions)):
            return []
        counts = self._rows.counts((schema, table) for _, schema, table in tables)
        return [(service, schema, table, counts[schema, table]) for service, schema, table in tables]

    def _left_over(self, waiting: Iterable[tuple[str, str, str, int]]) -> Iterator[EventFault]:
        for service, schema, table, count in waiting:
            before = self._left.get((schema, table), 0)
            if count > before:
                what = f"leaves {count} events in its table {table}"
                yield EventFault(
                    FaultSort.WAITING, f"the service {service}", what, f"{schema}.{table}", str(before), str(count)
                )

    def _miscounts(self, writes: Iterable[Write]) -> Iterator[EventFault]:
        for each in self._writes.miscounts(writes, self._published()):
            topic, kind = each.kind
            what = f"is accepted, and {each.actual} events {kind} follow, where the old versions alone publish "
            what += f"{each.expected} at least" if each.actual < each.expected else str(each.expected)
            path = f"{topic} {kind}"
            yield EventFault(FaultSort.NUMBER, each.write.title, what, path, str(each.expected), str(each.actual))

    def _accounted(self) -> Iterator[Placed]:
        for each in self._records:
            if each.offset >= self._mark.get((each.record.topic, each.partition), 0):
                yield each

    def _published(self) -> Published:
        found: dict[str, set[tuple[tuple[str, str], str]]] = defaultdict(set)
        for each in self._records:
            record = each.record
            parent = next(filter(None, map(record.header, _TRACES)), "").split("-")
            if len(parent) >= 2:
                kind = self._topics[record.topic], record.header(_TYPE)
                found[parent[1]].add((kind, record.header(_ID) or f"{each.partition}/{each.offset}"))
        return found


def watch_of(
    versions: Mapping[str, Ready], placeholders: Mapping[str, str], namespace: str, limits: Limits
) -> EventWatch | None:
    """Return what watches the events of a run; ``None`` if no version configures a consumer or publisher of events.

    Args:
        versions: The versions by name, the candidate last.
        placeholders: The values of the stores.
        namespace: Namespace of the run.
        limits: How long an event may take.
    """
    events = [ready.configuration.events for ready in versions.values()]
    bootstrap = placeholders.get("kafka.bootstrap", "")
    if not bootstrap or not any(each.consumers or each.publishers for each in events):
        return None
    with naming_extra():
        from servanda.topics import cluster  # noqa: PLC0415 - of an extra
        from servanda.versions.phases import rows  # noqa: PLC0415 - of an extra

        found = rows.Rows(dsn_of(placeholders)) if "postgres.host" in placeholders else None
    return EventWatch(versions, cluster.Cluster(bootstrap), found, namespace, limits)
