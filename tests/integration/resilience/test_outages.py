"""A store goes away under the running platform and comes back: clear errors, no restart, nothing lost."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from anyio.from_thread import start_blocking_portal

from servanda.infra import Namespace
from tests.contract.consumer.web_app_client import RefusedError, WebAppClient
from tests.integration.platformkit.events.broker import broker_of_its_own
from tests.integration.running_platform import Platform, running_platform
from tests.integration.services.forwarding import Forwarder
from tests.integration.waiting import eventually

SERVICES = ("identity", "audit", "notification", "gateway")


@dataclass(frozen=True, slots=True)
class Store:
    """A store that can be taken away.

    Attributes:
        take_away: Nobody reaches it any more.
        bring_back: It answers again, with all that it held.
    """

    take_away: Callable[[], object]
    bring_back: Callable[[], object]


@contextmanager
def way(host: str, port: int) -> Iterator[tuple[int, Store]]:
    """A port that leads to a server until it is taken away."""
    forwarder = Forwarder(host, port)
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(forwarder):
        cut, mend = (lambda: portal.call(forwarder.cut)), (lambda: portal.call(forwarder.mend))
        yield forwarder.port, Store(cut, mend)


@dataclass(frozen=True, slots=True)
class Damaged:
    """A platform whose stores can be taken away."""

    platform: Platform
    stores: dict[str, Store]

    def pids(self) -> list[int]:
        return [self.platform.running.service(name).pid for name in SERVICES]


@pytest.fixture
def damaged(servanda_namespace: Namespace, tmp_path: Path) -> Iterator[Damaged]:
    postgres, redis = servanda_namespace.endpoints.postgres, servanda_namespace.endpoints.redis
    with ExitStack() as stack:
        postgres_port, postgres_store = stack.enter_context(way(postgres.host, postgres.port))
        redis_port, redis_store = stack.enter_context(way(redis.host, redis.port))
        broker = stack.enter_context(broker_of_its_own(tmp_path, os.environ))
        command: list[tuple[str, ...]] = []
        kafka_store = Store(lambda: command.append(broker.kill()), lambda: broker.restart(command.pop()))
        ways = {
            **servanda_namespace.endpoints.placeholders(),
            "postgres.host": "127.0.0.1",
            "postgres.port": str(postgres_port),
            "redis.url": redis.url.replace(f"{redis.host}:{redis.port}", f"127.0.0.1:{redis_port}"),
            "kafka.bootstrap": broker.bootstrap,
        }
        platform = stack.enter_context(running_platform(servanda_namespace, tmp_path, stores=ways))
        yield Damaged(platform, {"postgres": postgres_store, "redis": redis_store, "kafka": kafka_store})


def sign_up(web_app: WebAppClient, key: str) -> str:
    return web_app.sign_up(f"{key}@example.org", "Ada", key).user_id


def refused_while_away(web_app: WebAppClient) -> list[str]:
    """Users whose creation was refused at first, with an error that says to come again."""
    key = uuid.uuid4().hex
    with pytest.raises(RefusedError) as refused:
        sign_up(web_app, key)
    assert (refused.value.http_status, refused.value.status) == (503, "UNAVAILABLE")
    assert refused.value.reason == "STORE_UNAVAILABLE"
    return [key]


def served_while_away(web_app: WebAppClient) -> list[str]:
    """Users who were created all the same."""
    keys = [uuid.uuid4().hex for _ in range(5)]
    for key in keys:
        sign_up(web_app, key)
    return keys


@pytest.mark.parametrize(
    ("name", "meanwhile"),
    [
        pytest.param("postgres", refused_while_away, id="PostgreSQL"),
        pytest.param("redis", served_while_away, id="Redis"),
        pytest.param("kafka", served_while_away, id="Kafka"),
    ],
)
def test_a_store_that_was_away_costs_no_write_and_no_restart(
    damaged: Damaged, name: str, meanwhile: Callable[[WebAppClient], list[str]]
) -> None:
    pids = damaged.pids()
    with WebAppClient(damaged.platform.gateway_url) as web_app:
        before = sign_up(web_app, "before")
        damaged.stores[name].take_away()
        keys = meanwhile(web_app)
        damaged.stores[name].bring_back()
        users = {before, *(eventually(partial(repeated, web_app, key), until=bool, seconds=60) for key in keys)}
        trails = {user: eventually(partial(trail, web_app, user), until=bool, seconds=90) for user in users}
    assert trails == {user: ["ENTRY_KIND_USER_CREATED"] for user in users}
    assert damaged.pids() == pids


def repeated(web_app: WebAppClient, key: str) -> str:
    """The user of a key, or nothing while the platform says that it is not back yet."""
    try:
        return sign_up(web_app, key)
    except RefusedError as refused:
        if refused.http_status != 503:
            raise
        return ""


def trail(web_app: WebAppClient, user: str) -> list[str]:
    try:
        return [happening.kind for happening in web_app.happenings(f"users/{user}")]
    except RefusedError as refused:
        if refused.http_status != 503:
            raise
        return []
