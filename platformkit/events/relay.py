"""The way of events from the outbox to Kafka."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Final

import asyncpg

from platformkit.backoff import Backoff
from platformkit.events import outbox
from platformkit.events.backlog import watch_backlog
from platformkit.events.connection import Connection, Pool
from platformkit.events.errors import PublishError, RecordRefusedError
from platformkit.events.publisher import Publisher
from platformkit.events.spans import sending
from platformkit.postgres import OUTAGES
from platformkit.telemetry import Counter, get_logger, measured

log = get_logger(__name__)

SENT: Final = Counter("plt_events_sent_total", "Events that Kafka took from the outbox", ("topic",))

BATCH: Final = 500
# Only a notification that got lost, or the death of another relay, waits for this long.
LOOK_SECONDS: Final = 1.0
TURN_SECONDS: Final = 3600.0
"""How long a relay keeps its turn: a vacuum of the table that it locks would wait for the end of it."""

# Whatever PostgreSQL refuses, it refuses the relay's few fixed statements for reasons that pass, such as a migration.
AWAY: Final[tuple[type[Exception], ...]] = (*OUTAGES, asyncpg.PostgresError, PublishError)

_CHANNEL = "SELECT current_schema() || '.outbox'"
# A lock on a table of this schema, which no other service can hold. It takes no number of a transaction, so that its
# long life keeps nothing from being vacuumed.
_LOCK = "LOCK TABLE outbox_relay IN EXCLUSIVE MODE NOWAIT"
_WITHOUT_LIMIT = "SET LOCAL idle_in_transaction_session_timeout = 0"
# Relays of earlier versions hold an advisory lock. One that another role holds means nothing.
_EARLIER = """
    WITH earlier AS MATERIALIZED (SELECT hashtextextended(current_schema() || '.relay', 0) AS key)
    SELECT pg_try_advisory_lock(key) OR NOT EXISTS (
        SELECT FROM pg_locks JOIN pg_stat_activity USING (pid)
        WHERE locktype = 'advisory' AND granted AND usename = current_user AND datname = current_database()
            AND objsubid = 1 AND (classid::bigint << 32 | objid::bigint) = key
    ) FROM earlier
"""


class Relay:
    """Publishes what the outbox holds, woken by the commits that put it there.

    Any number of instances of a service may run one: a lock lets a single one work, since two would break the order of
    a key. A record leaves the outbox after Kafka has acknowledged it, so one may be published twice, but none
    is lost; whatever is published first keeps its order. A record that Kafka refuses for what it is stays in the outbox
    with the reason, and those behind it have their turn.

    Args:
        pool: Connections whose search path leads to the schema with the outbox; two are kept.
        publisher: Takes the records to Kafka.
        clock: Monotonic seconds.
    """

    def __init__(self, pool: Pool, publisher: Publisher, clock: Callable[[], float] = time.monotonic) -> None:
        self._pool = pool
        self._publisher = publisher
        self._clock = clock

    async def run(self) -> None:
        """Work until cancelled; while PostgreSQL or Kafka is away, wait for it."""
        async with _counted(self._pool):
            await self._work()

    async def _work(self) -> None:
        backoff = Backoff()
        while True:
            try:
                async with _session(self._pool) as connection, _session(self._pool) as turn:
                    wake = await _woken(connection, turn)
                    await self._take_turn(connection, turn, wake, backoff)
            except AWAY as error:
                log.warning("the relay waits", reason=str(error) or type(error).__name__)
                await backoff.wait()

    async def _take_turn(self, connection: Connection, turn: Connection, wake: asyncio.Event, backoff: Backoff) -> None:
        while not await _is_ours(turn):
            await _wait(wake)
        end = self._clock() + TURN_SECONDS
        # Connects, so that the first event need not wait for it.
        await self._publisher.publish([])
        log.info("the relay works")
        if refused := await outbox.refused(connection):
            log.error("events that Kafka refused wait in the outbox for somebody to look at them", count=refused)
        while self._clock() < end:
            await self._drain(connection, turn)
            backoff.reset()
            await _wait(wake)

    async def _drain(self, connection: Connection, turn: Connection) -> None:
        while batch := await outbox.waiting(connection, BATCH):
            # Asked of the server, since the end of a connection is seen here only later.
            await turn.execute("SELECT")
            try:
                await self._send(batch)
            except RecordRefusedError:
                # Kafka refuses whole batches, those that it would take together with the one that it would not.
                for entry in batch:
                    await self._publish_alone(connection, entry)
            else:
                await outbox.remove(connection, batch)

    async def _publish_alone(self, connection: Connection, entry: outbox.Waiting) -> None:
        try:
            await self._send([entry])
        except RecordRefusedError as error:
            await outbox.set_aside(connection, entry, str(error))
            facts = {"topic": entry.record.topic, "key": repr(entry.record.key), "position": entry.position}
            log.error("Kafka refuses an event, which stays in the outbox", **facts, reason=str(error))
        else:
            await outbox.remove(connection, [entry])

    async def _send(self, batch: Sequence[outbox.Waiting]) -> None:
        records = [entry.record for entry in batch]
        with sending(records):
            await self._publisher.publish(records)
        for record in records:
            SENT.add(record.topic)


@asynccontextmanager
async def _counted(pool: Pool) -> AsyncIterator[None]:
    """Keep the numbers of the outbox meanwhile, if somebody reads them."""
    watching = asyncio.create_task(watch_backlog(pool)) if measured() else None
    try:
        yield
    finally:
        if watching is not None:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)


@asynccontextmanager
async def _session(pool: Pool) -> AsyncIterator[Connection]:
    """Lend a connection that ends with its use, and with it the lock and the notifications.

    To give them back one by one would take answers from a server that may be the reason for the end.
    """
    async with pool.acquire() as connection:
        try:
            yield connection
        finally:
            # A connection that is lost has left the pool already, which the pool calls an error.
            with suppress(asyncpg.InterfaceError):
                connection.terminate()


async def _is_ours(turn: Connection) -> bool:
    """Take the turn in a transaction that is left open, and tell whether that succeeded."""
    transaction = turn.transaction()
    await transaction.start()
    try:
        await turn.execute(_WITHOUT_LIMIT)
        await turn.execute(_LOCK)
        if await turn.fetchval(_EARLIER):
            return True
    except asyncpg.LockNotAvailableError:
        pass
    await transaction.rollback()
    return False


async def _woken(connection: Connection, turn: Connection) -> asyncio.Event:
    """Return an event that every commit of this schema's outbox sets, and the end of a connection too."""
    wake = asyncio.Event()

    def notified(*_: object) -> None:
        wake.set()

    await connection.add_listener(await connection.fetchval(_CHANNEL), notified)
    for each in (connection, turn):
        each.add_termination_listener(notified)
    return wake


async def _wait(wake: asyncio.Event) -> None:
    # Not wait_for: before Python 3.12 it loses a cancellation that comes together with the event.
    with suppress(TimeoutError):
        async with asyncio.timeout(LOOK_SECONDS):
            await wake.wait()
    wake.clear()
