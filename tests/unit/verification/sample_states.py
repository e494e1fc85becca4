"""Provider states that their own process imports; whose they are, the environment says."""

from __future__ import annotations

import asyncio
import os
import sys
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

Handler = Callable[[Mapping[str, object]], Awaitable[Mapping[str, object] | None]]
NUMBER = 7


@asynccontextmanager
async def named_after_environment(environ: Mapping[str, str]) -> AsyncIterator[Mapping[str, Handler]]:
    async def answers(params: Mapping[str, object]) -> Mapping[str, object]:
        return {"id": NUMBER}

    yield {f"{environ['NAME']} is ready": answers}


again = named_after_environment


@asynccontextmanager
async def unavailable(environ: Mapping[str, str]) -> AsyncIterator[Mapping[str, Handler]]:
    raise ConnectionError("no database")
    yield {}


@asynccontextmanager
async def ends(environ: Mapping[str, str]) -> AsyncIterator[Mapping[str, Handler]]:
    sys.exit("no such database")
    yield {}


@asynccontextmanager
async def unruly(environ: Mapping[str, str]) -> AsyncIterator[Mapping[str, Handler]]:
    done: list[str] = []

    async def fails(params: Mapping[str, object]) -> None:
        raise RuntimeError(f"out of {params['what']}")

    async def dies(params: Mapping[str, object]) -> None:
        sys.stderr.write("out of memory\n")
        sys.stderr.flush()
        os._exit(9)

    async def hangs(params: Mapping[str, object]) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            done.append("cancelled")

    async def tells(params: Mapping[str, object]) -> Mapping[str, object]:
        return {"done": done, "id": uuid.UUID(int=NUMBER), "folder": str(Path.cwd())}

    yield {"fails": fails, "dies": dies, "hangs": hangs, "tells": tells}


@asynccontextmanager
async def holding(environ: Mapping[str, str]) -> AsyncIterator[Mapping[str, object]]:
    events: list[str] = []

    @asynccontextmanager
    async def is_away(params: Mapping[str, object]) -> AsyncIterator[Mapping[str, object]]:
        events.append(f"{params['what']} leaves")
        yield {"id": NUMBER}
        events.append(f"{params['what']} returns")

    @asynccontextmanager
    async def stays_away(params: Mapping[str, object]) -> AsyncIterator[None]:
        yield
        raise RuntimeError("gone for good")

    @asynccontextmanager
    async def hangs_on(params: Mapping[str, object]) -> AsyncIterator[None]:
        yield
        await asyncio.Event().wait()

    @asynccontextmanager
    async def counts(params: Mapping[str, object]) -> AsyncIterator[int]:
        yield NUMBER

    async def tells(params: Mapping[str, object]) -> Mapping[str, object]:
        return {"events": events}

    yield {"is away": is_away, "stays away": stays_away, "hangs on": hangs_on, "counts": counts, "tells": tells}


@asynccontextmanager
async def ageing(environ: Mapping[str, str]) -> AsyncIterator[Mapping[str, object]]:
    asked: list[str] = []

    @asynccontextmanager
    async def lasts(params: Mapping[str, object]) -> AsyncIterator[None]:
        yield

    async def works_once(params: Mapping[str, object]) -> Mapping[str, object]:
        if asked:
            raise RuntimeError("cached statement plan is invalid due to a database schema change")
        asked.append("once")
        return {}

    async def tells(params: Mapping[str, object]) -> Mapping[str, object]:
        return {"process": os.getpid(), "name": environ.get("NAME", "")}

    yield {"lasts": lasts, "works once": works_once, "tells": tells}


@contextmanager
def not_asynchronous(environ: Mapping[str, str]) -> Iterator[Mapping[str, Handler]]:
    yield {}


async def not_decorated(environ: Mapping[str, str]) -> AsyncIterator[Mapping[str, Handler]]:
    yield {}


async def a_coroutine(environ: Mapping[str, str]) -> Mapping[str, Handler]:
    return {}


def a_mapping(environ: Mapping[str, str]) -> Mapping[str, Handler]:
    return {}
