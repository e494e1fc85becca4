"""The check as JSON, for programs; ``docs/reference/findings.schema.json`` describes it."""

from __future__ import annotations

from dataclasses import asdict

from servanda.escaping.documents import json_text
from servanda.verdict import Check, ConsumerImpact, Finding


def document(check: Check) -> dict[str, object]:
    """The check as JSON values."""
    return {
        "base": check.base,
        "input": check.input,
        "holds": check.holds,
        "bump": str(check.bump),
        "deploy_order": str(check.deploy_order),
        "findings": [finding(each) for each in check.findings],
    }


def render(check: Check) -> str:
    """The document as text."""
    return json_text(document(check))


def finding(found: Finding) -> dict[str, object]:
    """One finding as JSON values."""
    return {
        "rule": found.rule,
        "category": found.category,
        "severity": str(found.severity),
        "path": found.span.path,
        "start_line": found.span.start_line,
        "start_column": found.span.start_column,
        "end_line": found.span.end_line,
        "end_column": found.span.end_column,
        "element": found.element,
        "message": found.message,
        "fingerprint": found.fingerprint,
        "transition": asdict(found.transition) if found.transition else None,
        "consumers": [_consumer(hit) for hit in found.consumers],
        "steps": asdict(found.steps),
    }


def _consumer(hit: ConsumerImpact) -> dict[str, object]:
    return {
        "name": hit.consumer.name,
        "owner": hit.consumer.owner,
        "impact": str(hit.impact),
        "evidence": [asdict(evidence) for evidence in hit.evidence],
    }
