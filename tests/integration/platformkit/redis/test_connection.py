"""The connection to a real Redis."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from redis.asyncio import Redis

from platformkit.redis import connect
from servanda import RedisEndpoint


async def _ask_for_ever(client: Redis) -> None:
    while True:
        await client.ping()


async def _listen_for_ever(client: Redis) -> None:
    while True:
        async with client.pubsub() as changes:
            await changes.subscribe("changes")


@pytest.mark.parametrize("use", [_ask_for_ever, _listen_for_ever])
async def test_a_task_that_is_cancelled_at_any_moment_of_a_command_ends(
    servanda_redis: RedisEndpoint, use: Callable[[Redis], Awaitable[None]]
) -> None:
    client = connect(servanda_redis.url)
    try:
        for steps in range(60):
            task = asyncio.ensure_future(use(client))
            for _ in range(steps):
                await asyncio.sleep(0)
            task.cancel()
            ended, _ = await asyncio.wait([task], timeout=2)
            assert ended, f"after {steps} steps of the loop"
            assert task.cancelled()
    finally:
        await client.aclose()


async def test_a_cancelled_command_leaves_no_answer_for_the_next(servanda_redis: RedisEndpoint) -> None:
    client = connect(servanda_redis.url)
    try:
        for steps in range(60):
            task: asyncio.Future[object] = asyncio.ensure_future(client.echo("cancelled"))
            for _ in range(steps):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.wait([task])
            assert await client.echo("next") == b"next"
    finally:
        await client.aclose()
