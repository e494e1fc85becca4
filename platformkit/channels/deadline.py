"""The time that a request has left, handed on to every call that is made for it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_expiry: ContextVar[float | None] = ContextVar("deadline", default=None)


@contextmanager
def deadline(seconds: float | None) -> Iterator[None]:
    """Calls made inside end within this time, whatever timeout they ask for; None sets no limit of its own."""
    token = _expiry.set(_earlier(_expiry.get(), seconds))
    try:
        yield
    finally:
        _expiry.reset(token)


def remaining() -> float | None:
    """Seconds left to the request that is being handled, zero if none are left; None if it has no deadline."""
    expiry = _expiry.get()
    return None if expiry is None else max(0.0, expiry - time.monotonic())


def capped(timeout: float | None) -> float | None:
    """A timeout that does not outlast the request that is being handled."""
    left = remaining()
    if timeout is None or left is None:
        return left if timeout is None else timeout
    return min(timeout, left)


def _earlier(expiry: float | None, seconds: float | None) -> float | None:
    if seconds is None:
        return expiry
    own = time.monotonic() + seconds
    return own if expiry is None else min(expiry, own)
