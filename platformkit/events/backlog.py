"""Backlog of the outbox: how much waits in it, and for how long."""

from __future__ import annotations

import asyncio
from typing import Final

import asyncpg

from platformkit.events.connection import Pool
from platformkit.postgres import OUTAGES
from platformkit.telemetry import Gauge, get_logger

log = get_logger(__name__)

WAITING: Final = Gauge("plt_outbox_waiting", "Events in the outbox that Kafka has not taken yet")
OLDEST: Final = Gauge("plt_outbox_oldest_seconds", "How long ago the first event that waits in the outbox happened")
REFUSED: Final = Gauge("plt_outbox_refused", "Events in the outbox that Kafka refuses, for somebody to look at")

LOOK_SECONDS: Final = 5.0

AWAY: Final[tuple[type[Exception], ...]] = (*OUTAGES, asyncpg.PostgresError)

# By the clock of PostgreSQL, which also says when an event happened.
_BACKLOG: Final = """
    SELECT count(*) FILTER (WHERE refusal IS NULL), count(*) FILTER (WHERE refusal IS NOT NULL), (
        SELECT extract(epoch FROM clock_timestamp()
            - convert_from(header_values[array_position(header_names, 'ce_time')], 'UTF8')::timestamptz)
        FROM outbox WHERE refusal IS NULL ORDER BY position LIMIT 1
    )
    FROM outbox
"""


async def watch_backlog(pool: Pool) -> None:
    """Look at the outbox again and again, until cancelled; every instance does, whichever of them relays."""
    while True:
        try:
            async with pool.acquire() as connection:
                waiting, refused, oldest = await connection.fetchrow(_BACKLOG) or (0, 0, 0.0)
        except AWAY as error:
            log.debug("the outbox cannot be counted", reason=str(error) or type(error).__name__)
        else:
            WAITING.set(waiting)
            REFUSED.set(refused)
            OLDEST.set(max(0.0, float(oldest or 0.0)))
        await asyncio.sleep(LOOK_SECONDS)
