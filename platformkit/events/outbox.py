"""Events leave with the transaction that they tell of, or not at all.

An event is a row of the table ``outbox``, written in the caller's transaction; the relay takes it from there to Kafka.
An event that Kafka refuses for what it is stays there with the reason, in the column ``refusal``, until somebody has
looked at it; setting that to NULL publishes it again.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from google.protobuf.message import Message

from platformkit.context import current
from platformkit.events.connection import Connection, time_of
from platformkit.events.envelope import Record, encode
from platformkit.events.errors import EventError
from platformkit.events.event_type import EventType
from platformkit.events.spans import creating
from platformkit.events.tables import TURNS

# What a broker accepts unless configured otherwise is 1 MiB with the record's overhead: whoever causes a larger one is
# told at once, rather than people who find it set aside.
MAX_VALUE_BYTES: Final = 1_000_000

# Positions are drawn when a row is written, not when it becomes visible. The lock makes two transactions that tell of
# one key draw theirs in the order of their commits: the second draws only after the first is visible. It is a lock on a
# row of this schema, which no other service can hold. No event is lost should the row be missing.
_APPEND = """
    WITH turn AS MATERIALIZED (
        SELECT number FROM outbox_turns
        WHERE number = abs(hashtextextended($2::text || encode($3, 'hex'), 0) % $7::int)
        FOR UPDATE
    ),
    written AS (
        INSERT INTO outbox (event_id, topic, key, value, header_names, header_values)
        SELECT $1, $2, $3, $4, $5, $6 FROM (SELECT count(*) FROM turn) AS held
    )
    SELECT pg_notify(current_schema() || '.outbox', '')
"""
_WAITING = """
    SELECT position, topic, key, value, header_names, header_values FROM outbox
    WHERE refusal IS NULL
    ORDER BY position
    LIMIT $1
"""
_SET_ASIDE = "UPDATE outbox SET refusal = $2 WHERE position = $1"
_REFUSED = "SELECT count(*) FROM outbox WHERE refusal IS NOT NULL"
_REMOVE = "DELETE FROM outbox WHERE position = ANY($1::bigint[])"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A record in the outbox.

    Attributes:
        position: Its place in the order of publication.
        record: What to publish.
    """

    position: int
    record: Record


async def append(
    connection: Connection, message: Message, *, time: datetime | None = None, request_id: str = ""
) -> str:
    """Publish an event if, and only if, the transaction commits.

    Events with one key are published in the order in which their transactions commit.

    Args:
        connection: A connection inside a transaction, whose search path leads to the schema with the outbox.
        message: The event.
        time: When it happened, aware; by default now, by the clock of PostgreSQL, which all instances share.
        request_id: Identifier of the request that causes it; empty means the request at hand, or else a new one.

    Returns:
        The identifier of the event, a UUID.

    Raises:
        EventDefinitionError: The message is no event, or its key is empty.
        EventError: The event is larger than a topic accepts.
    """
    event_id = uuid.uuid4()
    with creating(EventType.of(message.DESCRIPTOR).topic, str(event_id)):
        context = current()
        record = encode(
            message,
            event_id=str(event_id),
            time=time or await time_of(connection),
            request_id=request_id or context.request_id,
            trace=context.trace,
        )
        size = len(record.value or b"")
        if size > MAX_VALUE_BYTES:
            raise EventError(f"{message.DESCRIPTOR.full_name}: expected {MAX_VALUE_BYTES} bytes at most, actual {size}")
        names, values = [name for name, _ in record.headers], [value for _, value in record.headers]
        await connection.execute(_APPEND, event_id, record.topic, record.key, record.value, names, values, TURNS)
    return str(event_id)


async def waiting(connection: Connection, limit: int) -> tuple[Waiting, ...]:
    """Return the records to publish next, in their order."""
    return tuple(
        Waiting(row["position"], Record(row["topic"], row["key"], row["value"], tuple(zip(*row[4:6], strict=True))))
        for row in await connection.fetch(_WAITING, limit)
    )


async def remove(connection: Connection, published: Sequence[Waiting]) -> None:
    """Forget records that Kafka has acknowledged."""
    await connection.execute(_REMOVE, [entry.position for entry in published])


async def set_aside(connection: Connection, refused: Waiting, reason: str) -> None:
    """Keep a record that Kafka refuses out of the way of the others, and why."""
    await connection.execute(_SET_ASIDE, refused.position, reason)


async def refused(connection: Connection) -> int:
    """Return how many records have been set aside."""
    return int(await connection.fetchval(_REFUSED))
