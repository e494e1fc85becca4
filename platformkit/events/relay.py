"""The way of events from the outbox to Kafka."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

import asyncpg

from platformkit.backoff import Backoff
from platformkit.events import outbox
from platformkit.events.connection import Connection, Pool
from platformkit.events.errors import PublishError, RecordRefusedError
from platformkit.events.publisher import Publisher
from platformkit.postgres import OUTAGES
from platformkit.telemetry import get_logger

log = get_logger(__name__)

BATCH: Final = 500
# Only a notification that got lost, or the death of another relay, waits for this long.
LOOK_SECONDS: Final = 1.0

# Whatever PostgreSQL refuses, it refuses the relay's few fixed statements for reasons that pass, such as a migration.
AWAY: Final[tuple[type[Exception], ...]] = (*OUTAGES, asyncpg.PostgresError, PublishError)

_CHANNEL = "SELECT current_schema() || '.outbox'"
_LOCK = "SELECT pg_try_advisory_lock(hashtextextended(current_schema() || '.relay', 0))"


class Relay:
    """Publishes what the outbox holds, woken by the commits that put it there.

    Any number of instances of a service may run one: an advisory lock lets a single one work, since two would break the
    order of a key. A record leaves the outbox after Kafka has acknowledged it, so one may be published twice, but none
    is lost; whatever is published first keeps its order. A record that Kafka refuses for what it is stays in the outbox
    with the reason, and those behind it have their turn.

    Args:
        pool: Connections whose search path leads to the schema with the outbox; one is kept.
        publisher: Takes the records to Kafka.
    """

    def __init__(self, pool: Pool, publisher: Publisher) -> None:
        self._pool = pool
        self._publisher = publisher

    async def run(self) -> None:
        """Work until cancelled; while PostgreSQL or Kafka is away, wait for it."""
        backoff = Backoff()
        while True:
            try:
                async with _session(self._pool) as connection:
                    await self._take_turns(connection, await _woken(connection), backoff)
            except AWAY as error:
                log.warning("the relay waits", reason=str(error) or type(error).__name__)
                await backoff.wait()

    async def _take_turns(self, connection: Connection, wake: asyncio.Event, backoff: Backoff) -> None:
        while not await connection.fetchval(_LOCK):
            await _wait(wake)
        # Connects, so that the first event need not wait for it.
        await self._publisher.publish([])
        log.info("the relay works")
        if refused := await outbox.refused(connection):
            log.error("events that Kafka refused wait in the outbox for somebody to look at them", count=refused)
        while True:
            await self._drain(connection)
            backoff.reset()
            await _wait(wake)

    async def _drain(self, connection: Connection) -> None:
        while batch := await outbox.waiting(connection, BATCH):
            try:
                await self._publisher.publish([entry.record for entry in batch])
            except RecordRefusedError:
                # Kafka refuses whole batches, those that it would take together with the one that it would not.
                for entry in batch:
                    await self._publish_alone(connection, entry)
            else:
                await outbox.remove(connection, batch)

    async def _publish_alone(self, connection: Connection, entry: outbox.Waiting) -> None:
        try:
            await self._publisher.publish([entry.record])
        except RecordRefusedError as error:
            await outbox.set_aside(connection, entry, str(error))
            facts = {"topic": entry.record.topic, "key": repr(entry.record.key), "position": entry.position}
            log.error("Kafka refuses an event, which stays in the outbox", **facts, reason=str(error))
        else:
            await outbox.remove(connection, [entry])


@asynccontextmanager
async def _session(pool: Pool) -> AsyncIterator[Connection]:
    """A connection that ends with its use, and with it the lock and the notifications.

    To give them back one by one would take answers from a server that may be the reason for the end.
    """
    async with pool.acquire() as connection:
        try:
            yield connection
        finally:
            # A connection that is lost has left the pool already, which the pool calls an error.
            with suppress(asyncpg.InterfaceError):
                connection.terminate()


async def _woken(connection: Connection) -> asyncio.Event:
    """An event that every commit of this schema's outbox sets, and the end of the connection too."""
    wake = asyncio.Event()

    def notified(*_: object) -> None:
        wake.set()

    await connection.add_listener(await connection.fetchval(_CHANNEL), notified)
    connection.add_termination_listener(notified)
    return wake


async def _wait(wake: asyncio.Event) -> None:
    # Not wait_for: before Python 3.12 it loses a cancellation that comes together with the event.
    with suppress(TimeoutError):
        async with asyncio.timeout(LOOK_SECONDS):
            await wake.wait()
    wake.clear()
