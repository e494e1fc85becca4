"""Change of an element of an interface, and the consumers that it hits."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from servanda.verdict.location import Span
from servanda.verdict.transition import Transition


class Severity(enum.StrEnum):
    """Effect of a finding on the answer."""

    ERROR = "error"
    """Stops the change."""
    WARNING = "warning"
    """Reported; does not stop the change."""
    ADVICE = "advice"
    """A guess, as from the prose of a comment, or what is harmless to most: listed in reports, without a say in the
    answer, the version or the order of deployment unless an example in a contract proves that it breaks somebody."""
    WAIVED = "waived"
    """Would stop the change, but somebody answers for it until a date."""
    BASELINE = "baseline"
    """Was there when the repository adopted the check."""


class Impact(enum.StrEnum):
    """Meaning of a finding for one consumer."""

    BROKEN = "broken"
    POTENTIALLY_AFFECTED = "potentially-affected"
    UNAFFECTED = "unaffected"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, order=True)
class Evidence:
    """Proof that a consumer uses an element: which document or test says so, and since when."""

    source: str
    """``pact``, ``usage-log``, or ``sql`` for a statement that a version runs."""
    document: str
    interaction: str = ""
    test: str = ""
    version: str = ""
    date: str = ""
    example: str = ""
    """The value that was sent there, as JSON, where it was tried on the constraints of the interface."""
    refused: str = ""
    """The constraint that refuses the example now, or the answer of PostgreSQL to a statement; empty if it is
    accepted."""
    outdated: bool = False
    """Whether it is older than the repository lets it count; then it proves nothing."""
    possible: bool = False
    """Mark of a use that is merely possible, as of what passes by: it breaks nobody for certain."""


@dataclass(frozen=True, slots=True)
class Consumer:
    """Somebody who reads or writes an interface, with the owner to talk to."""

    name: str
    owner: str = ""


@dataclass(frozen=True, slots=True)
class ConsumerImpact:
    """Meaning of a finding for one consumer, with the proof.

    Attributes:
        source_only: Whether code that is generated from the definition has to be generated again, and nothing that the
            consumer sends or reads differs.
        reason: The reason why a contract does not tell what the consumer uses; empty where there is none.
    """

    consumer: Consumer
    impact: Impact
    evidence: tuple[Evidence, ...] = ()
    source_only: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Steps:
    """Steps that make a change without breaking anybody, or mend what is not about a change.

    Attributes:
        expand: What to add first, in a release that breaks nobody.
        migrate: What has to happen before the next step, and how to know that it did.
        contract: What may be taken away then.
        before: The definition as it is.
        after: The definition after the step ``expand``.
        mend: What to do instead of all that, where nothing is wrong with the interface.
    """

    expand: str = ""
    migrate: str = ""
    contract: str = ""
    before: str = ""
    after: str = ""
    mend: str = ""

    @property
    def named(self) -> tuple[tuple[str, str], ...]:
        """Return the steps that there are, by name and in their order."""
        steps = (("mend", self.mend), ("expand", self.expand), ("migrate", self.migrate), ("contract", self.contract))
        return tuple((name, text) for name, text in steps if text)


NO_STEPS = Steps()


@dataclass(frozen=True, slots=True)
class Finding:
    """One change of an interface that a rule objects to.

    Attributes:
        rule: Identifier of the rule, for example ``FIELD_SAME_NAME``.
        category: Category of the rule under which it was examined, for example ``FILE``.
        element: Full name of the element, for example ``plt.identity.v1.User.email``.
        fingerprint: Stable across unrelated edits and moves of lines; equal for equal findings.
        transition: What happens while only one side has the change; ``None`` for a finding about something else.
        why: How the change breaks somebody, in one sentence.
        steps: How to make the change without breaking anybody.
        unstable: Whether it is about a package whose version promises nothing, in both states.
        part_of: Full name of the element of whose change it is a part, as a message is of a deleted rpc that alone used
            it; empty if it stands for itself.
        package: Package of the file that it is about, before the change; empty if it has none.
    """

    rule: str
    category: str
    severity: Severity
    span: Span
    element: str
    message: str
    fingerprint: str
    consumers: tuple[ConsumerImpact, ...] = ()
    transition: Transition | None = None
    why: str = ""
    steps: Steps = NO_STEPS
    unstable: bool = False
    part_of: str = ""
    package: str = ""
