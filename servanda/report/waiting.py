"""A sign on a terminal that something takes its time."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from servanda.report.talk import talk

if TYPE_CHECKING:
    from rich.status import Status

PATIENCE_SECONDS: Final = 2.0
"""Time after which somebody wants to know what is going on."""


@contextlib.contextmanager
def waiting(what: str, patience: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Say what takes its time as soon as this block does, on a terminal; the sign is gone at its end.

    Args:
        what: What is done, as ``comparing the interfaces``.
        patience: Seconds before it is said.
    """
    if talk().quiet or not sys.stderr.isatty():
        yield
        return
    sign = _Sign(what)
    timer = threading.Timer(patience, sign.show)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        sign.hide()


class _Sign:
    def __init__(self, what: str) -> None:
        self._what = what
        self._lock = threading.Lock()
        self._is_over = False
        self._shown: Status | None = None

    def show(self) -> None:
        # Most blocks are over before that, and need nothing of it.
        from servanda.report.console import console_for, styled  # noqa: PLC0415

        with self._lock:
            if not self._is_over:
                self._shown = console_for(sys.stderr).status(styled(f"{self._what} ..."))
                self._shown.start()

    def hide(self) -> None:
        with self._lock:
            self._is_over = True
            if self._shown is not None:
                self._shown.stop()
