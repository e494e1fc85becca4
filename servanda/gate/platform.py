"""The system under test on real stores, started while other work goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from servanda import supervision


class Platform(Protocol):
    """A platform that is started at most once."""

    def begin(self) -> None:
        """Begin to start it, without waiting; once is enough."""

    async def running(self) -> supervision.Running:
        """Wait until it is ready.

        Raises:
            InfrastructureError: A store did not start.
            SupervisionError: A service did not start.
        """


class BackgroundPlatform:
    """A platform that a task of its own starts, holds and ends."""

    def __init__(self, started: Callable[[], AbstractAsyncContextManager[supervision.Running]]) -> None:
        self._started = started
        self._task: asyncio.Task[None] | None = None
        self._ready: asyncio.Future[supervision.Running] | None = None
        self._over = asyncio.Event()

    def begin(self) -> None:
        """Begin to start it, without waiting; once is enough."""
        if self._ready is None:
            self._ready = asyncio.get_running_loop().create_future()
            self._task = asyncio.create_task(self._hold(self._ready), name="platform")

    async def running(self) -> supervision.Running:
        """Wait until it is ready.

        Raises:
            InfrastructureError: A store did not start.
            SupervisionError: A service did not start.
        """
        self.begin()
        assert self._ready is not None, "begin() made it"  # noqa: S101 - for the type checker
        return await asyncio.shield(self._ready)

    async def close(self) -> None:
        """End it in order, whether it was ready, on its way or never begun."""
        if self._task is None or self._ready is None:
            return
        self._over.set()
        if not self._ready.done():
            self._task.cancel()
        await asyncio.wait([self._task])
        if not self._task.cancelled():
            self._task.result()

    async def _hold(self, ready: asyncio.Future[supervision.Running]) -> None:
        try:
            async with self._started() as running:
                ready.set_result(running)
                await self._over.wait()
        except Exception as error:  # whoever waits has to hear of a defect too, or would wait for ever
            if ready.done():
                raise
            ready.set_exception(error)
            ready.exception()  # nobody need ask: an earlier stage may have ended the run
