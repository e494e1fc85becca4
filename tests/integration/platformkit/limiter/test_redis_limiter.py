"""Limits on a real Redis: the same claims as about one process, and those about many."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from platformkit.limiter import Limit, RedisLimiter
from platformkit.redis import Keys, connect
from servanda.infra.isolation import Namespace

pytestmark = pytest.mark.usefixtures("servanda_redis")

# So slow that no test sees anything given back.
LIMIT = Limit("address", requests=1, seconds=3_600, burst=3)


@pytest.fixture
async def client(servanda_namespace: Namespace) -> AsyncIterator[Redis]:
    client = connect(servanda_namespace.endpoints.redis.url)
    yield client
    await client.aclose()


async def test_all_instances_together_give_no_more_than_the_burst(client: Redis) -> None:
    limiters = [RedisLimiter(client, Keys("together")) for _ in range(4)]
    decisions = await asyncio.gather(*(limiter.take([("x", LIMIT)]) for limiter in limiters for _ in range(5)))
    assert sum(decision.allowed for decision in decisions) == LIMIT.burst
    assert {decision.shared for decision in decisions} == {True}


async def test_what_is_left_is_told(client: Redis) -> None:
    limiter = RedisLimiter(client, Keys("left"))
    usages = [(await limiter.take([("x", LIMIT)])).usages[0] for _ in range(4)]
    assert [usage.remaining for usage in usages] == [2, 1, 0, 0]
    assert [usage.retry_seconds == 0 for usage in usages] == [True, True, True, False]
    assert 3_590 < usages[3].retry_seconds <= 3_600
    assert 3 * 3_590 < usages[3].reset_seconds <= 3 * 3_600


async def test_nobody_is_counted_where_one_of_two_limits_refuses(client: Redis) -> None:
    limiter = RedisLimiter(client, Keys("both"))
    tight = Limit("tight", requests=1, seconds=3_600, burst=1)
    decisions = [await limiter.take([("x", tight), ("x", LIMIT)]) for _ in range(3)]
    assert [decision.allowed for decision in decisions] == [True, False, False]
    assert (await limiter.take([("x", LIMIT)])).usages[0].remaining == LIMIT.burst - 2


async def test_callers_do_not_meet(client: Redis) -> None:
    limiter = RedisLimiter(client, Keys("strangers"))
    for who in ("x", "y"):
        assert (await limiter.take([(who, LIMIT)])).usages[0].remaining == LIMIT.burst - 1


async def test_a_key_lives_as_long_as_it_says_something(client: Redis) -> None:
    quick = Limit("quick", requests=1_000, seconds=1, burst=50)
    await RedisLimiter(client, Keys("gone")).take([("x", quick), ("y", LIMIT)])
    lives = [await client.pttl(Keys("gone")("limit", name, who)) for name, who in (("quick", "x"), ("address", "y"))]
    assert lives[0] <= 1
    assert 3_500_000 < lives[1] <= 3_600_000


@pytest.mark.parametrize("left", ["of another version", "nan", "1e300", "9" * 40, "-1"])
async def test_what_another_version_left_counts_as_nothing(client: Redis, left: str) -> None:
    keys = Keys("left-behind")
    await client.set(keys("limit", LIMIT.name, left), left)
    assert (await RedisLimiter(client, keys).take([(left, LIMIT)])).usages[0].remaining == LIMIT.burst - 1


async def test_a_value_of_another_type_counts_as_nothing(client: Redis) -> None:
    keys = Keys("other-type")
    await client.hset(keys("limit", LIMIT.name, "x"), mapping={"spent": 1})
    assert (await RedisLimiter(client, keys).take([("x", LIMIT)])).usages[0].remaining == LIMIT.burst - 1
