"""Connections that fail fast and come back by themselves."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from redis.asyncio import ConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError, ResponseError
from redis.exceptions import TimeoutError as RedisTimeoutError

OUTAGES: Final[tuple[type[Exception], ...]] = (RedisConnectionError, RedisTimeoutError)
"""What a command raises while Redis is away or busy loading; nothing else means "try again later"."""


def connect(url: str, *, timeout_seconds: float = 2.0) -> Redis:
    """Return a client of this server; it connects on the first command and again whenever a connection was lost.

    A command on a connection that the server has closed is tried once more on a new one, at once. Answers are bytes.

    Args:
        url: ``redis://host:port/database``.
        timeout_seconds: How long to wait for a connection and for an answer before one of ``OUTAGES`` is raised.

    Raises:
        ValueError: The address is not a Redis URL.
    """
    pool: ConnectionPool = ConnectionPool.from_url(
        url,
        socket_connect_timeout=timeout_seconds,
        socket_timeout=timeout_seconds,
        health_check_interval=15,
        retry=Retry(NoBackoff(), 1),
        retry_on_error=[RedisConnectionError],
        decode_responses=False,
    )
    kind = pool.connection_class
    pool.connection_class = type(kind.__name__, (_EndsWhenCancelled, kind), {})
    return Redis.from_pool(pool)


class _EndsWhenCancelled:
    """Way of sending, for a connection of any kind, after which a task that was cancelled ends.

    The client sends through ``asyncio.wait_for``. Until Python 3.12 that forgets a cancellation which comes just as the
    command is on its way, and a loop over commands would then go on for ever.
    """

    async def send_packed_command(self, *command: Any, **options: Any) -> None:
        task = asyncio.current_task()
        before = task.cancelling() if task else 0
        await super().send_packed_command(*command, **options)  # type: ignore[misc]  # of the kind beside it
        if task and task.cancelling() > before:
            # The answer to the command would be taken for that of the next one.
            await self.disconnect(nowait=True)  # type: ignore[attr-defined]  # of the kind beside it
            raise asyncio.CancelledError


def is_of_another_type(error: Exception) -> bool:
    """Tell whether a command met a value of another Redis type, such as another version of this code wrote."""
    return isinstance(error, ResponseError) and str(error).startswith("WRONGTYPE")


__all__ = ["OUTAGES", "RedisError", "connect", "is_of_another_type"]
