"""Keys below one prefix for one run or one test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from servanda.infra.store import no_template, outlives_run
from servanda.infra.stores.redis.endpoint import NAME, RedisEndpoint


@contextmanager
def isolate(endpoint: RedisEndpoint, name: str, template: str | None) -> Iterator[RedisEndpoint]:
    """Give the keys ``<name>:*``; they are removed at the end if the server outlives the run.

    Raises:
        InfrastructureError: There is a template.
    """
    no_template(NAME, template)
    try:
        yield endpoint
    finally:
        if outlives_run(endpoint):
            _remove(endpoint, name)


def _remove(endpoint: RedisEndpoint, name: str) -> None:
    # Imported here alone: the client takes long to import, and most runs have a server of their own.
    from redis import Redis  # noqa: PLC0415

    with Redis.from_url(endpoint.url) as client:
        for key in client.scan_iter(f"{name}:*", count=1000):
            client.delete(key)
