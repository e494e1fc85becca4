"""Nobody listens at the addresses of these tests: connections are made when they are used, not before."""

from __future__ import annotations

import pytest

from platformkit.events import Pool, Topic
from platformkit.lifecycle import Settings, StartError
from platformkit.service.connections import Connections

ENVIRON = {"POSTGRES_DSN": "postgresql://a:b@127.0.0.1:1/plt", "KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1"}


async def open_without_redis(opened: list[Pool]) -> None:
    async with Connections(Settings.from_environ("audit", ENVIRON)) as connections:
        opened.append(await connections.postgres())
        connections.redis()


async def test_what_was_opened_is_closed_when_a_later_setting_is_missing() -> None:
    opened: list[Pool] = []
    with pytest.raises(StartError, match="REDIS_URL"):
        await open_without_redis(opened)
    assert [pool.is_closing() for pool in opened] == [True]


async def close_a_publisher_twice(opened: list[Pool]) -> None:
    async with Connections(Settings.from_environ("audit", ENVIRON)) as connections:
        opened.append(await connections.postgres())
        await connections.publisher([Topic("t")]).close()


async def test_a_connection_that_cannot_be_closed_keeps_no_other_one_open() -> None:
    opened: list[Pool] = []
    with pytest.raises(RuntimeError, match="cannot schedule new futures after shutdown"):
        await close_a_publisher_twice(opened)
    assert [pool.is_closing() for pool in opened] == [True]
