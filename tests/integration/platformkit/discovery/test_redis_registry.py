"""Discovery on a real Redis."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from redis.asyncio import Redis

from platformkit.discovery import Instance, InstanceStatus, RedisRegistry, RegistryUnavailableError
from platformkit.redis import Keys, connect
from servanda.infra.isolation import Namespace
from tests.integration.services.forwarding import Forwarder

pytestmark = pytest.mark.usefixtures("servanda_redis")

LONG, SHORT = 60.0, 0.3


def _instance(name: str) -> Instance:
    return Instance(
        id=name,
        service="identity",
        host="127.0.0.1",
        grpc_port=1,
        http_port=2,
        interfaces=("plt.identity.v1.IdentityService",),
        version="0",
        status=InstanceStatus.SERVING,
        started_at=datetime(2026, 1, 2, tzinfo=UTC),
    )


A, B = _instance("a"), _instance("b")


@pytest.fixture
async def client(servanda_namespace: Namespace) -> AsyncIterator[Redis]:
    client = connect(servanda_namespace.endpoints.redis.url)
    yield client
    await client.aclose()


@pytest.fixture
async def way(servanda_namespace: Namespace) -> AsyncIterator[Forwarder]:
    redis = servanda_namespace.endpoints.redis
    async with Forwarder(redis.host, redis.port) as forwarder:
        yield forwarder


@pytest.fixture
async def interrupted(servanda_namespace: Namespace, way: Forwarder) -> AsyncIterator[Redis]:
    """A client whose way to Redis can be cut."""
    redis = servanda_namespace.endpoints.redis
    client = connect(redis.url.replace(f":{redis.port}/", f":{way.port}/"))
    yield client
    await client.aclose()


@pytest.fixture
def keys(servanda_namespace: Namespace) -> Keys:
    return Keys(servanda_namespace.name)


async def _shows(watch: AsyncIterator[tuple[Instance, ...]], expected: tuple[Instance, ...]) -> None:
    async with asyncio.timeout(10):
        async for instances in watch:
            if instances == expected:
                return


async def test_who_registers_is_shown_until_it_deregisters(client: Redis, keys: Keys) -> None:
    registry = RedisRegistry(client, keys)
    await registry.register(B)
    await registry.register(A)
    assert await registry.instances() == (A, B)
    await registry.deregister("b")
    assert await registry.instances() == (A,)


async def test_to_register_again_replaces_what_is_shown(client: Redis, keys: Keys) -> None:
    registry = RedisRegistry(client, keys)
    await registry.register(A)
    await registry.register(A.draining())
    assert await registry.instances() == (A.draining(),)


async def test_namespaces_do_not_meet(client: Redis, keys: Keys) -> None:
    await RedisRegistry(client, keys).register(A)
    assert await RedisRegistry(client, Keys(f"{keys.namespace}:other")).instances() == ()


async def test_a_watcher_sees_changes_as_they_happen(client: Redis, keys: Keys) -> None:
    watch = RedisRegistry(client, keys, time_to_live_seconds=LONG).watch()
    other = RedisRegistry(client, keys, time_to_live_seconds=LONG)
    assert await anext(watch) == ()
    await other.register(A)
    assert await anext(watch) == (A,)
    await other.register(B)
    assert await anext(watch) == (A, B)
    await other.deregister("a")
    assert await anext(watch) == (B,)


async def test_an_instance_that_falls_silent_disappears_with_the_next_heartbeat_of_another(
    client: Redis, keys: Keys
) -> None:
    await RedisRegistry(client, keys, time_to_live_seconds=SHORT).register(A)
    others = RedisRegistry(client, keys, time_to_live_seconds=LONG)
    watch = others.watch()
    await others.register(B)
    assert await anext(watch) == (A, B)
    beating = asyncio.create_task(_beat(others, B))
    await _shows(watch, (B,))
    beating.cancel()


async def _beat(registry: RedisRegistry, instance: Instance) -> None:
    while True:
        await registry.register(instance)
        await asyncio.sleep(0.05)


async def test_an_instance_that_falls_silent_disappears_although_nobody_else_is_there(
    client: Redis, keys: Keys
) -> None:
    registry = RedisRegistry(client, keys, time_to_live_seconds=SHORT)
    await registry.register(A)
    await _shows(registry.watch(), ())


async def test_while_redis_is_away_what_was_known_stays(
    client: Redis, interrupted: Redis, way: Forwarder, keys: Keys
) -> None:
    await RedisRegistry(client, keys, time_to_live_seconds=LONG).register(A)
    registry = RedisRegistry(interrupted, keys, time_to_live_seconds=LONG)
    watch = registry.watch()
    assert await anext(watch) == (A,)
    await way.cut()
    following = asyncio.ensure_future(anext(watch))
    with pytest.raises(RegistryUnavailableError, match="the registry in Redis cannot be reached"):
        await registry.instances()
    assert not following.done()
    await RedisRegistry(client, keys, time_to_live_seconds=LONG).register(B)
    await way.mend()
    assert await asyncio.wait_for(following, 10) == (A, B)


async def test_a_redis_that_comes_back_empty_does_not_make_instances_disappear_that_are_alive(
    client: Redis, interrupted: Redis, way: Forwarder, keys: Keys
) -> None:
    direct = RedisRegistry(client, keys, time_to_live_seconds=LONG)
    await direct.register(A)
    await direct.register(B)
    watch = RedisRegistry(interrupted, keys, time_to_live_seconds=1.5).watch()
    assert await anext(watch) == (A, B)
    await way.cut()
    following = asyncio.ensure_future(anext(watch))
    await client.delete(keys("registry", "instances"), keys("registry", "deadlines"))
    await direct.register(A)
    await way.mend()
    # The first change that shows is that b, which did not come back, is given up in the end.
    assert await asyncio.wait_for(following, 10) == (A,)


async def test_a_record_of_something_else_is_left_out(client: Redis, keys: Keys) -> None:
    registry = RedisRegistry(client, keys, time_to_live_seconds=LONG)
    await registry.register(A)
    await registry.register(B)
    await client.hset(keys("registry", "instances"), "b", "{}")
    assert await registry.instances() == (A,)


@pytest.mark.parametrize("part", ["instances", "deadlines"])
async def test_a_registry_that_is_something_else_is_an_outage_until_an_instance_registers_again(
    client: Redis, servanda_namespace: Namespace, part: str
) -> None:
    keys = Keys(servanda_namespace.name)
    registry = RedisRegistry(client, keys)
    await registry.register(A)
    await client.set(keys("registry", part), "of another version")

    with pytest.raises(RegistryUnavailableError, match="its keys hold something else"):
        await registry.instances()
    await registry.register(B)
    # What was beside it is not read without it; the others come back with their heartbeats.
    assert B in await registry.instances()
    await registry.register(A)
    assert await registry.instances() == (A, B)
