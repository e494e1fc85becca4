"""A Redis that somebody else runs, at ``REDIS_URL``."""

from __future__ import annotations

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from servanda.errors import InfrastructureError
from servanda.infra.bringup import BringUp, Running
from servanda.infra.stores.redis.endpoint import NAME, RedisEndpoint
from servanda.verdict import StoreFact

_ANSWER_SECONDS = 5


def start(task: BringUp) -> Running:
    """Connect once; stopping does nothing.

    Raises:
        InfrastructureError: The address cannot be read, nobody answers there, or it refuses.
    """
    url = task.choice.addresses[NAME]
    try:
        limits = {"socket_timeout": _ANSWER_SECONDS, "socket_connect_timeout": _ANSWER_SECONDS}
        with redis.Redis.from_url(url, **limits, retry=Retry(NoBackoff(), 0)) as client:
            server = client.info("server")
            where = client.connection_pool.connection_kwargs
    except (redis.RedisError, ValueError) as error:
        raise InfrastructureError(
            f"Redis is not reachable: {error}",
            where="REDIS_URL",
            hint="check the address, or unset REDIS_URL to have one started",
        ) from error
    fact = StoreFact(NAME, "external", f"Redis {server['redis_version']}")
    host, port, password = where.get("host", "localhost"), int(where.get("port", 6379)), where.get("password") or ""
    return Running(RedisEndpoint(host, port, url, fact, password), lambda: None)
