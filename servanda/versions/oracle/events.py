"""Faults of the events of a run."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from servanda.versions.oracle.breaks import Break, BreakKind
from servanda.versions.plan import Step


class FaultSort(enum.StrEnum):
    """Sort of a fault of events."""

    UNREAD = "unread"
    """A consumer did not read on."""
    GIVEN_UP = "given up"
    """A consumer sent an event to its dead letters."""
    EFFECT = "effect"
    """A consumer applied an event not once."""
    WAITING = "waiting"
    """Events stay in a table that should be empty."""
    NUMBER = "number"
    """Another number of events follows an accepted write than before."""


@dataclass(frozen=True, slots=True)
class EventFault:
    """One thing about events that does not hold.

    Attributes:
        who: The service, with its live versions, or the request that was accepted.
        what: The rest of the sentence.
        path: Topic, column or table.
        expected: What was expected there; ``None`` for nothing.
        actual: What was there.
    """

    sort: FaultSort
    who: str
    what: str
    path: str
    expected: str | None
    actual: str

    @property
    def usual(self) -> tuple[str, str, str]:
        """Return what stays the same while versions are exchanged."""
        return self.sort, self.who.partition(" (")[0], self.path

    def as_break(self, step: Step) -> Break:
        """Return it as a break of a step."""
        return Break(BreakKind.EVENT, step, self.who, self.what, self.path, self.expected, self.actual)
