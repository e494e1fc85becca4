"""Attempts at one call beside each other, of which the first answer counts."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self

from platformkit.channels.call import Incoming


class Race:
    """Attempts that run; those that have not ended with the block are cancelled."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Incoming]] = set()

    @property
    def running(self) -> bool:
        """Tell whether an attempt runs."""
        return bool(self._running)

    def begin(self, attempt: Coroutine[Any, Any, Incoming]) -> asyncio.Task[Incoming]:
        """Begin one more attempt."""
        task = asyncio.create_task(attempt)
        self._running.add(task)
        return task

    async def ended(self, patience: float | None) -> asyncio.Task[Incoming] | None:
        """Return the next attempt that ends; None if none does within so many seconds."""
        done, _ = await asyncio.wait(self._running, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
        if not done:
            return None
        # If several have ended together, an answer counts more than an error.
        first = min(done, key=lambda attempt: attempt.cancelled() or attempt.exception() is not None)
        self._running.discard(first)
        return first

    async def __aenter__(self) -> Self:
        """Begin without any."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Give up those that still run."""
        for attempt in self._running:
            attempt.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
