"""The check as annotations of GitHub Actions.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#setting-an-error-message
"""

from __future__ import annotations

from collections.abc import Iterable

from servanda.escaping import line
from servanda.escaping.documents import command_data, command_property
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
    summary = _message([wording.summary(check), *wording.conclusion(check)])
    return "\n".join([*lines, f"::notice title=servanda check::{summary}"]) + "\n"


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
    written = ",".join(f"{key}={command_property(value)}" for key, value in properties.items())
    message = _message([finding.message, *wording.hits(finding)])
    return f"::{_COMMANDS[finding.severity]} {written}::{message}"


def _message(lines: Iterable[str]) -> str:
    return command_data("\n".join(line(each) for each in lines))
