"""Result of one interaction of a contract when the real provider was asked."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from servanda.verdict.location import Location
from servanda.verdict.outcome import Outcome, Transport


class ReasonKind(enum.StrEnum):
    """Why an interaction did not hold, or why that could not be told."""

    MISMATCH = "mismatch"
    """The provider answered, but not as the contract says."""
    NO_ANSWER = "no-answer"
    """The provider gave no answer, or no event appeared, within the time allowed."""
    PROVIDER_DIED = "provider-died"
    STATE_MISSING = "state-missing"
    """No handler is configured for a provider state that the interaction needs."""
    STATE_FAILED = "state-failed"
    CHECKS_NOTHING = "checks-nothing"
    """The contract would hold whatever the provider answered."""
    UNREADABLE = "unreadable"
    """The contract or the answer could not be decoded."""
    TRANSPORT = "transport"
    """The connection itself failed."""
    TEST_FAILED = "test-failed"
    """A test that the repository names in its configuration failed."""
    DRIFT = "drift"
    """The contract that the consumer's tests record is not the one that was reviewed."""
    EXTERNAL = "external"
    """Contracts of a consumer that is recorded elsewhere; says so, and changes no outcome."""
    TREE_CHANGED = "tree-changed"
    """Files of the repository changed while its own code ran; says so, and changes no outcome."""
    LIMIT = "limit"
    """Something took longer, or was more, than its limit allows, before anybody could tell."""
    COULD_NOT_RUN = "could-not-run"
    """Something needed for an answer was missing or did not start."""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One difference between what a contract expects and what was there.

    Attributes:
        path: Where: a JSONPath into the body (``$.user.email``), ``status``, ``header.<name>``, ``metadata.<name>`` or
            ``key``.
        expected: The expectation, rendered as JSON or as the matcher's description; ``None`` if nothing was expected.
        actual: What was there, rendered as JSON; ``None`` if nothing was there.
        message: One sentence that a person understands without the other attributes.
    """

    path: str
    expected: str | None
    actual: str | None
    message: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an interaction is broken or unknown."""

    kind: ReasonKind
    message: str
    path: str = ""
    expected: str | None = None
    actual: str | None = None
    evidence: Location | None = None
    """Where to look: the log of a process, the test that recorded the expectation."""

    @classmethod
    def of(cls, mismatch: Mismatch) -> Reason:
        """Convert a mismatch into a reason."""
        return cls(ReasonKind.MISMATCH, mismatch.message, mismatch.path, mismatch.expected, mismatch.actual)


@dataclass(frozen=True, slots=True)
class InteractionResult:
    """The outcome of one interaction on one transport.

    Attributes:
        interaction: Its description, unique within consumer and provider.
        evidence: Where the interaction stands: the pact file and, within it, the line of its description.
        seconds: Wall time that it took.
        version: Version of the provider that was asked; empty for the only one that the run knows.
        pending: Whether the contract says that the provider need not satisfy it yet.
        comments: What the consumer wrote about it for people.
        options: Options of the command that it was verified with, needed again by one that repeats it.
    """

    consumer: str
    provider: str
    transport: Transport
    interaction: str
    outcome: Outcome
    evidence: Location
    reasons: tuple[Reason, ...] = ()
    seconds: float = 0.0
    version: str = ""
    pending: bool = False
    comments: tuple[str, ...] = ()
    options: tuple[str, ...] = ()

    @property
    def instance(self) -> str:
        """Return the name of the verified instance: ``<provider>``, or ``<provider>@<version>`` if it has a version."""
        return f"{self.provider}@{self.version}" if self.version else self.provider
