"""The verdict in the Common Test Report Format (https://ctrf.io/docs/specification/overview), as JSON."""

from __future__ import annotations

import importlib.metadata
from collections import Counter

from servanda.escaping import line, visible
from servanda.escaping.documents import json_text
from servanda.report.cases import TOOL, Case, Status, cases
from servanda.report.formats import Format
from servanda.verdict import Verdict

_VERSION = "0.0.0"
_STATUSES = {
    Status.PASSED: "passed",
    Status.FAILED: "failed",
    Status.UNKNOWN: "other",
    Status.SKIPPED: "skipped",
}


def render(verdict: Verdict) -> str:
    """Write one test for each case, see :mod:`servanda.report.cases`.

    What could not be told has the status ``other``. A verdict that was not timed, as that of ``check``, starts and
    stops at 0: equal inputs give equal reports.
    """
    tests = [_test(case) for case in cases(verdict)]
    counts = Counter(str(test["status"]) for test in tests)
    duration = sum(_milliseconds(stage.seconds) for stage in verdict.stages)
    summary: dict[str, object] = {"tests": len(tests)}
    summary |= {status: counts[status] for status in ("passed", "failed", "skipped", "pending", "other")}
    summary |= {"start": verdict.started, "stop": verdict.started + duration, "duration": duration}
    results: dict[str, object] = {"tool": {"name": TOOL, "version": importlib.metadata.version(TOOL)}}
    results |= {"summary": summary, "tests": tests, "extra": {"verdict": str(verdict.answer)}}
    return json_text({"reportFormat": "CTRF", "specVersion": _VERSION, "generatedBy": TOOL, "results": results})


def _test(case: Case) -> dict[str, object]:
    # A name is demanded; an interaction may be described by nothing.
    test: dict[str, object] = {"name": visible(case.name) or "-", "status": _STATUSES[case.status]}
    test["duration"] = _milliseconds(case.seconds)
    test["suite"] = [visible(case.suite) or TOOL, visible(case.subject)]
    if case.message:
        test["message"] = visible(case.message)
    if case.lines:
        test["trace"] = "\n".join(line(each) for each in case.lines)
    if case.kind:
        test["rawStatus"] = visible(case.kind)
    if case.path:
        test["filePath"] = case.path
        test["line"] = case.line
    return test


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)


FORMAT = Format("ctrf", "ctrf-report.json", render, mark=r'"generatedBy":\s*"servanda"')
