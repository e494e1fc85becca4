import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import SplitResult, urlsplit

import pytest
from redis.asyncio import Redis

from platformkit.redis import Keys, connect
from services.identity.adapters.cache import COOLDOWN_SECONDS, LIFETIME_SECONDS, RedisCache, key_of
from services.identity.domain.user import Profile, User, UserChanges, UserData
from tests.integration.services.forwarding import Forwarder

NOW = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
FIRST = User.create("00000000-0000-4000-8000-000000000001", UserData("ada@example.com", Profile("Ada")), NOW)
SECOND = FIRST.change(FIRST.data.with_changes(UserChanges(locale="de")), NOW)
THIRD = SECOND.deactivate(NOW)


@pytest.fixture
def keys(environ: Mapping[str, str]) -> Keys:
    return Keys(environ["NAMESPACE"])


@pytest.fixture
def cache(redis: Redis, keys: Keys) -> RedisCache:
    return RedisCache(redis, keys)


async def test_a_user_is_found_as_it_was_put(cache: RedisCache) -> None:
    assert await cache.get(FIRST.user_id) is None
    await cache.put(FIRST)
    assert await cache.get(FIRST.user_id) == FIRST


async def test_an_earlier_revision_never_replaces_a_later_one(cache: RedisCache) -> None:
    await cache.put(SECOND)
    await cache.put(FIRST)
    assert await cache.get(FIRST.user_id) == SECOND


async def test_a_fence_forgets_the_revision_before_and_refuses_it(cache: RedisCache) -> None:
    await cache.put(FIRST)
    await cache.fence(SECOND)
    await cache.put(FIRST)
    assert await cache.get(FIRST.user_id) is None


async def test_the_fenced_revision_is_put_when_it_is_committed(cache: RedisCache) -> None:
    await cache.fence(SECOND)
    await cache.put(SECOND)
    assert await cache.get(FIRST.user_id) == SECOND


async def test_a_fence_that_comes_late_leaves_the_later_revision_alone(cache: RedisCache) -> None:
    await cache.put(THIRD)
    await cache.fence(SECOND)
    assert await cache.get(FIRST.user_id) == THIRD


async def test_what_is_kept_expires(cache: RedisCache, redis: Redis, keys: Keys) -> None:
    key = key_of(keys, FIRST.user_id)
    await cache.put(FIRST)
    assert await redis.pttl(key) > 0
    await cache.fence(SECOND)
    assert await redis.pttl(key) > 0


@pytest.mark.parametrize("bytes_", [pytest.param(b"\xff", id="no message"), pytest.param(b"", id="an empty message")])
async def test_bytes_that_are_no_user_are_a_miss(cache: RedisCache, redis: Redis, keys: Keys, bytes_: bytes) -> None:
    await redis.hset(key_of(keys, FIRST.user_id), mapping={"revision": 1, "user": bytes_})
    assert await cache.get(FIRST.user_id) is None


@pytest.mark.parametrize("fields", [{"revision": "r7", "user": b"?"}, {"revision": "inf"}, {"format": 2}], ids=str)
async def test_what_another_version_left_is_a_miss_and_gives_way(
    cache: RedisCache, redis: Redis, keys: Keys, fields: Mapping[Any, Any]
) -> None:
    await redis.hset(key_of(keys, FIRST.user_id), mapping=fields)
    assert await cache.get(FIRST.user_id) is None
    await cache.put(FIRST)
    assert await cache.get(FIRST.user_id) == FIRST


async def test_a_value_of_another_type_is_a_miss_and_gives_way(cache: RedisCache, redis: Redis, keys: Keys) -> None:
    await redis.set(key_of(keys, FIRST.user_id), "of another version")
    assert await cache.get(FIRST.user_id) is None
    await cache.put(FIRST)
    assert await cache.get(FIRST.user_id) == FIRST


async def test_a_fence_replaces_a_value_of_another_type(cache: RedisCache, redis: Redis, keys: Keys) -> None:
    await redis.set(key_of(keys, FIRST.user_id), "of another version")
    await cache.fence(SECOND)
    await cache.put(FIRST)
    assert await cache.get(FIRST.user_id) is None


def through(address: SplitResult, port: int) -> str:
    """The same address, with its password, by way of another port."""
    return address._replace(netloc=f":{address.password}@127.0.0.1:{port}").geturl()


async def test_a_cache_that_is_away_misses_and_is_left_alone_for_a_while(
    environ: Mapping[str, str], keys: Keys
) -> None:
    address = urlsplit(environ["REDIS_URL"])
    seconds = [0.0]
    async with (
        Forwarder(str(address.hostname), address.port or 0) as way,
        connect(through(address, way.port)) as client,
    ):
        cache = RedisCache(client, keys, clock=lambda: seconds[0])
        await cache.put(FIRST)
        await way.cut()
        assert await asyncio.wait_for(cache.get(FIRST.user_id), 5) is None
        await way.mend()
        assert await cache.get(FIRST.user_id) is None
        seconds[0] += COOLDOWN_SECONDS
        assert await cache.get(FIRST.user_id) == FIRST


async def test_a_change_that_the_cache_did_not_hear_of_is_read_past_it_until_it_did(
    environ: Mapping[str, str], keys: Keys
) -> None:
    address = urlsplit(environ["REDIS_URL"])
    seconds = [0.0]
    async with (
        Forwarder(str(address.hostname), address.port or 0) as way,
        connect(through(address, way.port)) as client,
    ):
        cache = RedisCache(client, keys, clock=lambda: seconds[0])
        await cache.put(FIRST)
        await way.cut()
        await cache.fence(SECOND)
        await way.mend()
        seconds[0] += COOLDOWN_SECONDS
        assert await cache.get(FIRST.user_id) is None
        await cache.put(SECOND)
        assert await cache.get(FIRST.user_id) == SECOND


async def test_the_doubt_about_a_user_ends_when_its_old_revision_has_expired(
    environ: Mapping[str, str], keys: Keys, redis: Redis
) -> None:
    address = urlsplit(environ["REDIS_URL"])
    seconds = [0.0]
    async with (
        Forwarder(str(address.hostname), address.port or 0) as way,
        connect(through(address, way.port)) as client,
    ):
        cache = RedisCache(client, keys, clock=lambda: seconds[0])
        await way.cut()
        await cache.fence(SECOND)
        await way.mend()
        # What another process put meanwhile.
        await RedisCache(redis, keys).put(SECOND)
        seconds[0] += LIFETIME_SECONDS
        assert await cache.get(FIRST.user_id) == SECOND
