"""Children that end with the thread that started them, also when it has no chance to end them."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from functools import cache
from typing import Any

_PR_SET_PDEATHSIG = 1


def dies_with_parent() -> Callable[[], None] | None:
    """Return what a child does before it becomes another program, so that it is killed when its parent is gone.

    Returns:
        ``None`` where the system has nothing of the kind: only Linux has (prctl(2), ``PR_SET_PDEATHSIG``).
    """
    if sys.platform != "linux":
        return None
    prctl, parent = _prctl(), os.getpid()

    def ask() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL.value, 0, 0, 0)
        if os.getppid() != parent:  # it went before anybody could ask
            os._exit(1)

    return ask


@cache
def _prctl() -> Callable[..., Any]:
    import ctypes  # noqa: PLC0415  most commands that start no tool do not need it

    found: Callable[..., Any] = ctypes.CDLL(None).prctl
    return found
