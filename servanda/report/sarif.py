"""The verdict as SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html)."""

from __future__ import annotations

import importlib.metadata
import re

from servanda.escaping import line
from servanda.escaping.documents import json_text, uri_path
from servanda.report.entries import Entry, entries
from servanda.report.formats import Format
from servanda.verdict import Severity, Span, Verdict

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.ADVICE: "note",
    Severity.WAIVED: "error",
    Severity.BASELINE: "error",
}
# What somebody accepted is told as a suppressed result: https://docs.oasis-open.org/sarif/sarif/v2.1.0/#_Toc141791051
_SUPPRESSIONS = {Severity.WAIVED: "accepted by a waiver", Severity.BASELINE: "accepted by the baseline"}


def render(verdict: Verdict) -> str:
    """Write one run with a result for each entry, see :mod:`servanda.report.entries`, and their rules."""
    found = list(entries(verdict))
    examples = {entry.rule: entry for entry in found}
    rules = {rule: index for index, rule in enumerate(sorted(examples))}
    properties: dict[str, object] = {"verdict": str(verdict.answer)}
    if (compared := verdict.comparison) is not None:
        properties |= {"base": compared.base, "input": compared.input}
        properties |= {"bump": str(compared.bump), "deployOrder": str(compared.deploy_order)}
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
        "results": [_result(entry, rules[entry.rule]) for entry in found],
        "properties": properties,
    }
    return json_text({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(entry: Entry) -> dict[str, object]:
    name = "".join(part.title() for part in re.split("[_-]", entry.rule))
    described: dict[str, object] = {"id": entry.rule, "name": name}
    why = entry.finding.why if entry.finding is not None else ""
    return {**described, "fullDescription": {"text": _plain(why)}} if why else described


def _result(entry: Entry, index: int) -> dict[str, object]:
    steps = [f"{name}: {step}" for name, step in entry.steps]
    result: dict[str, object] = {
        "ruleId": entry.rule,
        "ruleIndex": index,
        "level": _LEVELS[entry.severity],
        "message": {"text": _plain(entry.message, *entry.details, *steps)},
        "locations": [_location(entry)],
        "partialFingerprints": {"servanda/v1": entry.fingerprint},
    }
    if entry.finding is not None:
        hits = entry.finding.consumers
        consumers = [
            {
                "name": hit.consumer.name,
                "owner": hit.consumer.owner,
                "impact": str(hit.impact),
                "source_only": hit.source_only,
            }
            for hit in hits
        ]
        result["properties"] = {"category": entry.finding.category, "consumers": consumers}
    if entry.severity in _SUPPRESSIONS:
        result["suppressions"] = [{"kind": "external", "justification": _SUPPRESSIONS[entry.severity]}]
    return result


def _plain(*lines: str) -> str:
    shown = "\n".join(map(line, lines))
    # Text in brackets before an address is a link, over the end of a line too:
    # https://docs.oasis-open.org/sarif/sarif/v2.1.0/#_Toc141790719
    return shown.replace("[", "\\[") if "](" in shown else shown


def _location(entry: Entry) -> dict[str, object]:
    location: dict[str, object] = {"logicalLocations": [{"fullyQualifiedName": entry.subject}]}
    if entry.span.path:
        artifact = {"uri": uri_path(entry.span.path), "uriBaseId": "ROOT"}
        physical: dict[str, object] = {"artifactLocation": artifact}
        if entry.span.start_line:
            physical["region"] = _region(entry.span)
        location["physicalLocation"] = physical
    return location


def _region(span: Span) -> dict[str, int]:
    return {
        "startLine": span.start_line,
        "startColumn": max(span.start_column, 1),
        "endLine": max(span.end_line, span.start_line),
        "endColumn": max(span.end_column, 1),
    }


FORMAT = Format("sarif", "verdict.sarif", render, mark=r'"driver":\s*\{\s*"name":\s*"servanda"')
