"""What the reports look like, format by format."""

import io
from collections.abc import Callable

from servanda.report import json, junit, markdown, text
from servanda.report.console import console_for
from servanda.verdict import Verdict

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
