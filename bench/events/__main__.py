"""The way of events, stage by stage: ``python -m bench.events [EVENTS]``.

On real PostgreSQL and Kafka: writing to the outbox in transactions of one event each, draining it to Kafka, applying
what Kafka holds, and the time from one commit to its effect while nothing else happens. Rates depend on the host;
compare the stages of one run, or runs of one host.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import time
from collections.abc import Awaitable, Callable

import asyncpg
from google.protobuf.message import Message
from plt.identity.v1 import events_pb2, identity_pb2
from rich.console import Console
from rich.table import Table

from platformkit.events import (
    Connection,
    Consumer,
    Event,
    Handler,
    KafkaPublisher,
    KafkaSubscription,
    Pool,
    PostgresInbox,
    Relay,
    inbox_table,
    outbox,
    outbox_refusals,
    outbox_table,
    outbox_turns,
    topics_of,
)
from platformkit.telemetry import configure_logging
from servanda.infra import Namespace, choose, isolate, start

EVENTS = 5000
AT_ONCE = 8
LATENCIES = 200
TYPES: tuple[type[Message], ...] = (events_pb2.UserCreated,)


async def append(pool: Pool, number: int) -> None:
    message = events_pb2.UserCreated(user=identity_pb2.User(user_id=f"u-{number}", email="ada@example.com"))
    async with pool.acquire() as connection, connection.transaction():
        await outbox.append(connection, message, request_id="bench")


async def note(connection: Connection, event: Event) -> None:
    await connection.execute("INSERT INTO effects (event_id) VALUES ($1)", event.id)


async def until_counted(pool: Pool, table: str, count: int) -> None:
    while await pool.fetchval(f"SELECT count(*) FROM {table}") != count:  # noqa: S608, ASYNC110 - a table of ours
        await asyncio.sleep(0.001)


async def timed(work: Callable[[], Awaitable[object]]) -> float:
    started = time.perf_counter()
    await work()
    return time.perf_counter() - started


async def write(pool: Pool, count: int) -> None:
    numbers = iter(range(count))

    async def writer() -> None:
        for number in numbers:
            await append(pool, number)

    await asyncio.gather(*(writer() for _ in range(AT_ONCE)))


async def measure(namespace: Namespace, count: int) -> tuple[dict[str, float], list[float]]:
    """Seconds by stage, and the seconds from single commits to their effects."""
    kafka, own = namespace.endpoints.kafka.bootstrap, namespace.name
    publisher = KafkaPublisher(kafka, own, topics_of(TYPES))
    subscription = KafkaSubscription(kafka, own, "bench", topics_of(TYPES))
    handlers: dict[type[Message], Handler[Connection]] = dict.fromkeys(TYPES, note)
    async with asyncpg.create_pool(namespace.endpoints.postgres.dsn, min_size=AT_ONCE) as pool:
        tables = (
            outbox_table(),
            outbox_refusals(),
            outbox_turns(),
            inbox_table(),
            "CREATE TABLE effects (event_id text)",
        )
        await pool.execute(";".join(tables))
        consumer = Consumer(subscription, PostgresInbox(pool, "bench"), handlers, publisher, name="bench")
        seconds = {"write": await timed(lambda: write(pool, count))}
        relaying = asyncio.create_task(Relay(pool, publisher).run())
        seconds["relay"] = await timed(lambda: until_counted(pool, "outbox", 0))
        consuming = asyncio.create_task(consumer.run())
        # Joining the group is not what is measured.
        await until_counted(pool, "(SELECT 1 FROM effects LIMIT 1) AS first", 1)
        before = int(await pool.fetchval("SELECT count(*) FROM effects"))
        seconds["apply"] = await timed(lambda: until_counted(pool, "effects", count)) * count / max(count - before, 1)
        latencies = [await timed(lambda n=n: travel(pool, count + n)) for n in range(LATENCIES)]  # type: ignore[misc]
        for task in (relaying, consuming):
            task.cancel()
        await asyncio.gather(relaying, consuming, return_exceptions=True)
    await subscription.close()
    await publisher.close()
    return seconds, latencies


async def travel(pool: Pool, number: int) -> None:
    await append(pool, number)
    await until_counted(pool, "effects", number + 1)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS
    configure_logging("bench", "warning", sys.stderr)
    with start(["postgres", "kafka"], choose(None, os.environ)) as endpoints, isolate(endpoints) as namespace:
        seconds, latencies = asyncio.run(measure(namespace, count))
    table = Table(title=f"{count} events on {', '.join(fact.version for fact in endpoints.facts)}")
    for heading in ("stage", "events a second", "of writing"):
        table.add_column(heading, justify="left" if heading == "stage" else "right")
    for stage, taken in seconds.items():
        table.add_row(stage, f"{count / taken:.0f}", f"{seconds['write'] / taken:.2f}")
    console = Console()
    console.print(table)
    cuts = statistics.quantiles(latencies, n=100)
    console.print(f"commit to effect, milliseconds: p50 {cuts[49] * 1000:.1f}, p99 {cuts[98] * 1000:.1f}")


if __name__ == "__main__":
    main()
