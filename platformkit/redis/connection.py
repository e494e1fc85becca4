"""Connections that fail fast and come back by themselves."""

from __future__ import annotations

from typing import Final

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
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
    client: Redis = Redis.from_url(
        url,
        socket_connect_timeout=timeout_seconds,
        socket_timeout=timeout_seconds,
        health_check_interval=15,
        retry=Retry(NoBackoff(), 1),
        retry_on_error=[RedisConnectionError],
        decode_responses=False,
    )
    return client


__all__ = ["OUTAGES", "RedisError", "connect"]
