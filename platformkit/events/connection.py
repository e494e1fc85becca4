"""A connection to PostgreSQL, a pool of them, and the time that all who share the server agree on."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias, cast

import asyncpg
from asyncpg.pool import PoolConnectionProxy

# A pool lends proxies; both execute and fetch alike. Quoted, since only type checkers see a parameter here.
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]"
Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"


async def time_of(connection: Connection) -> datetime:
    """Return the present moment by the clock of PostgreSQL, aware.

    It goes on within a transaction, so that what is asked for behind a lock is later than what held the lock before.
    """
    return cast("datetime", await connection.fetchval("SELECT clock_timestamp()"))
