"""What the reports look like, format by format."""

import io
from collections.abc import Callable

from servanda.report import json, junit, markdown, text
from servanda.report.console import console_for
from servanda.verdict import Outcome, Reason, ReasonKind, StageResult, Verdict, decide

Golden = Callable[[str, str], None]


def test_the_terminal_report_looks_as_reviewed(name: str, verdict: Verdict, golden: Golden) -> None:
    stream = io.StringIO()

    text.verdict_table(verdict, console_for(stream))

    golden(f"{name}.txt", stream.getvalue())


def test_the_markdown_report_looks_as_reviewed(name: str, verdict: Verdict, golden: Golden) -> None:
    golden(f"{name}.md", markdown.render(verdict))


def test_the_junit_report_looks_as_reviewed(name: str, verdict: Verdict, golden: Golden) -> None:
    golden(f"{name}.xml", junit.render(verdict))


def test_the_json_report_looks_as_reviewed(name: str, verdict: Verdict, golden: Golden) -> None:
    golden(f"{name}.json", json.render(verdict))


def test_the_junit_report_tells_what_a_stage_that_holds_has_to_say() -> None:
    reason = Reason(ReasonKind.TREE_CHANGED, "a file changed")
    report = junit.render(decide([StageResult("consumers", Outcome.HELD, reasons=(reason,))]))

    (_, said) = report.split("<system-out>")
    assert "a file changed" in said
    assert "<failure" not in report
