"""Answers about use, with hostile names in them."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from servanda.impact.census import Idle, Status
from servanda.interfaces.usage.use import Usage
from servanda.report.usage import text, unused_document, unused_text
from servanda.verdict import Consumer
from tests.samples.hostile import CONTROL, TEXTS, original, workflow_commands

IDLE = st.builds(Idle, TEXTS, st.just(Status.UNKNOWN), st.just(()), st.lists(TEXTS, max_size=2).map(tuple))


@settings(max_examples=40)
@given(st.lists(IDLE, max_size=3))
def test_each_unused_element_is_one_line_and_reads_back(found: list[Idle]) -> None:
    told = unused_text(found)

    lines = told.splitlines()
    assert sorted(original(line).partition("  (not observed")[0] for line in lines) == sorted(
        f"unknown  {each.element}".partition("  (not observed")[0] for each in found
    )
    assert CONTROL.search(told) is None
    assert workflow_commands(told) == []
    assert [each["element"] for each in json.loads(unused_document(found))["elements"]] == [e.element for e in found]


@settings(max_examples=40)
@given(TEXTS, st.lists(st.builds(Consumer, TEXTS, TEXTS), max_size=2))
def test_each_consumer_of_an_element_is_one_line(element: str, consumers: list[Consumer]) -> None:
    told = text(element, (), Usage(()), consumers)

    assert len(told.splitlines()) == 1 + max(1, len(consumers))
    assert original(told.split("\n")[0]) == element
    assert CONTROL.search(told) is None
    assert workflow_commands(told) == []
