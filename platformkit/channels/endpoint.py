"""One instance of a service as its caller knows it: what calls have shown of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Final

import grpc

from platformkit.channels.breaker import BreakerState, CircuitBreaker
from platformkit.channels.errors import UnreachableError
from platformkit.discovery import Instance

SILENT_SECONDS: Final = 1.0
"""After so long without any answer, while there was something to answer, an instance has to prove that it is there."""

PROVEN_SECONDS: Final = 5.0
"""For so long after an answer an instance counts as there."""


class EndpointState(StrEnum):
    """State of an instance as its caller knows it: it gets calls, has to answer a health check first, or gets none."""

    WORKING = "working"
    SILENT = "silent"
    BROKEN = "broken"


class Endpoint:
    """An instance, the channel to it, and whether it gets calls.

    Silence is what nobody can tell from slowness, so it costs an instance its calls only until it has answered a health
    check. Failures in a row open the breaker, as does losing to other instances again and again.

    Args:
        instance: What discovery shows.
        channel: Leads to it.
        clock: Seconds that never go backwards.

    Attributes:
        in_flight: Calls on their way.
        breaker: Counts what fails or takes too long.
    """

    def __init__(
        self, instance: Instance, channel: grpc.aio.Channel, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.instance = instance
        self.channel = channel
        self.in_flight = 0
        self.breaker = CircuitBreaker(clock=clock)
        self._clock = clock
        self._unreachable = False
        self._waiting_since: float | None = None
        self._answered_at = float("-inf")

    @property
    def doubtful(self) -> bool:
        """Tell whether it has to answer a health check before it gets calls again."""
        return self._unreachable or self.silent_seconds >= SILENT_SECONDS

    @property
    def proven(self) -> bool:
        """Tell whether it has answered something lately."""
        return not self.doubtful and self._clock() - self._answered_at < PROVEN_SECONDS

    @property
    def state(self) -> EndpointState:
        """Return whether it gets calls."""
        if self.doubtful:
            return EndpointState.SILENT
        return EndpointState.BROKEN if self.breaker.state is BreakerState.OPEN else EndpointState.WORKING

    @property
    def silent_seconds(self) -> float:
        """Return for how long it has answered nothing of what it was asked; zero if nothing was."""
        return 0.0 if self._waiting_since is None else self._clock() - self._waiting_since

    @contextmanager
    def call(self) -> Iterator[None]:
        """Note that a call is on its way, and how it ends."""
        began = self._clock()
        self.in_flight += 1
        if self._waiting_since is None:
            self._waiting_since = began
        try:
            yield
        except BaseException as error:
            self.in_flight -= 1
            self._failed(error, self._clock() - began)
            raise
        self.in_flight -= 1
        self.answered()
        self.breaker.success()

    def answered(self) -> None:
        """Note that it answered, whatever it said."""
        self._unreachable = False
        self._answered_at = self._clock()
        self._waiting_since = self._answered_at if self.in_flight else None

    def lost(self) -> None:
        """Note that it cannot be reached."""
        self._unreachable = True
        self.breaker.abandon()

    def _failed(self, error: BaseException, seconds: float) -> None:
        code = error.code() if isinstance(error, grpc.aio.AioRpcError) else None
        if isinstance(error, UnreachableError):
            self.lost()
        elif code is grpc.StatusCode.UNAVAILABLE:
            # Perhaps it said so, perhaps the connection broke: it is no sign of life.
            self.breaker.failure()
        elif code is grpc.StatusCode.DEADLINE_EXCEEDED and seconds >= SILENT_SECONDS:
            self.breaker.failure()
        elif code is None or code is grpc.StatusCode.DEADLINE_EXCEEDED:
            # Given up by the caller, or not given the time to answer.
            self.breaker.abandon()
        else:
            self.answered()
            self.breaker.success()
