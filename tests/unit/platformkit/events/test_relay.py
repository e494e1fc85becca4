"""A relay whose turn it is not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from platformkit.events import MemoryPublisher, Relay


class Locked:
    """A pool of one connection to a schema in which another relay works."""

    def __init__(self) -> None:
        self.asked = 0
        self.terminated = False
        self.wake: Callable[[], None] = lambda: None

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator[Any]:
        yield self

    async def fetchval(self, query: str) -> object:
        return "probe.outbox"

    async def execute(self, query: str) -> None:
        if query.startswith("LOCK"):
            self.asked += 1
            raise asyncpg.LockNotAvailableError

    def transaction(self) -> Any:
        return self

    async def start(self) -> None:
        pass

    async def rollback(self) -> None:
        pass

    async def add_listener(self, channel: str, callback: Callable[..., None]) -> None:
        self.wake = callback

    def add_termination_listener(self, callback: Callable[..., None]) -> None:
        pass

    def terminate(self) -> None:
        self.terminated = True


async def turns(count: int) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def test_a_relay_asks_for_its_turn_when_it_is_woken_and_not_all_the_time() -> None:
    pool: Any = Locked()
    running = asyncio.create_task(Relay(pool, MemoryPublisher()).run())
    await turns(50)
    assert pool.asked == 1
    pool.wake()
    await turns(50)
    assert pool.asked == 2
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert pool.terminated
