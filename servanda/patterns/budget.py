"""How much time the regular expressions of one piece of work may take together."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

# A match that is over sooner costs nothing: there are only as many as the input is long, and honest input has many.
_FREE_SECONDS = 0.001


@dataclass(frozen=True, slots=True)
class PatternBounds:
    """What regular expressions may cost.

    Attributes:
        seconds: Processor time of all matches of one piece of work together.
        characters: Length of one expression.
        steps: Length of one expression whose counted repetitions are written out, as the engine does it.
    """

    seconds: float = 1.0
    characters: int = 10_000
    steps: int = 20_000


# A path template becomes an expression by rules of our own; nothing in it is repeated, and it may list many servers.
TEMPLATES: Final = PatternBounds(characters=1_000_000, steps=1_000_000)


class Budget:
    """What is left of the bounds of one piece of work."""

    def __init__(self, bounds: PatternBounds) -> None:
        self.bounds = bounds
        self.seconds_left = bounds.seconds

    def spend(self, seconds: float) -> None:
        """Take the time of one match off; what is over at once costs nothing."""
        if seconds > _FREE_SECONDS:
            self.seconds_left -= seconds


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
