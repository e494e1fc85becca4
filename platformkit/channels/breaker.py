"""A circuit breaker: after enough failures in a row nobody tries for a while, then one does."""

from __future__ import annotations

import time
from collections.abc import Callable
from enum import Enum


class BreakerState(Enum):
    """State of a breaker: it lets calls through, none of them, or one that probes."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half-open"


class CircuitBreaker:
    """Counts failures in a row. Who was allowed to try reports back with one of success, failure and abandon.

    Args:
        failures: Failures in a row that open it.
        open_seconds: How long it stays open before one call may probe.
        clock: Seconds that never go backwards.
    """

    def __init__(
        self, failures: int = 5, open_seconds: float = 5.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._limit = failures
        self._open_seconds = open_seconds
        self._clock = clock
        self._failures = 0
        self._opened_at: float | None = None
        self._probing = False

    @property
    def state(self) -> BreakerState:
        """Return the state now."""
        if self._opened_at is None:
            return BreakerState.CLOSED
        if self._clock() - self._opened_at < self._open_seconds:
            return BreakerState.OPEN
        return BreakerState.HALF_OPEN

    def allow(self) -> bool:
        """Tell whether the caller may try; half open, only the first one may, until it has reported."""
        state = self.state
        if state is BreakerState.HALF_OPEN and not self._probing:
            self._probing = True
            return True
        return state is BreakerState.CLOSED

    def success(self) -> None:
        """Note that the try reached the other side."""
        # A call that was on its way when the breaker opened says nothing about now.
        if self.state is not BreakerState.OPEN:
            self._failures, self._opened_at, self._probing = 0, None, False

    def failure(self) -> None:
        """Note that the try did not reach the other side, or not for certain."""
        self._failures += 1
        if self._probing or (self._opened_at is None and self._failures >= self._limit):
            self._opened_at, self._probing = self._clock(), False

    def abandon(self) -> None:
        """Note that the try was given up before it showed anything."""
        self._probing = False
