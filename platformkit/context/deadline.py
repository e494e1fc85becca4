"""Time that a request has left, which every call made for it has to keep to."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from platformkit.context.current import current, entered

RESOLUTION_SECONDS: Final = 0.001
"""What gRPC counts time in."""


@contextmanager
def deadline(seconds: float | None) -> Iterator[None]:
    """End the calls made inside within so many seconds, whatever timeout they ask for; None sets no limit."""
    expiry = None if seconds is None else time.monotonic() + seconds
    with entered(replace(current(), expiry=expiry)):
        yield


def remaining() -> float | None:
    """Return the seconds left to the request at hand, zero if none are left; None if it has no deadline.

    Less than a millisecond counts as none: a server of gRPC rounds up to one what was left when a call arrived.
    """
    expiry = current().expiry
    if expiry is None:
        return None
    left = expiry - time.monotonic()
    return left if left >= RESOLUTION_SECONDS else 0.0


def capped(timeout: float | None) -> float | None:
    """Return a timeout, in seconds, that does not outlast the request at hand."""
    left = remaining()
    if timeout is None or left is None:
        return left if timeout is None else timeout
    return min(timeout, left)
