"""Every format, with hostile text in every field: it reads back, and it controls nothing."""

from __future__ import annotations

import base64
import hashlib
import io
import itertools
import json
import re
from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from urllib.parse import unquote_to_bytes
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from markdown_it import MarkdownIt
from rich.console import Console

from servanda.escaping.characters import path_bytes
from servanda.escaping.documents import json_text
from servanda.report import text
from servanda.report.cases import cases
from servanda.report.console import put_folded, styled
from servanda.report.entries import entries
from servanda.report.finding_wording import objection, proof
from servanda.report.formats import FORMATS
from servanda.report.grouping import by_element
from servanda.report.html import SECTIONS
from servanda.report.line import Line
from servanda.verdict import (
    Consumer,
    ConsumerImpact,
    Finding,
    Impact,
    Outcome,
    Severity,
    Span,
    StageResult,
    Verdict,
    decide,
)
from servanda.verdict.document import from_document, to_document
from tests.samples.hostile import CHECKS, CONTROL, VERDICTS, original, workflow_commands

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
INLINE = {"text", "code_inline", "strong_open", "strong_close", "softbreak"}
ACTIVE = re.compile(r"[@#<>\[\]`$&*_~|\\]|(?<!\d)/|(?<!\d)[.:](?=\w)|\b[0-9a-f]{7,}\b")
BLOCKS = {
    "heading",
    "paragraph",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "bullet_list",
    "ordered_list",
    "list_item",
}
SUMMARIES = r"Safe steps|What no consumer uses|More evidence \(\d+\)"
HTML_BLOCKS = rf"<!-- servanda( check)? -->|<details><summary>({SUMMARIES})</summary>|</details>"
TAGS = {
    *("html", "head", "meta", "title", "style", "body", "header", "nav", "main", "section", "h1", "h2", "h3", "p"),
    *("ul", "ol", "li", "dl", "dt", "dd", "article", "span", "code", "mark", "em", "strong", "div", "pre"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td", "br", "details", "summary"),
    *("svg", "g", "path", "rect", "a", "text", "circle"),
}
QUICK = settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])


def reads_json(verdict: Verdict, output: str) -> None:
    assert from_document(Verdict, json.loads(output)) == redacted(verdict)


def redacted(verdict: Verdict) -> Verdict:
    """Take the passwords of addresses out, which no format shows."""
    return from_document(Verdict, json.loads(json_text(to_document(verdict))))


def reads_sarif(verdict: Verdict, output: str) -> None:
    [run] = json.loads(output)["runs"]
    for found, each in zip(run["results"], entries(verdict), strict=True):
        location = found["locations"][0]
        assert (found["ruleId"], found["partialFingerprints"]) == (each.rule, {"servanda/v1": each.fingerprint})
        assert location["logicalLocations"] == [{"fullyQualifiedName": each.subject}]
        lines = found["message"]["text"].split("\n")
        assert re.search(r"(?<!\\)\[[^\]]*\]\(", found["message"]["text"]) is None
        steps = [f"{name}: {step}" for name, step in each.steps]
        assert [unescaped(original(line)) for line in lines] == [
            unescaped(told) for told in (each.message, *each.details, *steps)
        ]
        if each.span.path:
            uri = location["physicalLocation"]["artifactLocation"]["uri"]
            assert unquote_to_bytes(uri) == path_bytes(each.span.path)


def unescaped(text: str) -> str:
    return re.sub(r"\\+\[", "[", text)


def reads_gitlab(verdict: Verdict, output: str) -> None:
    for found, each in zip(json.loads(output), entries(verdict), strict=True):
        assert (found["check_name"], found["location"]["path"]) == (each.rule, each.span.path or ".")
        assert found["fingerprint"] == each.fingerprint
        assert original(found["description"]) == " | ".join([f"{each.rule}: {each.message}", *each.details])


def reads_junit(verdict: Verdict, output: str) -> None:
    written = list(ET.fromstring(output.encode()).iter("testcase"))  # noqa: S314 - written above
    for case, each in zip(written, cases(verdict), strict=True):
        assert original(case.get("classname", "")) == each.subject
        assert original(case.get("name", "")) == each.name
        assert original(case.get("file", "")) == each.path
        told = [text for text in (part.text for part in case) if text]
        # XML does not tell an empty text from none.
        lines = [] if list(each.lines) == [""] else list(each.lines)
        assert [original(line) for text in told for line in text.split("\n")] == lines


def reads_ctrf(verdict: Verdict, output: str) -> None:
    results = json.loads(output)["results"]
    for test, each in zip(results["tests"], cases(verdict), strict=True):
        assert original(test["name"]) == (each.name or "-")
        assert test.get("filePath", "") == each.path
        assert original(test.get("message", "")) == each.message
        assert [original(line) for line in test.get("trace", "").split("\n")] == (list(each.lines) or [""])
    assert results["summary"]["tests"] == len(results["tests"])


def reads_github(verdict: Verdict, output: str) -> None:
    *annotations, summary = workflow_commands(output)
    expected = [each for each in entries(verdict) if each.severity is not Severity.ADVICE]
    assert len(output.splitlines()) == len(expected) + 1
    assert summary[0] == "notice"
    for (_, properties, message), each in zip(annotations, expected, strict=True):
        assert original(properties.get("file", "")) == each.span.path
        assert original(properties["title"]) == each.rule
        assert [original(line) for line in message.split("\n")] == [each.message, *each.details]


def reads_text(verdict: Verdict, output: str) -> None:
    lines = [original(line) for line in output.splitlines()]
    assert lines == [
        "".join(part if isinstance(part, str) else part[0] for part in line) for line in text.lines(verdict)
    ]
    for element in by_element(verdict.findings):
        listed = {f"  {objection(each, element)}" for each in element.findings} <= set(lines)
        assert listed or element.severity is Severity.ADVICE


def joined(line: Line) -> str:
    return "".join(part if isinstance(part, str) else part[0] for part in line)


def reads_markdown(verdict: Verdict, output: str) -> None:
    told = {"", *(original(line) for line in markdown_texts(output))}
    for element in by_element(verdict.findings):
        assert squeezed(f"{element.severity}: {element.name}") in told
        assert {squeezed(objection(each, element)) for each in element.findings} <= told
        assert {squeezed(hit.consumer.name) for hit in element.consumers} <= told
    if len(verdict.stages) > 1:
        assert {squeezed(stage.name) for stage in verdict.stages} <= told


def markdown_texts(output: str) -> list[str]:
    """Read the texts of a document, and make sure that the template alone gave it its structure."""
    texts = []
    for token in PARSER.parse(output):
        if token.type == "inline":
            children = token.children or []
            assert {child.type for child in children} <= INLINE
            assert [each.content for each in children if each.type == "text" and ACTIVE.search(each.content)] == []
            texts.append(squeezed("".join(child.content for child in children)))
        elif token.type == "html_block":
            assert re.fullmatch(HTML_BLOCKS, token.content.strip()), token.content
        else:
            assert token.type == "fence" or token.type.removesuffix("_open").removesuffix("_close") in BLOCKS
    return texts


def squeezed(line: str) -> str:
    return " ".join(part for part in line.split(" ") if part)


class Page(HTMLParser):
    """The texts of a page by element; makes sure that only elements of the template are there."""

    def __init__(self, output: str) -> None:
        super().__init__()
        self.inside: list[tuple[str, str]] = []
        self.texts: set[tuple[str, str]] = set()
        self.ids: list[str] = []
        self.feed(output)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS
        assert not {name for name, _ in attrs if name.startswith("on") or name in ("style", "src")}
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in ("meta", "br"):
            self.inside.append((tag, ""))

    def handle_endtag(self, tag: str) -> None:
        opened, shown = self.inside.pop()
        assert opened == tag
        self.texts.add((tag, original(shown)))

    def handle_data(self, data: str) -> None:
        if self.inside:
            # A mark stands within a value, and the value is what was there.
            own = -2 if self.inside[-1][0] == "mark" else -1
            tag, shown = self.inside[own]
            self.inside[own] = (tag, shown + data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


def reads_html(verdict: Verdict, output: str) -> None:
    page = Page(output)
    told = page.texts
    elements = by_element(verdict.findings)
    assert page.inside == []
    ours = {name for section in SECTIONS for name in (section, f"{section}-title")} | {"main"}
    fingerprints = [f.fingerprint for each in elements for f in each.findings]
    assert [original(each) for each in page.ids if each not in ours] == [
        each for each in fingerprints if each not in ours
    ]
    for element in elements:
        assert {("li", objection(each, element)) for each in element.findings} <= told
        for hit in element.consumers:
            assert {("th", hit.consumer.name), ("td", hit.consumer.owner)} <= told
            cells = "\n".join(shown for tag, shown in told if tag in ("td", "li"))
            assert all(proof(evidence) in cells for evidence in hit.evidence)
    troubled = [result for result in verdict.results if result.outcome is not Outcome.HELD]
    told_by = [each.reasons for each in verdict.stages] + [each.reasons for each in troubled]
    for reason in itertools.chain.from_iterable(told_by):
        assert ("p", reason.message.partition("\n")[0]) in told
        values = {reason.path, *(value for value in (reason.expected, reason.actual) if value is not None)} - {""}
        assert {("code", value) for value in values} <= told
    for result in verdict.results:
        assert ("th", result.interaction) in told


READERS: Mapping[str, Callable[[Verdict, str], None]] = {
    "text": reads_text,
    "json": reads_json,
    "junit": reads_junit,
    "sarif": reads_sarif,
    "github": reads_github,
    "gitlab": reads_gitlab,
    "markdown": reads_markdown,
    "html": reads_html,
    "ctrf": reads_ctrf,
}


@pytest.mark.parametrize("form", FORMATS)
@QUICK
@given(verdict=CHECKS | VERDICTS)
def test_every_format_reads_back(form: str, verdict: Verdict) -> None:
    READERS[form](verdict, FORMATS[form].render(verdict))


@pytest.mark.parametrize("form", FORMATS)
@QUICK
@given(verdict=CHECKS | VERDICTS)
def test_no_format_holds_control_or_commands(form: str, verdict: Verdict) -> None:
    output = FORMATS[form].render(verdict)

    output.encode()
    assert CONTROL.search(output) is None
    listed = [entry for entry in entries(verdict) if entry.severity is not Severity.ADVICE]
    commands = len(listed) + 1 if form == "github" else 0
    assert len(workflow_commands(output)) == commands


@QUICK
@given(verdict=CHECKS | VERDICTS)
def test_a_terminal_is_controlled_by_styles_alone(verdict: Verdict) -> None:
    stream = io.StringIO()

    put_folded(Console(file=stream, width=60, force_terminal=True, color_system="standard"), text.lines(verdict))

    assert CONTROL.search(re.sub(r"\x1b\[[0-9;]*m", "", stream.getvalue())) is None


@QUICK
@given(verdict=CHECKS | VERDICTS)
def test_a_text_has_as_many_lines_as_its_structure_says(verdict: Verdict) -> None:
    assert FORMATS["text"].render(verdict).count("\n") == len(list(text.lines(verdict)))


def test_pieces_of_a_line_make_no_command_where_they_meet() -> None:
    assert styled(("#", "red"), "#[error]x").plain == r"#\x23[error]x"
    assert styled(("\\", "red"), "n").plain == r"\\n"


def test_an_address_in_a_message_is_no_link_in_sarif() -> None:
    found = Finding("R", "FILE", Severity.ERROR, Span("a"), "e", "see [this](https://example.org)", "f")

    [run] = json.loads(FORMATS["sarif"].render(decide([StageResult("interfaces", Outcome.BROKEN, findings=(found,))])))[
        "runs"
    ]

    assert run["results"][0]["message"]["text"].startswith(r"see \[this](https")


def test_a_link_over_two_lines_is_none_either() -> None:
    hit = ConsumerImpact(Consumer("a](https://example.org)"), Impact.BROKEN)
    found = Finding("R", "FILE", Severity.ERROR, Span("a"), "e", "see [this", "f", (hit,))
    verdict = decide([StageResult("interfaces", Outcome.BROKEN, findings=(found,))])

    [run] = json.loads(FORMATS["sarif"].render(verdict))["runs"]

    assert run["results"][0]["message"]["text"].startswith(r"see \[this")


def test_the_policy_of_the_page_allows_its_style() -> None:
    page = FORMATS["html"].render(decide([StageResult("interfaces", Outcome.HELD)]))

    [style] = re.findall("<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"content=\"default-src 'none'; style-src 'sha256-{digest}';" in page
    assert page.index("Content-Security-Policy") < page.index("<style>")
