"""Work beside the calls, kept going."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine
from typing import Final

from platformkit.lifecycle.application import Task
from platformkit.telemetry import get_logger

_log = get_logger(__name__)

_FIRST_DELAY_SECONDS: Final = 0.1
_LAST_DELAY_SECONDS: Final = 5.0
# Whoever worked for this long before it failed is not in a crash loop.
_HEALTHY_SECONDS: Final = 30.0
_CANCEL_AGAIN_SECONDS: Final = 1.0


@contextlib.asynccontextmanager
async def running(work: Coroutine[None, None, None], stop: asyncio.Event) -> AsyncIterator[None]:
    """Lets something work meanwhile; if it fails, ``stop`` is set and the failure comes out of here in the end."""

    def ended(task: asyncio.Task[None]) -> None:
        if not task.cancelled() and task.exception() is not None:
            stop.set()

    task = asyncio.create_task(work)
    task.add_done_callback(ended)
    try:
        yield
    finally:
        # Once may not be enough: an error on the way out can take the place of the cancellation, and be retried.
        while not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=_CANCEL_AGAIN_SECONDS)
    if not task.cancelled():
        task.result()


async def keep_running(name: str, task: Task) -> None:
    """Runs a task until cancelled; if it ends it is started again, the later the more often it ended."""
    loop = asyncio.get_running_loop()
    delay = _FIRST_DELAY_SECONDS
    while True:
        started = loop.time()
        try:
            await task()
        except Exception as error:  # noqa: BLE001 - a task that fails must not take the service with it
            _log.error("background task failed", task=name, exc_info=error)
        else:
            _log.warning("background task ended", task=name)
        delay = _FIRST_DELAY_SECONDS if loop.time() - started > _HEALTHY_SECONDS else delay
        await asyncio.sleep(delay)
        delay = min(delay * 2, _LAST_DELAY_SECONDS)
