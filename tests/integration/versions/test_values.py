"""Everything that a run keeps in a real Redis, held against formats."""

from __future__ import annotations

from collections.abc import AsyncIterator
from types import MappingProxyType

import pytest
from google.protobuf.wrappers_pb2 import StringValue
from redis.asyncio import Redis

from servanda.errors import InfrastructureError
from servanda.infra import Namespace
from servanda.interfaces.values.document import parse
from servanda.versions.phases.values import KeptValues
from servanda.versions.plan import Phase, Step

STEP = Step(1, Phase.OLD, MappingProxyType({"stock": ("1",)}))
DECLARED = """
[formats.{kind}]
key = "{{namespace}}:{kind}"
type = "{kind}"
{content}
ttl = 60
writers = ["stock"]
readers = ["stock"]
"""
FIELDS = "fields = { count = { content = 'integer' } }"
FORMATS = tuple(
    each
    for kind in ("string", "hash", "set", "zset", "list", "stream")
    for each in parse(
        DECLARED.format(kind=kind, content=FIELDS if kind in {"hash", "stream"} else "content = 'integer'"),
        "contracts/values/stock.toml",
    )
)


@pytest.fixture
async def redis(servanda_namespace: Namespace) -> AsyncIterator[Redis]:
    async with Redis.from_url(servanda_namespace.endpoints.redis.url) as client:
        yield client


@pytest.fixture
def values(servanda_namespace: Namespace) -> KeptValues:
    return KeptValues(FORMATS, servanda_namespace.endpoints.redis.url, servanda_namespace.name)


async def write(redis: Redis, name: str) -> None:
    """Write a value of each type as it is declared."""
    pipeline = redis.pipeline()
    pipeline.set(f"{name}:string", "1")
    pipeline.hset(f"{name}:hash", "count", "1")
    pipeline.sadd(f"{name}:set", "1")
    pipeline.zadd(f"{name}:zset", {"1": 1})
    pipeline.rpush(f"{name}:list", "1")
    pipeline.xadd(f"{name}:stream", {"count": "1"})
    for each in FORMATS:
        pipeline.expire(f"{name}:{each.type}", 60)
    await pipeline.execute()


async def test_values_of_all_types_are_as_declared(
    redis: Redis, values: KeptValues, servanda_namespace: Namespace
) -> None:
    await write(redis, servanda_namespace.name)
    assert await values.examine(STEP) == ()


async def test_what_deviates_is_told_once(redis: Redis, values: KeptValues, servanda_namespace: Namespace) -> None:
    await write(redis, servanda_namespace.name)
    await redis.persist(f"{servanda_namespace.name}:zset")
    await redis.set(f"{servanda_namespace.name}:string", "one", ex=60)
    await redis.set(f"{servanda_namespace.name}:other:4711", "1")
    found = await values.examine(STEP)
    assert {(each.call, each.path) for each in found} == {
        ("the key {namespace}:zset", "ttl"),
        ("the key {namespace}:string", "value"),
        ("the key {namespace}:other:*", "key"),
    }
    assert await values.examine(STEP) == ()


async def test_contents_are_read_by_the_definitions_of_the_versions(
    redis: Redis, servanda_namespace: Namespace
) -> None:
    declared = DECLARED.format(kind="string", content="content = 'protobuf'\nmessage = 'shop.v1.Item'")
    url, decoders = servanda_namespace.endpoints.redis.url, {"shop.v1.Item": (StringValue.FromString,)}
    values = KeptValues(parse(declared, "contracts/values/stock.toml"), url, servanda_namespace.name, lambda: decoders)
    await redis.set(f"{servanda_namespace.name}:string", StringValue(value="Pen").SerializeToString(), ex=60)
    assert await values.examine(STEP) == ()
    await redis.set(f"{servanda_namespace.name}:string", '{"name": "Pen"}', ex=60)
    assert [(each.path, each.expected) for each in await values.examine(STEP)] == [("value", "protobuf shop.v1.Item")]


async def test_keys_of_others_are_none_of_the_run(
    redis: Redis, values: KeptValues, servanda_namespace: Namespace
) -> None:
    key = f"of-another-{servanda_namespace.name}:string"
    await redis.set(key, "one", ex=5)
    assert await values.examine(STEP) == ()


async def test_a_redis_that_is_gone_is_an_outage() -> None:
    with pytest.raises(InfrastructureError, match="redis died during the run"):
        await KeptValues(FORMATS, "redis://127.0.0.1:1/0", "run").examine(STEP)
