"""Every format, with hostile text in every field: it reads back, and it controls nothing."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from html.parser import HTMLParser
from urllib.parse import unquote_to_bytes
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from markdown_it import MarkdownIt

from servanda.escaping.characters import path_bytes
from servanda.report import files, text
from servanda.report.check import FORMATS
from servanda.report.check.wording import hits, place, proof
from servanda.report.console import console_for, styled
from servanda.verdict import Check, Finding, Severity, Span, Verdict
from tests.samples.hostile import CHECKS, CONTROL, VERDICTS, harmless, original, workflow_commands

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
TAGS = {
    *("html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "ul", "ol", "li", "article", "span", "code"),
    *("table", "thead", "tbody", "tr", "th", "td", "br", "details", "summary", "strong", "div", "pre"),
    *("svg", "path", "a", "text", "circle"),
}
QUICK = settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])


def reads_json(check: Check, output: str) -> None:
    read = json.loads(output)
    assert (read["base"], read["input"]) == (check.base, check.input)
    for found, each in zip(read["findings"], check.findings, strict=True):
        assert (found["rule"], found["path"], found["element"]) == (each.rule, each.span.path, each.element)
        assert (found["message"], found["fingerprint"]) == (each.message, each.fingerprint)
        names = [(hit["name"], hit["owner"]) for hit in found["consumers"]]
        assert names == [(hit.consumer.name, hit.consumer.owner) for hit in each.consumers]
        documents = [proof["example"] for hit in found["consumers"] for proof in hit["evidence"]]
        assert documents == [evidence.example for hit in each.consumers for evidence in hit.evidence]


def reads_sarif(check: Check, output: str) -> None:
    [run] = json.loads(output)["runs"]
    for found, each in zip(run["results"], check.findings, strict=True):
        location = found["locations"][0]
        assert (found["ruleId"], found["partialFingerprints"]) == (each.rule, {"servanda/v1": each.fingerprint})
        assert location["logicalLocations"] == [{"fullyQualifiedName": each.element}]
        lines = found["message"]["text"].split("\n")
        assert re.search(r"(?<!\\)\[[^\]]*\]\(", found["message"]["text"]) is None
        steps = [f"{name}: {step}" for name, step in each.steps.named]
        assert [original(line.replace("\\[", "[")) for line in lines] == [
            told.replace("\\[", "[") for told in (each.message, *hits(each), *steps)
        ]
        if each.span.path:
            uri = location["physicalLocation"]["artifactLocation"]["uri"]
            assert unquote_to_bytes(uri) == path_bytes(each.span.path)


def reads_gitlab(check: Check, output: str) -> None:
    for found, each in zip(json.loads(output), check.findings, strict=True):
        assert (found["check_name"], found["location"]["path"]) == (each.rule, each.span.path)
        assert found["fingerprint"] == each.fingerprint
        assert original(found["description"]) == " | ".join([f"{each.rule}: {each.message}", *hits(each)])


def reads_junit(check: Check, output: str) -> None:
    cases = list(ET.fromstring(output.encode()).iter("testcase"))  # noqa: S314 - written above
    assert len(cases) == max(1, len(check.findings))
    ordered = sorted(check.findings, key=lambda each: each.span.path)
    for case, each in zip(cases, ordered, strict=False):
        assert original(case.get("classname", "")) == each.element
        assert original(case.get("file", "")) == each.span.path
        told = case[0].text or ""
        assert original(told.split("\n")[0]) == f"{place(each)}: {each.rule} {each.message}"


def reads_github(check: Check, output: str) -> None:
    *annotations, summary = workflow_commands(output)
    assert len(output.splitlines()) == len(check.findings) + 1
    assert summary[0] == "notice"
    for (_, properties, message), each in zip(annotations, check.findings, strict=True):
        assert original(properties.get("file", "")) == each.span.path
        assert original(properties["title"]) == each.rule
        assert [original(line) for line in message.split("\n")] == [each.message, *hits(each)]


def reads_text(check: Check, output: str) -> None:
    lines = output.splitlines()
    assert len(lines) == FORMATS["text"](harmless(check)).count("\n")
    if check.findings:
        each = check.findings[0]
        assert original(lines[0]) == f"{place(each)}: {each.rule} {each.message}"


def reads_markdown(check: Check, output: str) -> None:
    told = ["", *(original(line) for line in markdown_texts(output))]
    for each in check.findings:
        assert squeezed(f"{each.severity}: {each.rule} {each.element}") in told
        assert squeezed(f"{place(each)} {each.message}") in told
        names = [hit.consumer.name for hit in each.consumers if each.category != "POLICY"]
        assert {squeezed(name) for name in names} <= set(told)


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
            known = ("<!-- servanda check -->", "<details><summary>The safe steps</summary>", "</details>")
            assert token.content.strip() in known
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
            tag, shown = self.inside[-1]
            self.inside[-1] = (tag, shown + data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


def reads_html(check: Check, output: str) -> None:
    page = Page(output)
    told = page.texts
    assert page.inside == []
    assert [original(each) for each in page.ids] == [each.fingerprint for each in check.findings]
    for each in check.findings:
        assert {("code", each.element), ("code", place(each)), ("p", each.message)} <= told
        for hit in each.consumers if each.category != "POLICY" else ():
            assert {("td", hit.consumer.name), ("td", hit.consumer.owner)} <= told
            cells = "\n".join(shown for tag, shown in told if tag == "td")
            assert all(proof(evidence) in cells for evidence in hit.evidence)


READERS: Mapping[str, Callable[[Check, str], None]] = {
    "text": reads_text,
    "json": reads_json,
    "junit": reads_junit,
    "sarif": reads_sarif,
    "github": reads_github,
    "gitlab": reads_gitlab,
    "markdown": reads_markdown,
    "html": reads_html,
}


@pytest.mark.parametrize("form", FORMATS)
@QUICK
@given(check=CHECKS)
def test_every_format_reads_back(form: str, check: Check) -> None:
    READERS[form](check, FORMATS[form](check))


@pytest.mark.parametrize("form", FORMATS)
@QUICK
@given(check=CHECKS)
def test_no_format_holds_control_or_commands(form: str, check: Check) -> None:
    controls_nothing(FORMATS[form](check), commands=len(check.findings) + 1 if form == "github" else 0)


def controls_nothing(output: str, commands: int = 0) -> None:
    output.encode()
    assert CONTROL.search(output) is None
    assert len(workflow_commands(output)) == commands


def rendered(verdict: Verdict) -> Iterator[str]:
    stream = io.StringIO()
    text.verdict_table(verdict, console_for(stream))
    yield stream.getvalue()
    yield from (render(verdict) for render in files.FORMATS.values())


@QUICK
@given(VERDICTS)
def test_no_report_of_the_gate_holds_control_or_commands(verdict: Verdict) -> None:
    for output in rendered(verdict):
        controls_nothing(output)


@QUICK
@given(VERDICTS)
def test_the_reports_of_the_gate_read_back(verdict: Verdict) -> None:
    document = json.loads(files.FORMATS["verdict.json"](verdict))
    suites = ET.fromstring(files.FORMATS["junit.xml"](verdict).encode())  # noqa: S314 - written above

    assert [stage["name"] for stage in document["stages"]] == [stage.name for stage in verdict.stages]
    assert [each["interaction"] for each in document["results"]] == [each.interaction for each in verdict.results]
    cases = list(suites[0].iter("testcase"))
    assert [original(case.get("name", "")) for case in cases] == [stage.name for stage in verdict.stages]


@QUICK
@given(VERDICTS)
def test_the_comment_of_the_gate_has_the_structure_of_its_template(verdict: Verdict) -> None:
    told = [original(line) for line in markdown_texts(files.FORMATS["verdict.md"](verdict))]

    assert {squeezed(stage.name) for stage in verdict.stages} <= set(told)


@QUICK
@given(VERDICTS)
def test_the_text_of_the_gate_has_as_many_lines_as_its_structure_says(verdict: Verdict) -> None:
    reasons = [reason for stage in verdict.stages for reason in stage.reasons]
    expected = sum(1 + reason.message.count("\n") for reason in reasons)

    [output, *_] = rendered(verdict)

    assert output.count("\n") == len(output.splitlines())
    assert len([line for line in output.splitlines() if line.startswith("  ")]) >= expected


def test_pieces_of_a_line_make_no_command_where_they_meet() -> None:
    assert styled(("#", "red"), "#[error]x").plain == r"#\x23[error]x"
    assert styled(("\\", "red"), "n").plain == r"\\n"


def test_an_address_in_a_message_is_no_link_in_sarif() -> None:
    found = Finding("R", "FILE", Severity.ERROR, Span("a"), "e", "see [this](https://example.org)", "f")

    [run] = json.loads(FORMATS["sarif"](Check("a", "b", (found,))))["runs"]

    assert run["results"][0]["message"]["text"].startswith(r"see \[this](https")


def test_the_policy_of_the_page_allows_its_style() -> None:
    page = FORMATS["html"](Check("a", "b"))

    [style] = re.findall("<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"content=\"default-src 'none'; style-src 'sha256-{digest}';" in page
    assert page.index("Content-Security-Policy") < page.index("<style>")
