"""The verdict as annotations of GitHub Actions.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#setting-an-error-message
"""

from __future__ import annotations

from collections.abc import Iterable

from servanda.escaping import line
from servanda.escaping.documents import command_data, command_property
from servanda.report import wording
from servanda.report.entries import Entry, entries
from servanda.report.finding_wording import conclusions, unlisted
from servanda.report.formats import Format
from servanda.report.grouping import by_element
from servanda.verdict import Severity, Verdict

_COMMANDS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.WAIVED: "notice",
    Severity.BASELINE: "notice",
}


def render(verdict: Verdict) -> str:
    """Write one command for each entry, see :mod:`servanda.report.entries`, and the answer as a notice.

    Advice is counted alone: GitHub shows ten annotations of a kind, and no more.
    """
    lines = [_annotation(entry) for entry in entries(verdict) if entry.severity is not Severity.ADVICE]
    advice = unlisted(by_element(verdict.findings))
    summary = _message([*conclusions(verdict.stages), *advice, f"verdict {wording.answer(verdict)}"])
    return "\n".join([*lines, f"::notice title=servanda::{summary}"]) + "\n"


def _annotation(entry: Entry) -> str:
    span = entry.span
    properties = {"file": span.path} if span.path else {}
    if span.path and span.start_line:
        properties |= {"line": str(span.start_line), "endLine": str(max(span.start_line, span.end_line))}
    if span.path and span.start_line and span.start_column:
        properties |= {"col": str(span.start_column), "endColumn": str(span.end_column)}
    properties["title"] = entry.rule
    written = ",".join(f"{key}={command_property(value)}" for key, value in properties.items())
    return f"::{_COMMANDS[entry.severity]} {written}::{_message([entry.message, *entry.details])}"


def _message(lines: Iterable[str]) -> str:
    return command_data("\n".join(line(each) for each in lines))


FORMAT = Format("github", "github-annotations.txt", render)
