"""Work beside the calls, kept going."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from typing import Final

from platformkit.backoff import Backoff
from platformkit.lifecycle.application import Task
from platformkit.telemetry import get_logger

_log = get_logger(__name__)

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
    """Run a task until cancelled; if it ends it is started again, the later the more often it ended."""
    loop = asyncio.get_running_loop()
    backoff = Backoff(limit_seconds=_LAST_DELAY_SECONDS)
    while True:
        started = loop.time()
        try:
            await task()
        except Exception as error:  # noqa: BLE001 - a task that fails must not take the service with it
            _log.error("background task failed", task=name, exc_info=error)
        else:
            _log.warning("background task ended", task=name)
        if loop.time() - started > _HEALTHY_SECONDS:
            backoff.reset()
        await backoff.wait()


def every(
    seconds: float,
    work: Task,
    *,
    outages: tuple[type[Exception], ...] = (),
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> Task:
    """Return a task that does some work at once and then again and again, until cancelled.

    Args:
        seconds: Time from the end of the work until it is done again.
        work: What to do.
        outages: Errors that mean that a store is away: the work is tried again soon, not only after the whole time.
        sleep: Waits for so many seconds.
    """

    async def again_and_again() -> None:
        backoff = Backoff(limit_seconds=_LAST_DELAY_SECONDS, sleep=sleep)
        while True:
            try:
                await work()
            except outages as error:
                _log.warning("periodic work waits for its store", error=str(error) or type(error).__name__)
                await backoff.wait()
            else:
                backoff.reset()
                await sleep(seconds)

    return again_and_again
