"""Work beside the calls, kept going."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Final

from platformkit.lifecycle.application import Task
from platformkit.telemetry import get_logger

_log = get_logger(__name__)

_FIRST_DELAY_SECONDS: Final = 0.1
_LAST_DELAY_SECONDS: Final = 5.0
# Whoever worked for this long before it failed is not in a crash loop.
_HEALTHY_SECONDS: Final = 30.0


async def supervise(tasks: Mapping[str, Task]) -> None:
    """Runs the tasks until cancelled; one that ends is started again, the later the more often it ended."""
    async with asyncio.TaskGroup() as group:
        for name, task in tasks.items():
            group.create_task(_keep_running(name, task), name=name)


async def _keep_running(name: str, task: Task) -> None:
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
