"""The outcome of a whole run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from servanda.verdict.finding import Finding, Severity
from servanda.verdict.interaction import InteractionResult, Reason
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
        commit: Commit that its code is; empty for that of the working tree.
    """

    service: str
    version: str
    commit: str


@dataclass(frozen=True, slots=True)
class StageResult:
    """What one stage of the gate found out."""

    name: str
    outcome: Outcome
    seconds: float = 0.0
    reasons: tuple[Reason, ...] = ()
    findings: tuple[Finding, ...] = ()
    results: tuple[InteractionResult, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of a run with everything that it rests on."""

    answer: Answer
    stages: tuple[StageResult, ...] = ()
    infrastructure: tuple[StoreFact, ...] = ()
    versions: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    instances: tuple[InstanceFact, ...] = ()

    @property
    def results(self) -> tuple[InteractionResult, ...]:
        """The interactions of all stages, in their order."""
        return tuple(result for stage in self.stages for result in stage.results)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings of all stages, in their order."""
        return tuple(finding for stage in self.stages for finding in stage.findings)


def combine(outcomes: Iterable[Outcome]) -> Outcome:
    """The outcome of a whole whose parts have these outcomes.

    One broken part breaks the whole; else one unknown part makes it unknown. A whole without parts is unknown: nothing
    was proven. Skipped parts do not count.
    """
    seen = set(outcomes) - {Outcome.SKIPPED}
    for outcome in (Outcome.BROKEN, Outcome.UNKNOWN, Outcome.HELD):
        if outcome in seen:
            return outcome
    return Outcome.UNKNOWN


def decide(
    stages: Iterable[StageResult],
    infrastructure: Iterable[StoreFact] = (),
    versions: Mapping[str, str] | None = None,
    instances: Iterable[InstanceFact] = (),
) -> Verdict:
    """The verdict that follows from these stages."""
    examined = tuple(stages)
    outcome = combine(stage.outcome for stage in examined)
    answer = {Outcome.HELD: Answer.YES, Outcome.BROKEN: Answer.NO}.get(outcome, Answer.UNKNOWN)
    if answer is Answer.YES and any(f.severity is Severity.ERROR for s in examined for f in s.findings):
        answer = Answer.NO
    return Verdict(answer, examined, tuple(infrastructure), MappingProxyType(dict(versions or {})), tuple(instances))
