"""The system under test on real stores, started while other work goes on."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Protocol

from treaty import infra, supervision
from treaty.configuration import Configuration, Store
from treaty.errors import TreatyError

# Logs outlive the run: reasons point into them.
_FOLDER = Path(".treaty", "gate")


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
        except TreatyError as error:
            if ready.done():
                raise
            ready.set_exception(error)
            ready.exception()  # nobody need ask: an earlier stage may have ended the run


@asynccontextmanager
async def local_platform(
    configuration: Configuration,
    environ: Mapping[str, str],
    mode: str | None,
    *,
    stores: infra.Listener = infra.ignore,
    services: supervision.Listener = supervision.ignore,
) -> AsyncIterator[supervision.Running]:
    """All configured services as processes, on the stores that they name.

    ``mode`` is the way of providing the stores, see :func:`treaty.infra.choose`. The listener ``stores`` may be called
    from several threads at once.

    Raises:
        InfrastructureError: A store did not start.
        SupervisionError: A service did not start.
    """
    async with _stores(configuration, environ, mode, stores) as endpoints:
        plan = supervision.Plan(
            configuration=configuration,
            stores=endpoints.placeholders(),
            folder=configuration.root / _FOLDER,
            environ=environ,
        )
        async with supervision.start(plan, services) as running:
            yield running


@asynccontextmanager
async def _stores(
    configuration: Configuration, environ: Mapping[str, str], mode: str | None, listener: infra.Listener
) -> AsyncIterator[infra.Endpoints]:
    needed = {store for service in configuration.services.values() for store in service.stores}
    choice = await asyncio.to_thread(infra.choose, mode, environ)
    bring_up = infra.start([store for store in Store if store in needed], choice, listener)
    entering = asyncio.create_task(asyncio.to_thread(bring_up.__enter__), name="stores")
    try:
        endpoints = await asyncio.shield(entering)
    except asyncio.CancelledError:
        # A thread cannot be cancelled; what it starts has to be ended all the same.
        with contextlib.suppress(TreatyError):
            await entering
            await asyncio.to_thread(bring_up.__exit__, None, None, None)
        raise
    try:
        yield endpoints
    finally:
        await asyncio.to_thread(bring_up.__exit__, None, None, None)
