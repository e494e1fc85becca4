"""Protobuf messages against examples and rules."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servanda.pact.matching import match_message
from servanda.pact.rules import parse


def differences(
    example: Any,
    actual: Any,
    rules: dict[str, Any] | None = None,
    expectations: dict[str, Any] | None = None,
    **options: bool,
) -> list[str]:
    document = {path: {"matchers": [rule]} for path, rule in (rules or {}).items()}
    encoded = actual if isinstance(actual, bytes) else actual.SerializeToString()
    found = match_message(example, encoded, parse(document, named=False), expectations or {}, **options)
    return [mismatch.path for mismatch in found]


LINES = st.fixed_dictionaries(
    {
        "sku": st.text(),
        "quantity": st.integers(-(2**63), 2**63 - 1),
        "tags": st.lists(st.text(), max_size=3),
    }
)
ANSWERS = st.fixed_dictionaries(
    {
        "name": st.text(),
        "count": st.integers(-(2**31), 2**31 - 1),
        "ok": st.booleans(),
        "kind": st.sampled_from([0, 1, 2]),
        "lines": st.lists(LINES, max_size=3),
        "labels": st.dictionaries(st.text(), st.text(), max_size=3),
        "blob": st.binary(),
        "rank": st.integers(0, 5),
    }
)


@given(values=ANSWERS)
@settings(max_examples=50)
def test_every_message_matches_itself(answer: Any, values: dict[str, Any]) -> None:
    message = answer(**values)

    assert differences(message, message) == []
    assert differences(message, message, allow_unexpected=False) == []


@given(expected=ANSWERS, actual=ANSWERS)
@settings(max_examples=50)
def test_no_difference_means_that_what_was_expected_is_there(
    answer: Any, expected: dict[str, Any], actual: dict[str, Any]
) -> None:
    example, found = answer(**expected), answer(**actual)

    if not differences(example, found, allow_unexpected=False):
        assert {field.name for field, _ in example.ListFields()} == {field.name for field, _ in found.ListFields()}


@pytest.mark.parametrize(
    ("expected", "actual", "path"),
    [
        pytest.param({"name": "a"}, {}, "$.name", id="a field that is left out"),
        pytest.param({"count": 2}, {}, "$.count", id="a number that became the default"),
        pytest.param({"kind": 1}, {"kind": 0}, "$.kind", id="an enum that became unspecified"),
        pytest.param({"kind": 1}, {"kind": 7}, "$.kind", id="an enum value nobody knows"),
        pytest.param({"main": {}}, {}, "$.main", id="a message that is left out"),
        pytest.param({"rank": 0}, {}, "$.rank", id="a field with presence that is left out"),
        pytest.param({"person": "a"}, {"number": 1}, "$.person", id="another member of a oneof"),
        pytest.param({"lines": [{"sku": "a"}]}, {}, "$.lines", id="a list that became empty"),
        pytest.param({"labels": {"a": "b"}}, {}, "$.labels", id="a map that became empty"),
    ],
)
def test_with_a_type_matcher_a_field_still_has_to_be_sent(
    answer: Any, expected: dict[str, Any], actual: dict[str, Any], path: str
) -> None:
    assert differences(answer(**expected), answer(**actual), {"$": {"match": "type"}}) == [path]


def test_an_enum_value_that_the_consumer_does_not_know_is_told_as_such(answer: Any) -> None:
    rules = parse({"$.kind": {"matchers": [{"match": "type"}]}}, named=False)

    (found,) = match_message(answer(kind=1), answer(kind=7).SerializeToString(), rules, {})

    assert found.message == '$.kind is 7, expected an enum value that the consumer knows, such as "KIND_NEW"'


def test_a_boolean_with_a_matcher_may_be_either(answer: Any) -> None:
    assert differences(answer(ok=True), answer(), {"$.ok": {"match": "boolean"}}) == []
    assert differences(answer(ok=True), answer()) == ["$.ok"]


@pytest.mark.parametrize(
    ("written", "actual", "path"),
    [
        pytest.param({"count": 0}, {"count": 3}, "$.count", id="zero"),
        pytest.param({"name": ""}, {"name": "x"}, "$.name", id="empty text"),
        pytest.param({"kind": "KIND_UNSPECIFIED"}, {"kind": 1}, "$.kind", id="unspecified"),
        pytest.param({"lines": []}, {"lines": [{"sku": "a"}]}, "$.lines", id="empty list"),
    ],
)
def test_a_default_that_was_written_down_is_expected(
    answer: Any, written: dict[str, Any], actual: dict[str, Any], path: str
) -> None:
    assert differences(answer(), answer(), expectations=written) == []
    assert differences(answer(), answer(**actual)) == []
    assert differences(answer(), answer(**actual), expectations=written) == [path]


def test_a_default_within_a_message_of_a_list_is_expected(answer: Any) -> None:
    example = answer(lines=[{"sku": "a"}])
    written = {"lines": [{"sku": "a", "quantity": 0}]}

    assert differences(example, answer(lines=[{"sku": "a"}]), expectations=written) == []
    assert differences(example, answer(lines=[{"sku": "a", "quantity": 2}]), expectations=written) == [
        "$.lines[0].quantity"
    ]


def test_times_and_wrappers_are_values(answer: Any) -> None:
    example = answer(at={"seconds": 10}, note={"value": "x"})
    rules = {"$.at": {"match": "type"}, "$.note": {"match": "regex", "regex": "^[a-z]$"}}

    assert differences(example, answer(at={"seconds": 20, "nanos": 5}, note={"value": "y"}), rules) == []
    assert differences(example, answer(note={"value": "Y"}), rules) == ["$.at", "$.note"]


def test_a_rule_may_look_inside_a_time(answer: Any) -> None:
    example = answer(at={"seconds": 10})
    rules = {"$.at.seconds": {"match": "integer"}}

    assert differences(example, answer(at={"seconds": 20}), rules) == []


def test_fields_that_the_consumer_does_not_know_are_no_matter(answer: Any) -> None:
    unknown_field = b"\xf2\x06\x01x"

    assert differences(answer(name="a"), answer(name="a").SerializeToString() + unknown_field) == []


def test_a_request_may_not_set_more_fields_than_expected(answer: Any) -> None:
    assert differences(answer(name="a"), answer(name="a", count=1), allow_unexpected=False) == ["$.count"]


def test_bytes_that_are_no_message_are_a_difference_of_the_whole(answer: Any) -> None:
    assert differences(answer(name="a"), b"\x0a\xff") == ["$"]
