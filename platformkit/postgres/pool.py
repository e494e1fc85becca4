"""Pools of connections that outlive an outage of the server."""

from __future__ import annotations

from typing import Final

import asyncpg

OUTAGES: Final[tuple[type[Exception], ...]] = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    # What an open transaction says on its way out when its connection is gone. Arguments that do not fit a statement
    # say the same, but they do so in the first test of that statement.
    asyncpg.InterfaceError,
    # What a statement says that comes between the server's last word and the end of the connection.
    asyncpg.InternalClientError,
)
"""What a statement raises while PostgreSQL is away, starting or stopping; the transaction it was in is gone."""


async def create_pool(dsn: str, *, max_size: int = 10, timeout_seconds: float = 10.0) -> asyncpg.Pool:
    """Make a pool that connects when a connection is wanted, so that a service starts and stays up without the server.

    Args:
        dsn: ``postgresql://user:password@host:port/database``; the role's search path leads to its schema.
        max_size: Connections at most.
        timeout_seconds: How long to wait for a connection and for the answer to a statement.
    """
    return await asyncpg.create_pool(
        dsn,
        min_size=0,
        max_size=max_size,
        timeout=timeout_seconds,
        command_timeout=timeout_seconds,
    )
