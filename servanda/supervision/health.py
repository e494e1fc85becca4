"""Looking at running instances from time to time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from servanda.supervision.fleet import Running
from servanda.supervision.service import SupervisedService
from servanda.supervision.tasks import at_once

_PAUSE_SECONDS = 2.0


async def watch_health(running: Running, tell: Callable[[str, str], None]) -> None:
    """Look at each instance every two seconds, until this is cancelled.

    Args:
        running: The system.
        tell: Gets the name of an instance, and what keeps it from being ready; empty if it is.
    """
    await at_once({name: _watch(running.service(name), tell) for name in running.names})


async def _watch(one: SupervisedService, tell: Callable[[str, str], None]) -> None:
    while True:
        await asyncio.sleep(_PAUSE_SECONDS)
        if one.alive:
            tell(one.instance.name, await one.unready())
