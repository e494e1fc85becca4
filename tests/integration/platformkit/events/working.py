"""Tasks that work beside a test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager

Work = Callable[[], Coroutine[object, object, None]]


@asynccontextmanager
async def working(*works: Work) -> AsyncIterator[None]:
    """Lets them work while the context lasts; none may end by itself."""
    tasks = [asyncio.create_task(work()) for work in works]
    try:
        yield
    finally:
        ended = [task for task in tasks if task.done()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert ended == []
