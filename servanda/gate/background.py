"""Work that takes long and cannot be interrupted, beside the loop of events."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import threading
from collections.abc import Callable
from typing import TypeVar

from servanda.processes import interruptible

_Answer = TypeVar("_Answer")
_CLEARING_UP_SECONDS = 5.0


async def in_background(
    work: Callable[[], _Answer], name: str, *, clearing_up_seconds: float = _CLEARING_UP_SECONDS
) -> _Answer:
    """Wait for work in a thread of its own, which does not keep the process from ending.

    ``asyncio.to_thread`` would: an interrupted run would wait until the work is done all the same. Here the tools that
    the work runs are ended, so that it fails and clears up.

    Args:
        work: What takes long.
        name: Name of its thread.
        clearing_up_seconds: Time that it has to clear up after an interruption.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[_Answer] = loop.create_future()
    over = asyncio.Event()
    with interruptible() as interruption:
        context = contextvars.copy_context()

    def settle(answer: _Answer | None, error: BaseException | None) -> None:
        over.set()
        if done.cancelled():
            return
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(answer)  # type: ignore[arg-type]  # what the work gave

    def run() -> None:
        answer, failure = None, None
        try:
            answer = context.run(work)
        except BaseException as error:  # noqa: BLE001 - whoever waits has to hear of it
            failure = error
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, answer, failure)

    threading.Thread(target=run, name=name, daemon=True).start()
    try:
        return await done
    except asyncio.CancelledError:
        interruption.end()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(over.wait(), clearing_up_seconds)
        raise
