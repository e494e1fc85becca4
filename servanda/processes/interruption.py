"""Tools that run for a thread, which cannot be interrupted itself."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from contextvars import ContextVar

from servanda.errors import ProcessError


class Interruption:
    """Ends the tools of one piece of work, from another thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kills: list[Callable[[], None]] = []
        self._came = False

    def end(self) -> None:
        """Kill what runs, and let nothing more be started."""
        with self._lock:
            self._came = True
            for kill in self._kills:
                kill()

    @contextlib.contextmanager
    def watching(self, kill: Callable[[], None]) -> Iterator[None]:
        """Call ``kill`` if the end comes within this block, or came before it."""
        with self._lock:
            self._kills.append(kill)
            if self._came:
                kill()
        try:
            yield
        finally:
            with self._lock:
                self._kills.remove(kill)


_current: ContextVar[Interruption | None] = ContextVar("servanda-interruption", default=None)


@contextlib.contextmanager
def interruptible() -> Iterator[Interruption]:
    """Give what ends the tools of this block, and of the threads that get a copy of its context."""
    interruption = Interruption()
    token = _current.set(interruption)
    try:
        yield interruption
    finally:
        _current.reset(token)


def watching(kill: Callable[[], None]) -> contextlib.AbstractContextManager[None]:
    """Let the work that is going on, if it can be interrupted, end what ``kill`` kills."""
    interruption = _current.get()
    return interruption.watching(kill) if interruption is not None else contextlib.nullcontext()


def require_uninterrupted(name: str) -> None:
    """Refuse to start anything for work that was interrupted.

    Raises:
        ProcessError: It was.
    """
    interruption = _current.get()
    if interruption is not None and interruption._came:  # noqa: SLF001 - of the same module
        raise ProcessError(f"{name} was not started: the run was interrupted")
