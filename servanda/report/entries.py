"""The verdict as a list of problems with a place each, for formats that tools read and compare with the last time.

A finding is an entry of its own: tools tell entries apart by fingerprint, and a waiver names one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from servanda.report import finding_wording, wording
from servanda.report.shortening import shortened
from servanda.verdict import Finding, InteractionResult, Outcome, Reason, Severity, Span, StageResult, Verdict

_SEVERITIES = {
    Outcome.BROKEN: Severity.ERROR,
    Outcome.UNKNOWN: Severity.ERROR,
    Outcome.PENDING: Severity.WARNING,
    Outcome.HELD: Severity.WARNING,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One problem.

    Attributes:
        rule: Identifier of the rule, or kind of the reason.
        severity: What it does to the answer; what could not be told stops the change as well.
        span: Where; without a path if there is no place in a file.
        subject: The element, interaction or stage that it is about.
        message: What there is to object to.
        details: Who is hit, expected and actual, line by line.
        steps: Safe steps, by name.
        fingerprint: Equal for equal problems.
        finding: The finding, if it is one.
    """

    rule: str
    severity: Severity
    span: Span
    subject: str
    message: str
    details: tuple[str, ...]
    fingerprint: str
    steps: tuple[tuple[str, str], ...] = ()
    finding: Finding | None = None


def entries(verdict: Verdict) -> Iterator[Entry]:
    """Yield every finding, then what did not hold and why, stage by stage."""
    for stage in verdict.stages:
        yield from map(_of_finding, stage.findings)
        if stage.outcome is not Outcome.SKIPPED:
            yield from (_of_reason(reason, stage) for reason in stage.reasons)
        yield from (_of_result(result) for result in stage.results if result.outcome is not Outcome.HELD)


def _of_finding(finding: Finding) -> Entry:
    return Entry(
        finding.rule,
        finding.severity,
        finding.span,
        finding.element,
        shortened(finding.message),
        tuple(finding_wording.hits(finding)),
        finding.fingerprint,
        finding.steps.named,
        finding,
    )


def _of_reason(reason: Reason, stage: StageResult) -> Entry:
    message, *details = wording.lines(reason)
    place = reason.evidence
    span = Span(place.path, place.line, place.column, place.line, place.column) if place else Span("")
    told = f"{stage.name}: {message}"
    identity = _fingerprint(stage.name, reason.kind, reason.path, reason.message)
    return Entry(str(reason.kind), _SEVERITIES[stage.outcome], span, stage.name, told, tuple(details), identity)


def _of_result(result: InteractionResult) -> Entry:
    place, subject = result.evidence, wording.heading(result)
    details = tuple(line for reason in result.reasons for line in wording.lines(reason))
    rule = str(result.reasons[0].kind) if result.reasons else str(result.outcome)
    identity = _fingerprint(result.consumer, result.instance, result.transport, result.interaction)
    span = Span(place.path, place.line, place.column, place.line, place.column)
    told = f"{result.outcome}: {subject}"
    return Entry(rule, _SEVERITIES.get(result.outcome, Severity.WARNING), span, subject, told, details, identity)


def _fingerprint(*parts: str) -> str:
    whole = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(whole).hexdigest()[:16]
