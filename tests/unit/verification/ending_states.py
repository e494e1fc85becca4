"""Provider states that end otherwise than by returning values."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

Params = Mapping[str, object]
NUMBER = 7


class SpeechlessError(Exception):
    """An error whose text is an error."""

    def __str__(self) -> str:
        raise ValueError("no words")


async def leaves(params: Params) -> None:
    sys.exit(0)


async def interrupts(params: Params) -> None:
    raise KeyboardInterrupt


async def cancels(params: Params) -> None:
    raise asyncio.CancelledError


async def counts(params: Params) -> Any:
    return NUMBER


async def is_no_number(params: Params) -> Mapping[str, object]:
    return {"price": float("nan")}


async def cannot_say(params: Params) -> None:
    raise SpeechlessError


async def kills(params: Params) -> None:
    os._exit(3)


async def stops_later(params: Params) -> None:
    asyncio.get_running_loop().call_soon(os._exit, 4)


async def cancels_all(params: Params) -> None:
    for task in asyncio.all_tasks():
        task.cancel()


async def forks(params: Params) -> Mapping[str, object]:
    if os.fork() == 0:
        sys.exit(0)
    return {"id": NUMBER}


async def keeps_on(params: Params) -> None:
    while True:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.Event().wait()


async def prints(params: Params) -> None:
    sys.stdout.write('{"call": 0, "values": {}}\n')
    sys.stdout.flush()


def blocks(params: Params) -> None:
    time.sleep(600)


def at_once(params: Params) -> Mapping[str, object]:
    return {"id": NUMBER}


STATES: Mapping[str, Callable[..., Any]] = {
    handler.__name__: handler
    for handler in (
        leaves,
        interrupts,
        cancels,
        counts,
        is_no_number,
        cannot_say,
        kills,
        stops_later,
        cancels_all,
        forks,
        keeps_on,
        prints,
        blocks,
        at_once,
    )
}


@asynccontextmanager
async def states(environ: Mapping[str, str]) -> AsyncIterator[Mapping[str, Callable[..., Any]]]:
    yield STATES


@asynccontextmanager
async def listed(environ: Mapping[str, str]) -> AsyncIterator[Any]:
    yield list(STATES)


@asynccontextmanager
async def never_open(environ: Mapping[str, str]) -> AsyncIterator[Mapping[str, Callable[..., Any]]]:
    blocks(environ)
    yield STATES


@asynccontextmanager
async def open_once(environ: Mapping[str, str]) -> AsyncIterator[Mapping[str, Callable[..., Any]]]:
    mark(environ)
    yield STATES


def mark(environ: Mapping[str, str]) -> None:
    Path(environ["MARK"]).touch(exist_ok=False)
