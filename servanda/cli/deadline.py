"""The time that a whole command may take."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Iterator
from types import FrameType

from servanda.errors import LimitError
from servanda.report.terminal import complain

_COULD_NOT_TELL = 2
# Code of a tree can catch the error and go on. It hears of it again, and then the process ends without asking.
_AGAIN_SECONDS = 30.0
_TIMES = 4


@contextlib.contextmanager
def deadline(
    command: str, seconds: float, limit: str, *, reserve: float = 0.0, again: float = _AGAIN_SECONDS
) -> Iterator[None]:
    """End this block when its time is over, whatever it is doing.

    Only the main thread can be ended so, and only where the system has alarms; elsewhere this does nothing. Whoever
    catches the error and goes on hears of it again, and in the end the process ends with exit code 2.

    Args:
        command: What to call the block in the message.
        seconds: How long it may take.
        limit: Key of that limit.
        reserve: Seconds that it gets besides, if it ends itself and this is for the case that it cannot.
        again: Seconds after which the error is raised again, as long as the block goes on all the same.

    Raises:
        LimitError: The time is over.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    told = 0

    def over(_number: int, _frame: FrameType | None) -> None:
        nonlocal told
        told += 1
        error = LimitError(f"{command} did not end within {seconds:g} s", limit=limit)
        if told > _TIMES:
            complain(error)
            os._exit(_COULD_NOT_TELL)
        raise error

    left, interval = signal.getitimer(signal.ITIMER_REAL)
    if 0 < left < seconds + reserve:  # somebody around us has less patience
        yield
        return
    before, started = signal.signal(signal.SIGALRM, over), time.monotonic()
    signal.setitimer(signal.ITIMER_REAL, seconds + reserve, again)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if left:
            signal.setitimer(signal.ITIMER_REAL, max(left - (time.monotonic() - started), 0.001), interval)
