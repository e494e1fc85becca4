"""Two answers to one question."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.versions.oracle import Answer, Difference, differences, members
from servanda.versions.oracle.answer import answer_of, question_of

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=10,
)


def between(before: Any, now: Any, *ignored: str) -> list[tuple[str, str | None, str | None]]:
    return [
        (each.path, each.expected, each.actual) for each in differences(Answer(200, before), Answer(200, now), ignored)
    ]


@given(JSON)
def test_an_answer_does_not_differ_from_itself(body: Any) -> None:
    assert between(body, body) == []


@given(st.dictionaries(st.text(max_size=3), JSON, max_size=3), st.dictionaries(st.text(min_size=4), JSON, max_size=3))
def test_members_may_be_added(body: dict[str, Any], added: dict[str, Any]) -> None:
    assert between(body, {**body, **added}) == []


@pytest.mark.parametrize(
    ("before", "now", "found"),
    [
        ({"a": 1}, {}, [("$.a", "1", None)]),
        ({"a": {"b": [1, 2]}}, {"a": {"b": [1, 3]}}, [("$.a.b[*]", "2", "3")]),
        ({"a": [1]}, {"a": [1, 2]}, [("$.a[*]", "1 elements", "2 elements")]),
        ({"a": 1}, {"a": "1"}, [("$.a", "1", '"1"')]),
        ({"a": 1}, {"a": True}, [("$.a", "1", "true")]),
        ({"a": None}, {}, [("$.a", "null", None)]),
        ([{"a": 1}, {"a": 2}], [{"a": 1}, {}], [("$[*].a", "2", None)]),
    ],
)
def test_what_is_gone_or_changed_is_told_with_its_place(before: Any, now: Any, found: list[Any]) -> None:
    assert between(before, now) == found


def test_another_status_is_the_whole_difference() -> None:
    assert differences(Answer(200, {"a": 1}), Answer(404, {"error": 1})) == (Difference("status", "200", "404"),)


def test_an_ignored_path_is_not_compared() -> None:
    assert between({"a": [{"t": 1}], "n": 2}, {"a": [{"t": 5}]}, "$.a[*].t", "$.n") == []


def test_every_member_has_a_path_without_indexes() -> None:
    assert set(members({"a": [{"b": 1}, {"c": 2}]})) == {"$.a", "$.a[*].b", "$.a[*].c"}


def test_only_a_request_that_changes_nothing_is_a_question() -> None:
    asked = question_of("GET", "/a?b=1", [("Authorization", "x"), ("If-None-Match", "y")])
    assert asked is not None
    assert (asked.target, asked.headers) == ("/a?b=1", (("authorization", "x"),))
    assert question_of("POST", "/a", []) is None


def test_a_body_that_is_no_json_is_compared_as_a_whole() -> None:
    assert answer_of(200, b"<a/>") != answer_of(200, b"<b/>")
    assert answer_of(200, b"").body is None
