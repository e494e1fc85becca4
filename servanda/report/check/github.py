"""The check as annotations of GitHub Actions.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#setting-an-error-message
"""

from __future__ import annotations

from servanda.report.check import wording
from servanda.verdict import Check, Finding, Severity

_COMMANDS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.WAIVED: "notice",
    Severity.BASELINE: "notice",
}


def render(check: Check) -> str:
    """One command per finding, and the result as a notice."""
    lines = [_annotation(finding) for finding in check.findings]
    summary = "\n".join([wording.summary(check), *wording.conclusion(check)])
    return "\n".join([*lines, f"::notice title=servanda check::{_data(summary)}"]) + "\n"


def _annotation(finding: Finding) -> str:
    span = finding.span
    properties = {"file": span.path} if span.path else {}
    if span.start_line:
        properties |= {
            "line": str(span.start_line),
            "endLine": str(span.end_line),
            "col": str(span.start_column),
            "endColumn": str(span.end_column),
        }
    properties["title"] = finding.rule
    written = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    message = "\n".join([finding.message, *wording.hits(finding)])
    return f"::{_COMMANDS[finding.severity]} {written}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
