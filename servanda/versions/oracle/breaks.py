"""Breaks between versions."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from servanda.verdict import Reason, ReasonKind
from servanda.versions.plan import Step


class BreakKind(enum.StrEnum):
    """Sort of a break."""

    START = "start"
    """An instance of a version was not ready beside the others."""
    DIED = "died"
    """An instance ended by itself."""
    ANSWER = "answer"
    """A question that nobody's writing concerns is answered differently."""
    ERROR = "error"
    """A request met an error of the server that the system of old versions alone does not show."""
    CONTRACT = "contract"
    JOURNEY = "journey"
    VALUE = "value"
    """Redis keeps what no format of any of the versions declares."""
    EVENT = "event"
    """An event is missing, or was published, read or applied in another way than once."""


class OldAlone(enum.StrEnum):
    """Situation of the old instances of a service before its first new one starts."""

    NO = ""
    """Not alone: there are new ones."""
    BESIDE_NEW = "alone"
    """Alone beside new instances of other services."""
    ON_NEW_SCHEMA = "alone on the new schema"
    """Alone on the database that the new version has migrated."""


_KINDS = {
    BreakKind.ANSWER: ReasonKind.MISMATCH,
    BreakKind.ERROR: ReasonKind.MISMATCH,
    BreakKind.CONTRACT: ReasonKind.MISMATCH,
    BreakKind.JOURNEY: ReasonKind.TEST_FAILED,
    BreakKind.VALUE: ReasonKind.MISMATCH,
    BreakKind.EVENT: ReasonKind.MISMATCH,
    BreakKind.DIED: ReasonKind.PROVIDER_DIED,
    BreakKind.START: ReasonKind.PROVIDER_DIED,
}


@dataclass(frozen=True, slots=True)
class Break:
    """One thing that does not hold while versions live together.

    Attributes:
        step: The step in which it was seen.
        call: The request, interaction or command that shows it; empty for one of a process.
        path: The field.
        what: One sentence.
        expected: What was expected there; ``None`` for nothing.
        actual: What was there; ``None`` for nothing.
        version: Version of the caller's side, where one is known.
        alone: Situation of the old instances of the service that is exchanged, if it was seen before the first new one.
    """

    kind: BreakKind
    step: Step
    call: str
    what: str
    path: str = ""
    expected: str | None = None
    actual: str | None = None
    version: str = ""
    alone: OldAlone = OldAlone.NO

    @property
    def identity(self) -> tuple[str, str, str]:
        """Return what stays the same when the run is repeated with other identifiers."""
        # One failing request is an answer that differs where it was asked before, and an error where it was not.
        kind = BreakKind.ANSWER if self.kind is BreakKind.ERROR else self.kind
        return (kind, self.path, self.version)

    def reason(self) -> Reason:
        """Return it as a reason of a verdict."""
        live = ", ".join(f"{service} {self._shown(service, names)}" for service, names in self.step.live.items())
        caller = f" for {self.version}" if self.version else ""
        message = f"step {self.step.number} ({self.step.title}; {live}): {self.call}{caller}: {self.what}"
        return Reason(_KINDS[self.kind], message, self.path, self.expected, self.actual)

    def _shown(self, service: str, names: Sequence[str]) -> str:
        if self.alone and service == self.step.service:
            return f"{names[0]} {self.alone}"
        return " and ".join(name if count == 1 else f"{count} of {name}" for name, count in Counter(names).items())
