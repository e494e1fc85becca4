"""Answers about use, with hostile names in them."""

import csv
import datetime as dt
import io
import json
from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st

from servanda.impact.census import Idle, Status
from servanda.interfaces.usage.inventory import Inventory, Listed
from servanda.interfaces.usage.use import Usage
from servanda.report import usage_markdown, usage_page
from servanda.report.usage import Asked, text, unused_document, unused_text
from servanda.report.usage_table import Part, csv_text, table
from servanda.verdict import Consumer
from tests.samples.hostile import CONTROL, TEXTS, original, workflow_commands

# A title, the counts of one interface and of all, the legend, and a table with one row.
MARKDOWN_LINES = 14
LISTED = st.builds(lambda text: Listed(text, text, "shop"), TEXTS)
IDLE = st.builds(Idle, LISTED, st.just(Status.UNKNOWN), st.just(()), st.lists(TEXTS, max_size=2).map(tuple))


@settings(max_examples=40)
@given(st.lists(IDLE, max_size=3))
def test_each_unused_element_is_one_line_and_reads_back(found: list[Idle]) -> None:
    told = unused_text(found)

    lines = told.splitlines()
    assert sorted(original(line).partition("  (not observed")[0] for line in lines) == sorted(
        f"unknown  {each.element.label}".partition("  (not observed")[0] for each in found
    )
    assert CONTROL.search(told) is None
    assert workflow_commands(told) == []
    assert [each["element"] for each in json.loads(unused_document(found))["elements"]] == [
        e.element.label for e in found
    ]


@settings(max_examples=40)
@given(TEXTS, st.lists(st.builds(Consumer, TEXTS, TEXTS), max_size=2))
def test_each_consumer_of_an_element_is_one_line(element: str, consumers: list[Consumer]) -> None:
    told = text([Asked(Listed(element, element, "shop"), Usage(()), tuple(consumers))])

    assert len(told.splitlines()) == 1 + max(1, len(consumers))
    assert original(told.split("\n")[0]) == element
    assert CONTROL.search(told) is None
    assert workflow_commands(told) == []


@settings(max_examples=40)
@given(TEXTS, TEXTS)
def test_a_table_has_one_row_for_each_element_whatever_is_in_its_name(element: str, name: str) -> None:
    part = Part(Inventory("proto", (Listed(element, element, "shop"),), lambda: Usage(())), (Consumer(name),))
    found = table([part])
    today = dt.date(2026, 11, 29)

    read = list(csv.reader(io.StringIO(csv_text(found, today))))
    assert [len(row) for row in read] == [4, 4]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in read for cell in row)
    told = usage_markdown.render(found, today)
    assert len(told.splitlines()) == MARKDOWN_LINES
    assert CONTROL.search(told) is None
    page = _Tags()
    page.feed(usage_page.render(found, today))
    assert page.count("script") == 0
    assert page.count("tr") == 3


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self._tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._tags.append(tag)

    def count(self, tag: str) -> int:
        return self._tags.count(tag)
