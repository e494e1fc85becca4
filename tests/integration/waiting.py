"""Waiting on conditions of things that happen elsewhere."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

Value = TypeVar("Value")


def eventually(
    observe: Callable[[], Value], *, until: Callable[[Value], bool], seconds: float, pause: float = 0.05
) -> Value:
    """The first observation that fulfils the condition.

    Raises:
        AssertionError: None did in time; the message shows the last observation.
    """
    deadline = time.monotonic() + seconds
    while True:
        value = observe()
        if until(value):
            return value
        assert time.monotonic() < deadline, f"after {seconds} s still: {value!r}"
        time.sleep(pause)


async def until(condition: Callable[[], Awaitable[object]], seconds: float = 20) -> None:
    """Wait until the condition, which is asked of a store or another process, is true.

    Raises:
        TimeoutError: It is not in time.
    """
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 - nobody here could set an event
            await asyncio.sleep(0.02)
