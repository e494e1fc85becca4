"""Events that could not be applied, until their time comes, and the events of their keys behind them.

An event that fails is not given up at once: it is tried again after each of some delays. Meanwhile its key is parked:
what comes for it waits behind, so that its order holds, and all other keys go on. What waits is in PostgreSQL rather
than in topics for each delay, because whether a key is parked has to be known to whoever reads its partition next, and
has to change in the transaction in which an event takes effect.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol, TypeVar

from platformkit.events.connection import Connection
from platformkit.events.envelope import Event, Record
from platformkit.events.inbox import MemoryInbox
from platformkit.events.subscription import Delivery

DELAYS: Final = (30.0, 300.0)
"""Seconds after which an event is tried again: after its first failure, its second, and no more after the last."""

_HELD: Final = """
    SELECT DISTINCT topic, key FROM parked
    WHERE consumer = $1 AND (topic, key) IN (SELECT * FROM unnest($2::text[], $3::bytea[]))
"""
_PARK: Final = """
    INSERT INTO parked (consumer, source, event_id, topic, partition, place, key, value, header_names, header_values,
                        attempts, reason, due_time)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, clock_timestamp() + make_interval(secs => $13))
    ON CONFLICT (consumer, source, event_id) DO NOTHING
"""
# Only the first of a key may be tried, and only by one instance: whoever finds it locked finds nothing of its key.
_NEXT: Final = """
    SELECT position, topic, partition, place, key, value, header_names, header_values, attempts FROM parked AS one
    WHERE consumer = $1 AND due_time <= clock_timestamp() AND position = (
        SELECT min(position) FROM parked WHERE consumer = $1 AND topic = one.topic AND key = one.key
    )
    ORDER BY due_time
    LIMIT 1
    FOR UPDATE SKIP LOCKED
"""
_POSTPONE: Final = """
    UPDATE parked SET attempts = $2, reason = $3, due_time = clock_timestamp() + make_interval(secs => $4)
    WHERE position = $1
"""
_REMOVE: Final = "DELETE FROM parked WHERE position = $1"

Transaction = TypeVar("Transaction", contravariant=True)  # noqa: PLC0105 - the name that it has everywhere

Lane = tuple[str, bytes]
"""A topic and a key: what keeps its order."""


@dataclass(frozen=True, slots=True)
class Parked:
    """An event that waits.

    Attributes:
        position: Its place in the order of its key.
        delivery: Its record, and where that was.
        attempts: How often it has failed; zero if it only waits behind another event.
    """

    position: int
    delivery: Delivery
    attempts: int


class Parking(Protocol[Transaction]):
    """Keeps events of one consumer until they are due; every method works inside a transaction."""

    async def held(self, transaction: Transaction, /, lanes: Sequence[Lane]) -> frozenset[Lane]:
        """Return those of the lanes in which an event waits."""
        ...

    async def park(self, transaction: Transaction, /, delivery: Delivery, event: Event, reason: str) -> bool:
        """Let an event that has failed wait for the first delay; False if there is none."""
        ...

    async def queue(self, transaction: Transaction, /, delivery: Delivery, event: Event) -> None:
        """Let an event wait behind those of its lane, and no longer."""
        ...

    async def due(self, transaction: Transaction, /) -> Parked | None:
        """Return an event whose time has come and that is the first of its lane, and keep it from others meanwhile."""
        ...

    async def postpone(self, transaction: Transaction, /, parked: Parked, reason: str) -> bool:
        """Let an event that has failed again wait for its next delay; False if there is none."""
        ...

    async def remove(self, transaction: Transaction, /, parked: Parked) -> None:
        """Forget an event, so that the next one of its lane has its turn."""
        ...


def lane_of(record: Record) -> Lane:
    """Return the lane of a record."""
    return record.topic, record.key or b""


class PostgresParking:
    """Events that wait, in the table ``parked`` of the schema of their consumer.

    Args:
        consumer: Name of the consumer.
        delays: Seconds after which an event is tried again; without any, each failure is final.
    """

    def __init__(self, consumer: str, delays: Sequence[float] = DELAYS) -> None:
        self._consumer = consumer
        self._delays = tuple(delays)

    async def held(self, transaction: Connection, lanes: Sequence[Lane]) -> frozenset[Lane]:
        """See `Parking`."""
        topics, keys = [topic for topic, _ in lanes], [key for _, key in lanes]
        rows = await transaction.fetch(_HELD, self._consumer, topics, keys)
        return frozenset((row["topic"], row["key"]) for row in rows)

    async def park(self, transaction: Connection, delivery: Delivery, event: Event, reason: str) -> bool:
        """See `Parking`."""
        if not self._delays:
            return False
        await self._insert(transaction, delivery, event, 1, reason, self._delays[0])
        return True

    async def queue(self, transaction: Connection, delivery: Delivery, event: Event) -> None:
        """See `Parking`."""
        await self._insert(transaction, delivery, event, 0, "waits behind another event of its key", 0.0)

    async def due(self, transaction: Connection) -> Parked | None:
        """See `Parking`."""
        row = await transaction.fetchrow(_NEXT, self._consumer)
        if row is None:
            return None
        headers = tuple(zip(row["header_names"], row["header_values"], strict=True))
        record = Record(row["topic"], row["key"], row["value"], headers)
        return Parked(row["position"], Delivery(record, row["partition"], row["place"]), row["attempts"])

    async def postpone(self, transaction: Connection, parked: Parked, reason: str) -> bool:
        """See `Parking`."""
        delay = delay_after(parked.attempts, self._delays)
        if delay is None:
            return False
        await transaction.execute(_POSTPONE, parked.position, parked.attempts + 1, _storable(reason), delay)
        return True

    async def remove(self, transaction: Connection, parked: Parked) -> None:
        """See `Parking`."""
        await transaction.execute(_REMOVE, parked.position)

    async def _insert(
        self, transaction: Connection, delivery: Delivery, event: Event, attempts: int, reason: str, delay: float
    ) -> None:
        record = delivery.record
        names, values = [name for name, _ in record.headers], [value for _, value in record.headers]
        topic, key = lane_of(record)
        identity = (self._consumer, event.source, event.id, topic, delivery.partition, delivery.offset)
        await transaction.execute(
            _PARK, *identity, key, record.value, names, values, attempts, _storable(reason), delay
        )


class MemoryParking:
    """Events that wait in memory, by a clock that is set by hand; for tests.

    Attributes:
        now: Present moment, in seconds, by which events are due.
        waiting: What waits, by source and identifier of its event.
        due_at: When it is due.
        reasons: Why what has failed waits, in order.
    """

    def __init__(self, delays: Sequence[float] = DELAYS) -> None:
        self._delays = tuple(delays)
        self._identities: dict[int, tuple[str, str]] = {}
        self.now = 0.0
        self.waiting: dict[tuple[str, str], Parked] = {}
        self.due_at: dict[int, float] = {}
        self.reasons: list[str] = []

    async def held(self, _: MemoryInbox, lanes: Sequence[Lane]) -> frozenset[Lane]:
        """See `Parking`."""
        return frozenset(lane_of(parked.delivery.record) for parked in self.waiting.values()) & frozenset(lanes)

    async def park(self, _: MemoryInbox, delivery: Delivery, event: Event, reason: str) -> bool:
        """See `Parking`."""
        if not self._delays:
            return False
        self.reasons.append(reason)
        self._add(event, Parked(0, delivery, 1), self._delays[0])
        return True

    async def queue(self, _: MemoryInbox, delivery: Delivery, event: Event) -> None:
        """See `Parking`."""
        self._add(event, Parked(0, delivery, 0), 0.0)

    async def due(self, _: MemoryInbox) -> Parked | None:
        """See `Parking`."""
        seen: set[Lane] = set()
        for parked in sorted(self.waiting.values(), key=lambda one: one.position):
            lane = lane_of(parked.delivery.record)
            if lane not in seen and self.due_at[parked.position] <= self.now:
                return parked
            seen.add(lane)
        return None

    async def postpone(self, _: MemoryInbox, parked: Parked, reason: str) -> bool:
        """See `Parking`."""
        delay = delay_after(parked.attempts, self._delays)
        if delay is None:
            return False
        self.reasons.append(reason)
        self.waiting[self._identities[parked.position]] = replace(parked, attempts=parked.attempts + 1)
        self.due_at[parked.position] = self.now + delay
        return True

    async def remove(self, _: MemoryInbox, parked: Parked) -> None:
        """See `Parking`."""
        del self.waiting[self._identities[parked.position]]

    def _add(self, event: Event, parked: Parked, delay: float) -> None:
        if (event.source, event.id) in self.waiting:
            return
        position = len(self._identities)
        self._identities[position] = event.source, event.id
        self.waiting[event.source, event.id] = replace(parked, position=position)
        self.due_at[position] = self.now + delay


def delay_after(attempts: int, delays: Sequence[float]) -> float | None:
    """Return the seconds to wait after so many attempts that are over; None if that was the last one."""
    return delays[attempts] if attempts < len(delays) else None


def _storable(reason: str) -> str:
    # What PostgreSQL takes for text: no U+0000, and nothing without a form in UTF-8.
    return reason.replace("\0", "\N{REPLACEMENT CHARACTER}").encode(errors="replace").decode()
