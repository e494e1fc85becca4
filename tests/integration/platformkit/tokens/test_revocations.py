"""Revocations through a real Redis."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from redis.asyncio import Redis
from structlog.testing import capture_logs

from platformkit.redis import Keys, connect
from platformkit.tokens import Claims, RedisRevocations, RevocationList, RevokedAccount, RevokedToken
from servanda import Namespace, RedisEndpoint
from tests.integration.waiting import until

CLAIMS = Claims("plt.auth", "plt", "user-1", "token-1", 0, 300, version=3)


async def _true(fact: bool) -> bool:
    return fact


@pytest.fixture
async def redis(servanda_redis: RedisEndpoint) -> AsyncIterator[Redis]:
    client = connect(servanda_redis.url)
    yield client
    await client.aclose()


@pytest.fixture
def keys(servanda_namespace: Namespace) -> Keys:
    return Keys(servanda_namespace.name)


@asynccontextmanager
async def followed(redis: Redis, keys: Keys) -> AsyncIterator[RevocationList]:
    revoked = RevocationList()
    following = asyncio.create_task(revoked.follow(redis, keys))
    try:
        await until(lambda: _true(revoked.age_seconds < 60))
        yield revoked
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)


async def test_a_verifier_hears_of_a_revocation(redis: Redis, keys: Keys) -> None:
    async with followed(redis, keys) as revoked:
        await RedisRevocations(redis, keys).announce([RevokedToken("token-1", 60), RevokedAccount("user-2", 2, 60)])

        await until(lambda: _true(revoked.covers(CLAIMS)))
        await until(lambda: _true(revoked.covers(replace(CLAIMS, subject="user-2", token_id="other", version=1))))


async def test_a_verifier_that_starts_later_knows_what_was_revoked_before(redis: Redis, keys: Keys) -> None:
    await RedisRevocations(redis, keys).announce([RevokedToken("token-1", 60)])
    async with followed(redis, keys) as revoked:
        assert revoked.covers(CLAIMS)


async def test_a_connection_that_is_cut_loses_no_revocation(redis: Redis, keys: Keys) -> None:
    async with followed(redis, keys) as revoked:
        for client in await redis.client_list():
            if client["cmd"] == "xread":
                await redis.client_kill_filter(_id=client["id"])
        await RedisRevocations(redis, keys).announce([RevokedToken("token-1", 60)])

        await until(lambda: _true(revoked.covers(CLAIMS)))


async def test_what_is_revoked_is_a_key_for_the_rest_of_its_life(redis: Redis, keys: Keys) -> None:
    revocations = RedisRevocations(redis, keys)
    await revocations.announce([RevokedToken("token-1", 60), RevokedAccount("user-1", 4, 60)])
    await revocations.announce([RevokedToken("gone", 0)])

    assert 0 < await redis.pttl(keys("rev", "token-1")) <= 60_000
    assert await redis.get(keys("tokver", "user-1")) == b"4"
    assert await redis.get(keys("rev", "gone")) is None


async def test_a_version_does_not_go_back(redis: Redis, keys: Keys) -> None:
    revocations = RedisRevocations(redis, keys)
    await revocations.announce([RevokedAccount("user-1", 4, 60), RevokedAccount("user-1", 3, 60)])

    assert await redis.get(keys("tokver", "user-1")) == b"4"


async def test_what_another_version_left_is_replaced(redis: Redis, keys: Keys) -> None:
    await redis.set(keys("tokver", "user-1"), "of another version")
    await redis.hset(keys("tokver", "user-2"), mapping={"version": 9})
    await RedisRevocations(redis, keys).announce([RevokedAccount("user-1", 4, 60), RevokedAccount("user-2", 5, 60)])

    assert await redis.get(keys("tokver", "user-1")) == b"4"
    assert await redis.get(keys("tokver", "user-2")) == b"5"


async def test_a_stream_that_is_something_else_is_an_outage_until_the_next_revocation(redis: Redis, keys: Keys) -> None:
    async with followed(redis, keys) as revoked:
        revoked.add([RevokedToken("token-1", 60)])
        await redis.set(keys("revocations"), "of another version")
        with capture_logs() as logs:
            await until(lambda: _true(bool(logs)))
        assert {line["event"] for line in logs} == {"revocations cannot be read"}
        assert revoked.covers(CLAIMS)

        await RedisRevocations(redis, keys).announce([RevokedAccount("user-2", 2, 60)])
        await until(lambda: _true(revoked.covers(replace(CLAIMS, subject="user-2", token_id="other", version=1))))


@pytest.mark.parametrize("life", ["soon", "9" * 400, "-1"])
async def test_an_entry_of_another_version_says_nothing(redis: Redis, keys: Keys, life: str) -> None:
    async with followed(redis, keys) as revoked:
        await redis.xadd(keys("revocations"), {"kind": "token", "name": "token-9", "life": life})
        await RedisRevocations(redis, keys).announce([RevokedToken("token-1", 60)])
        await until(lambda: _true(revoked.covers(CLAIMS)))
