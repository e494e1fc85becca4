"""The verdict as test cases, for formats that know nothing else.

A finding is a case, so is an interaction. A stage is one itself if it has neither, or has something to say of its own:
otherwise its parts say what became of it, and nothing fails twice.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from servanda.report import finding_wording, wording
from servanda.report.shortening import shortened
from servanda.verdict import Finding, InteractionResult, Outcome, Reason, Severity, StageResult, Verdict, arrows

TOOL = "servanda"


class Status(enum.Enum):
    """Result of a case."""

    PASSED = enum.auto()
    FAILED = enum.auto()
    UNKNOWN = enum.auto()
    SKIPPED = enum.auto()


_OF_OUTCOMES = {
    Outcome.HELD: Status.PASSED,
    Outcome.BROKEN: Status.FAILED,
    Outcome.UNKNOWN: Status.UNKNOWN,
    Outcome.PENDING: Status.SKIPPED,
    Outcome.SKIPPED: Status.SKIPPED,
}
_OF_SEVERITIES = {
    Severity.ERROR: Status.FAILED,
    Severity.WARNING: Status.PASSED,
    Severity.ADVICE: Status.PASSED,
    Severity.WAIVED: Status.SKIPPED,
    Severity.BASELINE: Status.SKIPPED,
}


@dataclass(frozen=True, slots=True)
class Case:
    """One test case.

    Attributes:
        suite: What it belongs to: ``servanda`` for stages, the file of a finding, the parties of an interaction.
        subject: What it is about: the element of a finding, the parties of an interaction.
        name: Its name within both.
        message: The one sentence to show; empty if there is nothing to say.
        lines: All that is to say.
        kind: The rule or the kind of the first reason; empty if it passed.
        path: The file to look into, if there is one.
        line: The line in it, from 1; 0 if it is not known.
        seconds: Wall time that it took.
    """

    suite: str
    subject: str
    name: str
    status: Status
    message: str = ""
    lines: tuple[str, ...] = ()
    kind: str = ""
    path: str = ""
    line: int = 0
    seconds: float = 0.0


def cases(verdict: Verdict) -> Iterator[Case]:
    """Yield the cases of a verdict: stages, findings by file, interactions by consumer and provider."""
    for stage in verdict.stages:
        if stage.reasons or not (stage.findings or stage.results):
            yield _of_stage(stage)
    for finding in sorted(verdict.findings, key=lambda each: each.span.path):
        yield _of_finding(finding)
    for arrow in arrows(verdict.results):
        suite = f"{arrow.consumer} -> {arrow.provider} ({arrow.transport})"
        yield from (_of_result(result, suite) for result in arrow.results)


def _of_stage(stage: StageResult) -> Case:
    status, told = _OF_OUTCOMES[stage.outcome], _lines(stage.reasons)
    message = "" if status is Status.PASSED else f"stage {stage.name}: {stage.outcome}"
    kind = str(stage.reasons[0].kind) if stage.reasons else ""
    return Case(TOOL, TOOL, stage.name, status, message, told, kind, seconds=stage.seconds)


def _of_finding(finding: Finding) -> Case:
    start = finding.span.start
    accepted = finding.severity in (Severity.WAIVED, Severity.BASELINE)
    objection = shortened(finding.message)
    message = finding_wording.SEVERITIES[finding.severity] if accepted else objection
    place = f"{start}: " if start.path else ""
    steps = (f"{name}: {step}" for name, step in finding_wording.steps(finding))
    told = (
        f"{place}{finding.rule} {objection}",
        *finding_wording.hits(finding),
        *finding_wording.transition(finding.transition),
        *steps,
    )
    name = f"{finding.rule}_{start.line}_{start.column}"
    status = _OF_SEVERITIES[finding.severity]
    return Case(start.path, finding.element, name, status, message, told, finding.rule, start.path, start.line)


def _of_result(result: InteractionResult, suite: str) -> Case:
    status, place = _OF_OUTCOMES[result.outcome], result.evidence
    first = result.reasons[0] if result.reasons else None
    message = "" if status is Status.PASSED else first.message if first else str(result.outcome)
    subject = f"{result.consumer}.{result.instance}.{result.transport}"
    kind = str(first.kind) if first else ""
    told = _lines(result.reasons)
    return Case(suite, subject, result.interaction, status, message, told, kind, place.path, place.line, result.seconds)


def _lines(reasons: Iterable[Reason]) -> tuple[str, ...]:
    return tuple(line for reason in reasons for line in wording.lines(reason))
