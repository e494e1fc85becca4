"""The verdict as ``verdict.json``, for programs; ``docs/reference/verdict.schema.json`` describes it."""

from __future__ import annotations

from dataclasses import asdict

from servanda.escaping.documents import json_text
from servanda.verdict import Finding, InteractionResult, Reason, StageResult, Verdict


def document(verdict: Verdict) -> dict[str, object]:
    """The verdict as JSON values."""
    return {
        "verdict": str(verdict.answer),
        "stages": [_stage(stage) for stage in verdict.stages],
        "results": [_result(result) for result in verdict.results],
        "findings": [_finding(finding) for finding in verdict.findings],
        "infrastructure": {fact.store: {"kind": fact.kind, "version": fact.version} for fact in verdict.infrastructure},
        "instances": [asdict(fact) for fact in verdict.instances],
        "versions": dict(sorted(verdict.versions.items())),
    }


def render(verdict: Verdict) -> str:
    """The text of ``verdict.json``; the same verdict always gives the same text."""
    return json_text(document(verdict))


def _stage(stage: StageResult) -> dict[str, object]:
    return {
        "name": stage.name,
        "outcome": str(stage.outcome),
        "seconds": round(stage.seconds, 3),
        "reasons": [_reason(reason) for reason in stage.reasons],
    }


def _result(result: InteractionResult) -> dict[str, object]:
    return {
        "consumer": result.consumer,
        "provider": result.provider,
        "version": result.version,
        "transport": str(result.transport),
        "interaction": result.interaction,
        "outcome": str(result.outcome),
        "reasons": [_reason(reason) for reason in result.reasons],
        "evidence": str(result.evidence),
        "seconds": round(result.seconds, 3),
    }


def _reason(reason: Reason) -> dict[str, object]:
    return {
        "kind": str(reason.kind),
        "path": reason.path,
        "expected": reason.expected,
        "actual": reason.actual,
        "message": reason.message,
        "evidence": None if reason.evidence is None else str(reason.evidence),
    }


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "rule": finding.rule,
        "category": finding.category,
        "severity": str(finding.severity),
        "path": finding.span.path,
        "start_line": finding.span.start_line,
        "start_column": finding.span.start_column,
        "end_line": finding.span.end_line,
        "end_column": finding.span.end_column,
        "element": finding.element,
        "message": finding.message,
        "fingerprint": finding.fingerprint,
        "consumers": [
            {
                "name": hit.consumer.name,
                "owner": hit.consumer.owner,
                "impact": str(hit.impact),
                "evidence": [asdict(evidence) for evidence in hit.evidence],
            }
            for hit in finding.consumers
        ],
    }
