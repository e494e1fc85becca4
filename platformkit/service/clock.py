"""Time as use cases ask for it, so that a test can set it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Returns the present moment, aware."""


def now() -> datetime:
    """Return the present moment, in UTC."""
    return datetime.now(UTC)
