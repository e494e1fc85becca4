"""Keys of callers in a real Redis."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from redis.asyncio import Redis

from platformkit.discovery import RedisRegistry
from platformkit.redis import Keys, connect
from platformkit.service import ContractCaller
from platformkit.tokens import (
    INTERNAL_TOKEN_KEY,
    InternalTokens,
    KeysUnavailableError,
    RedisCallerKeys,
    RefusedTokenError,
    SigningKey,
)
from servanda import Namespace, RedisEndpoint

KEY, OTHER = SigningKey.generate(), SigningKey.generate()


@pytest.fixture
async def redis(servanda_redis: RedisEndpoint) -> AsyncIterator[Redis]:
    client = connect(servanda_redis.url)
    yield client
    await client.aclose()


@pytest.fixture
def keys(servanda_namespace: Namespace) -> Keys:
    return Keys(servanda_namespace.name)


async def test_a_key_is_found_by_its_service_and_its_name_for_a_minute(redis: Redis, keys: Keys) -> None:
    callers = RedisCallerKeys(redis, keys)
    await callers.publish("gateway", KEY.public)

    found = await callers.find("gateway", KEY.key_id)

    assert found is not None
    assert found.document() == KEY.public.document()
    assert await callers.find("auth", KEY.key_id) is None
    assert await callers.find("gateway", OTHER.key_id) is None
    assert 50_000 < await redis.pttl(keys("callers", "gateway", KEY.key_id)) <= 60_000


@pytest.mark.parametrize("document", [b"", b"[]", b"{}", b"\xff", b"[" * 100_000], ids=lambda raw: repr(raw[:8]))
async def test_what_is_no_key_is_none(redis: Redis, keys: Keys, document: bytes) -> None:
    await redis.set(keys("callers", "gateway", KEY.key_id), document)

    assert await RedisCallerKeys(redis, keys).find("gateway", KEY.key_id) is None


async def test_a_key_under_the_name_of_another_one_is_none(redis: Redis, keys: Keys) -> None:
    callers = RedisCallerKeys(redis, keys)
    await callers.publish("gateway", OTHER.public)
    document: Any = await redis.get(keys("callers", "gateway", OTHER.key_id))
    renamed = document.replace(OTHER.key_id.encode(), KEY.key_id.encode())
    await redis.set(keys("callers", "gateway", KEY.key_id), renamed)

    assert await callers.find("gateway", KEY.key_id) is None


async def test_without_redis_nobody_can_tell() -> None:
    nowhere = connect("redis://127.0.0.1:1", timeout_seconds=0.2)
    callers = RedisCallerKeys(nowhere, Keys("x"))
    try:
        with pytest.raises(KeysUnavailableError):
            await callers.find("gateway", KEY.key_id)
        with pytest.raises(KeysUnavailableError):
            await callers.publish("gateway", KEY.public)
    finally:
        await nowhere.aclose()


async def test_a_key_that_redis_lost_is_back_as_soon_as_it_is_published_again(redis: Redis, keys: Keys) -> None:
    gateway = InternalTokens("gateway", RedisCallerKeys(redis, keys))
    await gateway.publish()
    ((_, token),) = gateway.prove("identity")
    knows, starts_later = (InternalTokens("identity", RedisCallerKeys(redis, keys)) for _ in range(2))
    await knows.verify(token, "")
    async for lost in redis.scan_iter(keys("callers", "*")):
        await redis.delete(lost)

    assert (await knows.verify(token, "")).issuer == "gateway"
    with pytest.raises(RefusedTokenError):
        await starts_later.verify(token, "")
    await gateway.publish()
    assert (await InternalTokens("identity", RedisCallerKeys(redis, keys)).verify(token, "")).issuer == "gateway"


async def test_a_service_with_a_user_of_its_own_in_redis_publishes_for_itself_alone(
    redis: Redis, keys: Keys, servanda_redis: RedisEndpoint
) -> None:
    # The rules are those of ADR 0047.
    namespace = keys("callers").partition(":")[0]
    user = f"audit-{namespace}"
    patterns = [f"%R~{namespace}:callers:*", f"%RW~{namespace}:callers:audit:*", f"%RW~{namespace}:registry:*"]
    channels = ["resetchannels", f"&{namespace}:registry:*"]
    rules = ["on", ">secret", "resetkeys", *patterns, *channels, "+@all", "-@admin", "-@dangerous"]
    administer: Any = redis.execute_command
    await administer("ACL", "SETUSER", user, *rules)
    audit = connect(f"redis://{user}:secret@{servanda_redis.host}:{servanda_redis.port}/0")
    try:
        callers = RedisCallerKeys(audit, keys)
        await callers.publish("audit", KEY.public)
        await RedisCallerKeys(redis, keys).publish("gateway", OTHER.public)

        assert await callers.find("gateway", OTHER.key_id) is not None
        with pytest.raises(KeysUnavailableError, match=r"(?i)no permissions"):
            await callers.publish("gateway", KEY.public)
        assert await RedisRegistry(audit, keys).instances() == ()
    finally:
        await audit.aclose()
        await administer("ACL", "DELUSER", user)


@pytest.mark.parametrize(("transport", "kind"), [("grpc", "metadata"), ("http", "headers")])
async def test_requests_of_contracts_prove_to_come_from_a_service(
    redis: Redis, servanda_namespace: Namespace, monkeypatch: pytest.MonkeyPatch, transport: str, kind: str
) -> None:
    monkeypatch.setenv("REDIS_URL", servanda_namespace.endpoints.redis.url)
    monkeypatch.setenv("NAMESPACE", servanda_namespace.name)
    sent: dict[str, list[str]] = {"X-Request-Id": ["request-1"]}
    prove = ContractCaller("identity")

    await prove({"transport": transport, kind: sent})

    identity = InternalTokens("identity", RedisCallerKeys(redis, Keys(servanda_namespace.name)))
    ((name, (token,)),) = [pair for pair in sent.items() if pair[0] != "X-Request-Id"]
    claims = await identity.verify(token, "request-1")
    assert name == {"grpc": INTERNAL_TOKEN_KEY, "http": f"grpc-metadata-{INTERNAL_TOKEN_KEY}"}[transport]
    assert (claims.issuer, claims.subject, claims.request_id) == ("contracts", "", "request-1")


async def test_what_another_version_left_is_no_key(redis: Redis, keys: Keys) -> None:
    callers = RedisCallerKeys(redis, keys)
    await redis.set(keys("callers", "gateway", "text"), "of another version")
    await redis.hset(keys("callers", "gateway", "hash"), mapping={"kty": "EC"})

    assert await callers.find("gateway", "text") is None
    assert await callers.find("gateway", "hash") is None
