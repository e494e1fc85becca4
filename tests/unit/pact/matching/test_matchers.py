"""Matchers for single values, and what they say of themselves."""

from typing import Any

import pytest

from servanda.pact.matching.matchers import accepts, accepts_text, describe, kind, render
from servanda.pact.matching.protobuf_values import EnumName, Omissible
from servanda.pact.rules import Rule, RuleList


def rules(*matchers: str, any_of: bool = False, **values: Any) -> RuleList:
    return RuleList(tuple(Rule(match, values) for match in matchers), any_of=any_of)


@pytest.mark.parametrize(
    ("status", "first", "last"),
    [
        ("info", 100, 199),
        ("success", 200, 299),
        ("redirect", 300, 399),
        ("clientError", 400, 499),
        ("serverError", 500, 599),
        ("nonError", 100, 399),
        ("error", 400, 599),
    ],
)
def test_a_class_of_statuses_reaches_from_its_first_to_its_last(status: str, first: int, last: int) -> None:
    found = rules("statusCode", status=status)
    accepted = [code for code in range(99, 602) if accepts(found, 0, code)]
    assert accepted == list(range(first, last + 1))


def test_a_status_is_one_of_those_that_are_listed() -> None:
    found = rules("statusCode", status=[200, 201])
    assert [code for code in (200, 201, 202) if accepts(found, 200, code)] == [200, 201]


@pytest.mark.parametrize("status", [None, "teapot", 7])
def test_a_status_without_a_class_is_that_of_the_example(status: object) -> None:
    found = rules("statusCode", status=status)
    assert accepts(found, 204, 204)
    assert not accepts(found, 204, 200)


@pytest.mark.parametrize("value", [None, [], ["a"], {"a": "b"}])
def test_what_has_no_text_fits_no_textual_matcher(value: object) -> None:
    assert not accepts(rules("regex", regex=""), "", value)
    assert not accepts(rules("include", value=""), "", value)


@pytest.mark.parametrize(
    ("value", "text"),
    [(True, "true"), (7, "7"), (7.5, "7.5"), ("word", "word"), (b"word", "word")],
    ids=["boolean", "integer", "decimal", "text", "bytes"],
)
def test_a_textual_matcher_reads_a_scalar_as_json_writes_it(value: object, text: str) -> None:
    assert accepts(rules("regex", regex=f"^{text}$"), "", value)
    assert accepts(rules("include", value=text), "", value)
    assert not accepts(rules("include", value=text + "x"), "", value)


@pytest.mark.parametrize("match", ["date", "time", "timestamp"])
def test_a_time_may_have_its_format_under_its_own_name(match: str) -> None:
    found = RuleList((Rule(match, {match: "HH"}),))
    assert accepts(found, "", "23")
    assert not accepts(found, "", "24")
    assert not accepts(rules(match, format="HH"), "", 23)


@pytest.mark.parametrize(
    ("value", "filled"),
    [("", False), ("x", True), ([], False), ([0], True), ({}, False), (b"", False), (None, False), (0, True)],
)
def test_what_is_not_empty_holds_something(value: object, filled: bool) -> None:
    assert accepts(rules("notEmpty"), None, value) is filled


def test_what_is_not_empty_is_still_of_the_type_of_the_example() -> None:
    assert not accepts(rules("notEmpty"), "x", [1])


@pytest.mark.parametrize("match", ["arrayContains", "eachKey", "eachValue", "values", "contentType"])
def test_a_matcher_of_a_structure_accepts_what_is_of_its_type(match: str) -> None:
    assert accepts(rules(match), [1], [])
    assert not accepts(rules(match), [1], {})


def test_rules_hold_together_or_one_is_enough() -> None:
    assert not accepts(RuleList((Rule("integer", {}), Rule("null", {}))), 1, 2)
    assert not accepts(rules("integer", "null"), 1, 2)
    assert accepts(rules("integer", "null", any_of=True), 1, 2)
    assert not accepts_text(rules("integer", "null"), "1", "2")
    assert accepts_text(rules("integer", "null", any_of=True), "1", "2")


@pytest.mark.parametrize(
    ("match", "text", "held"),
    [
        ("integer", "7", True),
        ("decimal", "7.5", True),
        ("number", "7", True),
        ("boolean", "true", True),
        ("null", "null", True),
        ("integer", "seven", False),
        ("boolean", "yes", False),
        ("null", "nothing", False),
    ],
)
def test_scalars_are_read_from_text(match: str, text: str, held: bool) -> None:
    assert accepts_text(rules(match), "", text) is held


def test_text_stays_text_for_a_matcher_that_is_about_text() -> None:
    assert accepts_text(rules("type"), "a", "7")
    assert accepts_text(rules("regex", regex="^07$"), "", "07")


@pytest.mark.parametrize(
    ("match", "values", "said"),
    [
        ("regex", {"regex": "^a$"}, "a string matching '^a$'"),
        ("include", {"value": "lo"}, "a string containing 'lo'"),
        ("date", {"format": "yyyy"}, "a date in the format 'yyyy'"),
        ("time", {"time": "HH"}, "a time in the format 'HH'"),
        ("timestamp", {}, "a timestamp in ISO 8601 format"),
        ("type", {}, 'a value of type string, such as "x"'),
        ("statusCode", {"status": "success"}, 'a status out of "success"'),
        ("boolean", {}, "a boolean"),
        ("decimal", {}, "a decimal number"),
        ("integer", {}, "an integer"),
        ("notEmpty", {}, "a non-empty value"),
        ("null", {}, "null"),
        ("number", {}, "a number"),
        ("semver", {}, "a semantic version"),
        ("equality", {}, '"x"'),
    ],
)
def test_a_rule_says_what_it_expects(match: str, values: dict[str, Any], said: str) -> None:
    assert describe(rules(match, **values), "x") == said


def test_an_enum_is_described_as_one() -> None:
    assert describe(rules("type"), EnumName("NEW")) == 'an enum value that the consumer knows, such as "NEW"'


def test_several_rules_are_said_together_and_the_same_one_once() -> None:
    assert describe(rules("integer", "null"), 1) == "an integer and null"
    assert describe(rules("integer", "null", any_of=True), 1) == "an integer or null"
    assert describe(rules("integer", "integer"), 1) == "an integer"


def test_without_rules_the_example_is_expected() -> None:
    assert describe(None, {"b": 1, "a": "é"}) == '{"a": "é", "b": 1}'
    assert describe(RuleList(()), 1) == "1"


@pytest.mark.parametrize(
    ("value", "name", "shown"),
    [
        (None, "null", "null"),
        (True, "boolean", "true"),
        (1, "number", "1"),
        (1.5, "number", "1.5"),
        ("é", "string", '"é"'),
        (b"\xff", "bytes", '"0xff"'),
        ([1], "array", "[1]"),
        ((1,), "array", "[1]"),
        ({"a": 1}, "object", '{"a": 1}'),
    ],
)
def test_a_value_has_a_type_and_is_shown_as_json(value: object, name: str, shown: str) -> None:
    assert (kind(value), render(value)) == (name, shown)


def test_a_default_within_a_value_is_shown_as_what_it_is() -> None:
    assert render({"a": Omissible(False)}) == '{"a": false}'


@pytest.mark.parametrize(
    ("match", "name"),
    [
        ("timestamp", "timestamp"),
        ("timestamp", "datetime"),
        ("timestamp", "format"),
        ("date", "date"),
        ("time", "time"),
    ],
)
def test_a_format_has_the_name_of_its_matcher_in_older_contracts(match: str, name: str) -> None:
    found = RuleList((Rule(match, {name: "mm"}),))
    assert accepts(found, "", "59")
    assert not accepts(found, "", "60")


def test_one_nan_is_equal_to_another_and_to_nothing_else() -> None:
    assert accepts(rules("equality"), float("nan"), float("nan"))
    assert not accepts(rules("equality"), float("nan"), 1.0)
    assert not accepts(rules("equality"), 1.0, float("nan"))
