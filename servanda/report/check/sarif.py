"""The check as SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html)."""

from __future__ import annotations

import importlib.metadata

from servanda.escaping import line
from servanda.escaping.documents import json_text, uri_path
from servanda.report.check import wording
from servanda.verdict import Check, Finding, Severity, Span

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.WAIVED: "error",
    Severity.BASELINE: "error",
}
# What somebody accepted is told as a suppressed result: https://docs.oasis-open.org/sarif/sarif/v2.1.0/#_Toc141791051
_SUPPRESSIONS = {Severity.WAIVED: "accepted by a waiver", Severity.BASELINE: "accepted by the baseline"}


def render(check: Check) -> str:
    """One run with its rules and results."""
    examples = {finding.rule: finding for finding in check.findings}
    rules = sorted(examples)
    run = {
        "tool": {
            "driver": {
                "name": "servanda",
                "version": importlib.metadata.version("servanda"),
                "rules": [_rule(examples[rule]) for rule in rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"ROOT": {"description": {"text": "The folder of the repository's configuration."}}},
        "results": [_result(finding, rules.index(finding.rule)) for finding in check.findings],
        "properties": {
            "base": check.base,
            "input": check.input,
            "bump": str(check.bump),
            "deployOrder": str(check.deploy_order),
        },
    }
    return json_text({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(finding: Finding) -> dict[str, object]:
    name = "".join(part.title() for part in finding.rule.split("_"))
    described: dict[str, object] = {"id": finding.rule, "name": name}
    return {**described, "fullDescription": {"text": _plain(finding.why)}} if finding.why else described


def _result(finding: Finding, index: int) -> dict[str, object]:
    steps = [f"{name}: {step}" for name, step in finding.steps.named]
    told = "\n".join(_plain(each) for each in [finding.message, *wording.hits(finding), *steps])
    result: dict[str, object] = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": told},
        "locations": [_location(finding)],
        "partialFingerprints": {"servanda/v1": finding.fingerprint},
        "properties": {
            "category": finding.category,
            "consumers": [
                {"name": hit.consumer.name, "owner": hit.consumer.owner, "impact": str(hit.impact)}
                for hit in finding.consumers
            ],
        },
    }
    if finding.severity in _SUPPRESSIONS:
        result["suppressions"] = [{"kind": "external", "justification": _SUPPRESSIONS[finding.severity]}]
    return result


def _plain(text: str) -> str:
    # Text in brackets before an address is a link: https://docs.oasis-open.org/sarif/sarif/v2.1.0/#_Toc141790719
    shown = line(text)
    return shown.replace("[", "\\[") if "](" in shown else shown


def _location(finding: Finding) -> dict[str, object]:
    location: dict[str, object] = {"logicalLocations": [{"fullyQualifiedName": finding.element}]}
    if finding.span.path:
        artifact = {"uri": uri_path(finding.span.path), "uriBaseId": "ROOT"}
        physical: dict[str, object] = {"artifactLocation": artifact}
        if finding.span.start_line:
            physical["region"] = _region(finding.span)
        location["physicalLocation"] = physical
    return location


def _region(span: Span) -> dict[str, int]:
    return {
        "startLine": span.start_line,
        "startColumn": max(span.start_column, 1),
        "endLine": max(span.end_line, span.start_line),
        "endColumn": max(span.end_column, 1),
    }
