"""Events take effect once, however often they come.

That an event was applied is a row of the table ``inbox``, written in the transaction of its effect.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final, Protocol, TypeVar

from platformkit.events.connection import Connection, Pool
from platformkit.events.envelope import Event

KEEP_HOURS: Final = 720
FORGET_SECONDS: Final = 3600.0
"""How often a service has to call `PostgresInbox.forget`."""

# What a handler works on: a connection inside a transaction, or what stands for one.
Transaction = TypeVar("Transaction")

_CLAIM = """
    INSERT INTO inbox (consumer, source, event_id)
    SELECT $1, source, event_id FROM unnest($2::text[], $3::text[]) AS event (source, event_id)
    ON CONFLICT DO NOTHING
    RETURNING source, event_id
"""
_FORGET = "DELETE FROM inbox WHERE consumer = $1 AND apply_time < now() - make_interval(hours => $2)"


class Inbox(Protocol[Transaction]):
    """Knows which events one consumer has applied."""

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """What happens inside happens all together, or not at all."""
        ...

    async def claim(self, transaction: Transaction, events: Sequence[Event]) -> tuple[Event, ...]:
        """Those of the events that were never applied, each once; they are, if the transaction commits."""
        ...


class PostgresInbox:
    """The inbox of one consumer in PostgreSQL.

    Args:
        pool: Connections whose search path leads to the schema with the inbox.
        consumer: Name of the consumer; two of one name share what they have applied.
        keep_hours: How long to know that an event was applied; longer than any topic keeps a record.
    """

    def __init__(self, pool: Pool, consumer: str, *, keep_hours: int = KEEP_HOURS) -> None:
        self._pool = pool
        self._consumer = consumer
        self._keep_hours = keep_hours

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """A connection inside a transaction."""
        async with self._pool.acquire() as connection, connection.transaction():
            yield connection

    async def claim(self, transaction: Connection, events: Sequence[Event]) -> tuple[Event, ...]:
        """Those of the events that were never applied, each once; they are, if the transaction commits."""
        sources, identifiers = [event.source for event in events], [event.id for event in events]
        rows = await transaction.fetch(_CLAIM, self._consumer, sources, identifiers)
        return _once(events, {(row["source"], row["event_id"]) for row in rows})

    async def forget(self) -> None:
        """Forget what was applied longer ago than is to be known."""
        await self._pool.execute(_FORGET, self._consumer, self._keep_hours)


class MemoryInbox:
    """The inbox of one consumer in memory; its transactions lend the inbox itself. For tests.

    Attributes:
        applied: Source and identifier of every event that was applied.
    """

    def __init__(self) -> None:
        self.applied: set[tuple[str, str]] = set()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[MemoryInbox]:
        """Take back what was claimed, if what happens inside fails."""
        before = set(self.applied)
        try:
            yield self
        except BaseException:
            self.applied = before
            raise

    async def claim(self, transaction: MemoryInbox, events: Sequence[Event]) -> tuple[Event, ...]:
        """Those of the events that were never applied, each once."""
        fresh = _once(events, {(event.source, event.id) for event in events} - transaction.applied)
        transaction.applied |= {(event.source, event.id) for event in fresh}
        return fresh


def _once(events: Sequence[Event], fresh: set[tuple[str, str]]) -> tuple[Event, ...]:
    first = {(event.source, event.id): event for event in reversed(events)}
    return tuple(
        event for event in events if (event.source, event.id) in fresh and first[event.source, event.id] is event
    )
