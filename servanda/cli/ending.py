"""End of the process of a command: in order where it can, and in any case."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from types import FrameType
from typing import Any, TypeVar

from servanda.cli.deadline import deadline
from servanda.errors import LimitError
from servanda.report.terminal import say

_Answer = TypeVar("_Answer")
# After an answer nothing is left to do but for what code of the tree began; without one, all has to be cleared up.
_LINGERING_SECONDS = 5.0
_CLEARING_UP_SECONDS = 60.0


def run(work: Coroutine[Any, Any, _Answer]) -> _Answer:
    """Return what a coroutine returns, as ``asyncio.run`` does, but do not wait for ever for what it leaves behind.

    Provider states are code of the tree: a thread or a task of theirs can refuse to end.
    """
    import asyncio  # noqa: PLC0415  most commands, and the help, do without

    runner, patience = asyncio.Runner(), _CLEARING_UP_SECONDS
    try:
        answer = runner.run(work)
        patience = _LINGERING_SECONDS
        return answer
    finally:
        try:
            with deadline("clearing up", patience, ""):
                runner.close()
        except LimitError:
            say("note: code of the repository is still running; it ends with this process")


def end_in_any_case(code: object) -> None:
    """See to it that this process, which is about to end, does so: Python would wait for every thread.

    Args:
        code: The exit code, as ``SystemExit`` has it.
    """
    others = [each for each in threading.enumerate() if each is not threading.main_thread() and not each.daemon]
    if not others:
        return

    def end() -> None:
        time.sleep(_LINGERING_SECONDS)
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code if isinstance(code, int) else int(code is not None))

    threading.Thread(target=end, name="end of the process", daemon=True).start()


@contextlib.contextmanager
def terminable() -> Iterator[Callable[[], bool]]:
    """Let SIGTERM do within this block what Ctrl-C does: end everything in order.

    Yields:
        Tells whether it came.
    """
    came = False

    def end(_number: int, frame: FrameType | None) -> None:
        nonlocal came
        came = True
        # Whoever deals with Ctrl-C at this moment; a process in the background of a shell was told to ignore it.
        handler = signal.getsignal(signal.SIGINT)
        if not callable(handler):
            raise KeyboardInterrupt
        handler(signal.SIGINT, frame)

    is_ours = (
        threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    )
    if is_ours:
        signal.signal(signal.SIGTERM, end)
    try:
        yield lambda: came
    finally:
        if is_ours:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
