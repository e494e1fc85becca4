"""The check as a code quality report of GitLab.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

from servanda.escaping import visible
from servanda.escaping.documents import json_text
from servanda.report.check import wording
from servanda.verdict import Check, Finding, Severity

_SEVERITIES = {
    Severity.ERROR: "critical",
    Severity.WARNING: "minor",
    Severity.WAIVED: "info",
    Severity.BASELINE: "info",
}


def render(check: Check) -> str:
    """One entry per finding; GitLab compares them by fingerprint."""
    return json_text([_entry(finding) for finding in check.findings])


def _entry(finding: Finding) -> dict[str, object]:
    span = finding.span
    told = [f"{finding.rule}: {finding.message}", *wording.hits(finding)]
    return {
        "description": " | ".join(visible(each) for each in told),
        "check_name": finding.rule,
        "fingerprint": finding.fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": {"path": span.path, "lines": {"begin": max(span.start_line, 1), "end": max(span.end_line, 1)}},
    }
