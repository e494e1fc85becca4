"""Counting that goes on while the shared store is away."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Final

from platformkit.limiter.limit import Decision, Limit, Limiter
from platformkit.redis import OUTAGES
from platformkit.telemetry import Counter, get_logger

WAIT_SECONDS: Final = 0.25
"""Time that a request waits for the store before it is counted without it."""

PAUSE_SECONDS: Final = 1.0
"""Time for which a store that was away is not asked again: each request would wait for it otherwise."""

FALLBACKS: Final = Counter("plt_rate_limit_outages_total", "Times that the store of rate limits was asked and was away")

_AWAY: Final[tuple[type[Exception], ...]] = (*OUTAGES, TimeoutError)


class FallbackLimiter:
    """A limiter that lets this instance count alone while the shared one is away, and says so.

    Args:
        shared: The limiter that may be away.
        alone: The limiter of this process.
        clock: Monotonic seconds.
    """

    def __init__(self, shared: Limiter, alone: Limiter, clock: Callable[[], float] = time.monotonic) -> None:
        self._shared = shared
        self._alone = alone
        self._clock = clock
        self._away_until: float | None = None
        self._log = get_logger("limiter")

    async def take(self, taken: Sequence[tuple[str, Limit]]) -> Decision:
        """Count a request, see `Limiter`."""
        if self._away_until is not None and self._clock() < self._away_until:
            return await self._alone.take(taken)
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                decision = await self._shared.take(taken)
        except _AWAY as error:
            if self._away_until is None:
                self._log.warning("limits are counted by this instance alone", error=str(error) or type(error).__name__)
            self._away_until = self._clock() + PAUSE_SECONDS
            FALLBACKS.add()
            return await self._alone.take(taken)
        if self._away_until is not None:
            self._away_until = None
            self._log.info("limits are counted by all instances again")
        return decision
