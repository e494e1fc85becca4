"""Time that the regular expressions of one piece of work may take together."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

from servanda.errors import LimitError

# A match that is over sooner costs nothing: there are only as many as the input is long, and honest input has many.
_FREE_SECONDS = 0.001
_PAUSE_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class PatternBounds:
    """Bounds of regular expressions.

    Attributes:
        seconds: Processor time of all expressions that are tried in one piece of work together.
        characters: Length of one expression.
        steps: Length of one expression whose counted repetitions are written out, as the engine does it.
        matching_seconds: Processor time of all comparisons of one piece of work, see :func:`keep_time`.
    """

    seconds: float = 1.0
    characters: int = 10_000
    steps: int = 20_000
    matching_seconds: float = 30.0


# A path template becomes an expression by rules of our own; nothing in it is repeated, and it may list many servers.
TEMPLATES: Final = PatternBounds(characters=1_000_000, steps=1_000_000)


class Budget:
    """Rest of the bounds of one piece of work."""

    def __init__(self, bounds: PatternBounds) -> None:
        self.bounds = bounds
        self.seconds_left = bounds.seconds
        self._compared = 0.0
        self._last = time.thread_time()

    def compare(self) -> float:
        """Count the time since the last comparison, if it was just now: between two answers others have their turn.

        Returns:
            The seconds that comparisons have taken so far.
        """
        now = time.thread_time()
        self._compared += now - self._last if now - self._last < _PAUSE_SECONDS else 0.0
        self._last = now
        return self._compared

    def spend(self, seconds: float) -> None:
        """Take the time of one match off; what is over at once costs nothing."""
        if seconds > _FREE_SECONDS:
            self.seconds_left -= seconds


_DEFAULT: Final = PatternBounds()
_current: ContextVar[Budget | None] = ContextVar("servanda-pattern-budget", default=None)


@contextlib.contextmanager
def within(bounds: PatternBounds) -> Iterator[None]:
    """Hold everything that is matched in this block, by whatever it calls, to one budget.

    The budget follows the calls by itself, as the precision of :mod:`decimal` does: matching descends through many
    functions that have nothing else to do with it.
    """
    token = _current.set(Budget(bounds))
    try:
        yield
    finally:
        _current.reset(token)


def current() -> Budget:
    """Give the budget of the work that is going on; one of its own where nobody set any."""
    return _current.get() or Budget(PatternBounds())


def current_bounds() -> PatternBounds:
    """Give the bounds of the work that is going on, without beginning to count its time."""
    budget = _current.get()
    return _DEFAULT if budget is None else budget.bounds


def keep_time() -> None:
    """Let a comparison go on, one of many in one piece of work.

    Raises:
        LimitError: Together they have taken longer than they may.
    """
    budget = _current.get()
    if budget is not None and budget.compare() > budget.bounds.matching_seconds:
        what = f"the comparison took longer than {budget.bounds.matching_seconds:g} s"
        raise LimitError(what, limit="matching_seconds")
