"""The outcome of a whole run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from servanda.verdict.comparison import InterfaceComparison
from servanda.verdict.finding import Finding, Severity
from servanda.verdict.interaction import InteractionResult, Reason
from servanda.verdict.interface_use import InterfaceUse
from servanda.verdict.outcome import Answer, Outcome


@dataclass(frozen=True, slots=True)
class StoreFact:
    """A store that the run used: what it was and how it was provided."""

    store: str
    kind: str
    version: str


@dataclass(frozen=True, slots=True)
class InstanceFact:
    """A running service that evidence was obtained with.

    Attributes:
        version: Name of its version; empty for the only one that the run knows.
        commit: Commit that its code is, or the hash of its wheel or image; empty for that of the working tree.
    """

    service: str
    version: str
    commit: str


@dataclass(frozen=True, slots=True)
class StageResult:
    """Result of one stage.

    Attributes:
        name: Its name: ``interfaces``, ``lint``, ``migrations``, ``consumers``, ``providers``, ``end-to-end``,
            ``events`` or ``versions``.
        seconds: Wall time that it took; 0 if it was not measured.
        reasons: What kept it from holding, or what else there is to say of it.
        findings: What the comparison of the interfaces objects to.
        results: The interactions that were verified.
        comparison: What was compared; ``None`` if the stage compared no interfaces.
    """

    name: str
    outcome: Outcome
    seconds: float = 0.0
    reasons: tuple[Reason, ...] = ()
    findings: tuple[Finding, ...] = ()
    results: tuple[InteractionResult, ...] = ()
    comparison: InterfaceComparison | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of a run with everything that it rests on.

    Attributes:
        stages: What was examined, in order: all stages of the gate, or the one of ``check`` and ``verify``.
        infrastructure: The stores that were used.
        versions: What was examined, with what and against what, by name.
        instances: The services that ran.
        started: Milliseconds since 1970 (UTC) at which the run began; 0 if it was not measured.
        uses: What is known of who uses what, by interface; empty if nobody asked for it.
    """

    answer: Answer
    stages: tuple[StageResult, ...] = ()
    infrastructure: tuple[StoreFact, ...] = ()
    versions: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    instances: tuple[InstanceFact, ...] = ()
    started: int = 0
    uses: tuple[InterfaceUse, ...] = ()

    @property
    def results(self) -> tuple[InteractionResult, ...]:
        """Return the interactions of all stages, in their order."""
        return tuple(result for stage in self.stages for result in stage.results)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return the findings of all stages, in their order."""
        return tuple(finding for stage in self.stages for finding in stage.findings)

    @property
    def comparison(self) -> InterfaceComparison | None:
        """Return the comparison of the interfaces, if there was one."""
        return next((stage.comparison for stage in self.stages if stage.comparison is not None), None)


def combine(outcomes: Iterable[Outcome]) -> Outcome:
    """Return the outcome of a whole whose parts have these outcomes.

    One broken part breaks the whole; else one unknown part makes it unknown. A whole without parts is unknown: nothing
    was proven. Skipped parts do not count; pending ones hold nobody up.
    """
    seen = set(outcomes) - {Outcome.SKIPPED}
    for outcome in (Outcome.BROKEN, Outcome.UNKNOWN, Outcome.HELD):
        if outcome in seen:
            return outcome
    return Outcome.HELD if Outcome.PENDING in seen else Outcome.UNKNOWN


def outcome_of(findings: Iterable[Finding]) -> Outcome:
    """Return the outcome of a comparison that found these: broken by one error."""
    return Outcome.BROKEN if any(finding.severity is Severity.ERROR for finding in findings) else Outcome.HELD


def decide(
    stages: Iterable[StageResult],
    infrastructure: Iterable[StoreFact] = (),
    versions: Mapping[str, str] | None = None,
    instances: Iterable[InstanceFact] = (),
    started: int = 0,
    uses: Iterable[InterfaceUse] = (),
) -> Verdict:
    """Return the verdict that follows from these stages."""
    examined = tuple(stages)
    outcome = combine(stage.outcome for stage in examined)
    answer = {Outcome.HELD: Answer.YES, Outcome.BROKEN: Answer.NO}.get(outcome, Answer.UNKNOWN)
    if answer is Answer.YES and any(f.severity is Severity.ERROR for s in examined for f in s.findings):
        answer = Answer.NO
    stores, known = tuple(infrastructure), MappingProxyType(dict(versions or {}))
    return Verdict(answer, examined, stores, known, tuple(instances), started, tuple(uses))
