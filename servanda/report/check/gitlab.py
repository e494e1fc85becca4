"""The check as a code quality report of GitLab.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import json

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
    return json.dumps([_entry(finding) for finding in check.findings], indent=2, ensure_ascii=False) + "\n"


def _entry(finding: Finding) -> dict[str, object]:
    span = finding.span
    return {
        "description": " | ".join([f"{finding.rule}: {finding.message}", *wording.hits(finding)]),
        "check_name": finding.rule,
        "fingerprint": finding.fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": {"path": span.path, "lines": {"begin": max(span.start_line, 1), "end": max(span.end_line, 1)}},
    }
