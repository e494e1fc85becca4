"""Differences that a replay shows, with everything that finds them again."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from servanda.events.replay.script import Sent
from servanda.verdict import Reason, ReasonKind


class Phase(enum.StrEnum):
    """Part of a replay."""

    IN_ORDER = "in the order of publication"
    AGAIN = "sent a second time"
    SHUFFLED = "in another order, among unreadable records"


class DifferenceKind(enum.StrEnum):
    """Sort of a difference."""

    EFFECT = "effect"
    """A row is not as expected."""
    REFUSED = "refused"
    """A record went to the dead letters, or did not although it was expected to."""
    STUCK = "stuck"
    """The consumer did not get past a record."""
    DIED = "died"
    """The process of the consumer ended."""


_KINDS = {
    DifferenceKind.EFFECT: ReasonKind.MISMATCH,
    DifferenceKind.REFUSED: ReasonKind.MISMATCH,
    DifferenceKind.STUCK: ReasonKind.NO_ANSWER,
    DifferenceKind.DIED: ReasonKind.PROVIDER_DIED,
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that does not hold.

    Attributes:
        version: Name of the version of the consumer.
        what: One sentence.
        events: The events that it is about, the likeliest first; none if no row names one.
        path: Table and column.
        expected: What was expected there, as JSON; ``None`` for nothing.
        actual: What was there; ``None`` for nothing.
        repeat: The command that repeats it.
    """

    kind: DifferenceKind
    consumer: str
    version: str
    phase: Phase
    what: str
    events: tuple[Sent, ...] = ()
    path: str = ""
    expected: str | None = None
    actual: str | None = None
    repeat: str = ""

    @property
    def shape(self) -> str:
        """Return the shape of the likeliest event; empty if none is known."""
        return self.events[0].shape if self.events else ""

    def reason(self) -> Reason:
        """Return it as a reason of a verdict."""
        about = self.events[0].words if self.events else "no event is named by the row"
        more = f" or {len(self.events) - 1} others" if len(self.events) > 1 else ""
        repeat = f"; repeat it: {self.repeat}" if self.repeat else ""
        message = f"{self.consumer} {self.version}: {about}{more}, {self.phase}: {self.what}{repeat}"
        return Reason(_KINDS[self.kind], message, self.path, self.expected, self.actual)
