"""Work on several services at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from typing import Any

from servanda.errors import ServandaError


async def at_once(work: Mapping[str, Coroutine[Any, Any, None]]) -> None:
    """Wait for all of it. The first failure cancels the rest, and is what a person has to read.

    Args:
        work: By name, for whoever looks at the tasks.

    Raises:
        ServandaError: The first that something raised.
    """
    try:
        async with asyncio.TaskGroup() as group:
            for name, coroutine in work.items():
                group.create_task(coroutine, name=name)
    except ExceptionGroup as failures:
        first = failures.exceptions[0]
        if isinstance(first, ServandaError):
            raise first from None
        raise
