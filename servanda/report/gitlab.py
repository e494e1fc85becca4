"""The verdict as a code quality report of GitLab.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

from servanda.escaping import visible
from servanda.escaping.documents import json_text
from servanda.report.entries import Entry, entries
from servanda.report.formats import Format
from servanda.verdict import Severity, Verdict

_SEVERITIES = {
    Severity.ERROR: "critical",
    Severity.WARNING: "minor",
    Severity.ADVICE: "info",
    Severity.WAIVED: "info",
    Severity.BASELINE: "info",
}
# A path is demanded; a stage that could not run is about the repository as a whole.
_EVERYWHERE = "."


def render(verdict: Verdict) -> str:
    """Write one object for each entry, see :mod:`servanda.report.entries`; GitLab compares them by fingerprint."""
    return json_text([_object(entry) for entry in entries(verdict)])


def _object(entry: Entry) -> dict[str, object]:
    span = entry.span
    told = [f"{entry.rule}: {entry.message}", *entry.details]
    begin = max(span.start_line, 1)
    return {
        "description": " | ".join(visible(each) for each in told),
        "check_name": entry.rule,
        "fingerprint": entry.fingerprint,
        "severity": _SEVERITIES[entry.severity],
        "location": {"path": span.path or _EVERYWHERE, "lines": {"begin": begin, "end": max(span.end_line, begin)}},
    }


FORMAT = Format("gitlab", "gl-code-quality-report.json", render)
