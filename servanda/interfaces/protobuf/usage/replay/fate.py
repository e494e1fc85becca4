"""The fate of an element when an interaction is replayed after the change."""

from __future__ import annotations

import enum
from collections.abc import Iterable


class Fate(enum.Enum):
    """The outcome of replays for one element."""

    KEPT = enum.auto()
    """Every value that was tried arrives as it was."""
    VALUE_DEPENDENT = enum.auto()
    """Some values arrive as they were, and some do not."""
    LOST = enum.auto()
    """No value that was tried arrives as it was."""

    @classmethod
    def of_trials(cls, kept: Iterable[bool]) -> Fate | None:
        """Return the fate that follows from several values; ``None`` if none was tried."""
        told = set(kept)
        if not told:
            return None
        return cls.VALUE_DEPENDENT if len(told) > 1 else cls.KEPT if told == {True} else cls.LOST
