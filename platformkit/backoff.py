"""Waits between attempts, longer and longer.

Every use here waits inside a loop that never gives up and starts anew after a success (a relay, a watch, a consumer).
Libraries for retries wrap one call that ends in a result, so none of them fits; those that a caller may repeat are
limited by `platformkit.channels.RetryBudget` instead.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable

__all__ = ["Backoff"]


class Backoff:
    """Waits that double from try to try, each cut short at random so that many do not come back at once.

    Args:
        first_seconds: Length of the first wait at most.
        limit_seconds: Length of any wait at most.
        sleep: Waits for so many seconds.
    """

    def __init__(
        self,
        first_seconds: float = 0.1,
        limit_seconds: float = 2.0,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._first_seconds = first_seconds
        self._limit_seconds = limit_seconds
        self._sleep = sleep
        self._seconds = first_seconds

    async def wait(self) -> None:
        """Wait, and let the next wait be longer."""
        await self._sleep(self._seconds * random.uniform(0.5, 1.0))  # noqa: S311 - spreads load, guards nothing
        self._seconds = min(self._seconds * 2, self._limit_seconds)

    def reset(self) -> None:
        """Let the next wait be short again: something worked."""
        self._seconds = self._first_seconds
