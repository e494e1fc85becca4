"""Which rules decide on a value."""

from typing import Any

import pytest

from servanda.errors import ContractError
from servanda.pact.paths import parse as path
from servanda.pact.rules import MATCHERS, Rule, RuleList, Rules, parse


def rules(**matchers: Any) -> Rules:
    return parse({key: {"matchers": [value]} for key, value in matchers.items()}, named=False)


def deciding(found: Rules, text: str) -> list[str]:
    chosen = found.at(path(text))
    return [rule.match for rule in chosen.rules] if chosen else []


def test_the_most_specific_rule_decides() -> None:
    found = rules(**{"$.a.*": {"match": "type"}, "$.a.b": {"match": "integer"}})

    assert deciding(found, "$.a.b") == ["integer"]
    assert deciding(found, "$.a.c") == ["type"]


def test_type_passes_on_to_what_a_value_contains_but_its_limits_do_not() -> None:
    chosen = rules(**{"$.a": {"match": "type", "min": 2}}).at(path("$.a.b"))

    assert chosen is not None
    assert [(rule.match, dict(rule.values)) for rule in chosen.rules] == [("type", {})]


def test_regex_does_not_pass_on_to_what_a_value_contains() -> None:
    assert deciding(rules(**{"$.a": {"match": "regex", "regex": "x"}}), "$.a.b") == []


@pytest.mark.parametrize(
    ("document", "message"),
    [
        pytest.param({"$.a": {"matchers": [{"match": "soundsLike"}]}}, "matcher 'soundsLike' is unknown", id="unknown"),
        pytest.param({"$.a": {"matchers": [{"match": "regex", "regex": "("}]}}, "not a valid regular expr", id="regex"),
        pytest.param({"$.a": {"matchers": [{"match": "include"}]}}, "'include' needs a 'value'", id="include"),
        pytest.param({"$.a": {"combine": "XOR", "matchers": []}}, "expected AND or OR", id="combination"),
        pytest.param({"$.a": []}, "expected 'matchers'", id="shape"),
        pytest.param({"$.a": {"example": 1}}, "expected 'matchers'", id="no rule"),
        pytest.param({"a": {"matchers": []}}, "expected a path", id="path"),
    ],
)
def test_a_rule_that_cannot_be_understood_is_refused(document: dict[str, Any], message: str) -> None:
    with pytest.raises(ContractError, match=message):
        parse(document, named=False)


def only(matcher: dict[str, Any]) -> Rule:
    ((_, found),) = rules(**{"$.a": matcher}).entries
    return found.rules[0]


@pytest.mark.parametrize(
    ("written", "match"),
    [
        ("array-contains", "arrayContains"),
        ("content-type", "contentType"),
        ("datetime", "timestamp"),
        ("each-key", "eachKey"),
        ("each-value", "eachValue"),
        ("not-empty", "notEmpty"),
        ("status-code", "statusCode"),
        ("max-type", "type"),
        ("min-type", "type"),
        ("min-max-type", "type"),
    ],
)
def test_a_matcher_is_known_under_the_name_that_older_writers_give_it(written: str, match: str) -> None:
    assert only({"match": written}).match == match


@pytest.mark.parametrize("match", sorted(MATCHERS - {"regex", "include"}))
def test_every_matcher_of_the_specification_is_known(match: str) -> None:
    assert only({"match": match}) == Rule(match, {})


def test_the_matchers_are_the_twenty_of_the_specification_and_one_of_pact_jvm() -> None:
    assert {
        "ignoreOrder",
        *("arrayContains", "boolean", "contentType", "date", "decimal", "eachKey", "eachValue", "equality", "include"),
        *("integer", "notEmpty", "null", "number", "regex", "semver", "statusCode", "time", "timestamp", "type"),
        "values",
    } == MATCHERS


@pytest.mark.parametrize(
    ("written", "match"),
    [
        *(({"regex": "a"}, "regex"), ({"min": 1}, "type"), ({"max": 1}, "type"), ({"min": 1, "max": 2}, "type")),
        *(({"date": "yyyy"}, "date"), ({"time": "HH"}, "time"), ({"timestamp": "yyyy"}, "timestamp")),
    ],
)
def test_an_attribute_tells_the_matcher_where_version_2_leaves_it_out(written: dict[str, Any], match: str) -> None:
    assert only(written) == Rule(match, written)


@pytest.mark.parametrize(
    ("matcher", "message"),
    [
        pytest.param({}, "the matcher '' is unknown", id="nothing"),
        pytest.param({"match": "regex"}, "'regex' is missing", id="no expression"),
        pytest.param({"match": "include", "value": 7}, "needs a 'value', found 7", id="no text"),
        pytest.param({"match": "arrayContains", "variants": [{}]}, "a variant without 'index'", id="no index"),
        pytest.param({"match": "arrayContains", "variants": [{"index": -1}]}, "without 'index'", id="an index of none"),
        pytest.param({"match": "arrayContains", "variants": [7]}, "a variant without 'index': 7", id="no variant"),
        pytest.param({"match": "eachKey", "rules": [7]}, "expected an object, found 7", id="no rule within"),
        pytest.param(7, "expected an object, found 7", id="no rule"),
    ],
)
def test_a_matcher_that_lacks_something_is_refused(matcher: Any, message: str) -> None:
    with pytest.raises(ContractError, match=message):
        rules(**{"$.a": matcher})


def test_a_rule_gives_its_attributes_by_their_types() -> None:
    rule = only(
        {"match": "type", "min": 2, "max": True, "format": "HH", "value": 7, "least": "3", "most": "9" * 99, "a": 4.0}
    )
    asked = ("min", "max", "format", "none", "least", "most", "a")
    assert [rule.integer(name) for name in asked] == [2, None, None, None, 3, None, 4]
    assert [rule.text(name) for name in ("format", "value", "none")] == ["HH", "", ""]


def test_a_rule_holds_those_within_it_apart_from_its_attributes() -> None:
    below = {"$.a": {"matchers": [{"match": "type"}]}}
    within, variant = {"match": "integer"}, {"index": 1, "rules": below}
    found = only({"match": "arrayContains", "value": "x", "rules": [within], "variants": [variant, {"index": 0}]})
    inner = parse(below, named=False)
    assert found == Rule("arrayContains", {"value": "x"}, (Rule("integer", {}),), ((1, inner), (0, Rules())))


@pytest.mark.parametrize(("combine", "any_of"), [({}, False), ({"combine": "AND"}, False), ({"combine": "or"}, True)])
def test_rules_hold_together_unless_they_are_alternatives(combine: dict[str, str], any_of: bool) -> None:
    matchers = [{"match": "type"}]
    for document in ({"matchers": matchers, **combine}, {"$": {"matchers": matchers, **combine}}):
        ((place, found),) = parse(document, named=False).entries
        assert (place, found.any_of) == ((), any_of)


def test_one_matcher_stands_for_a_list_of_it_in_version_2() -> None:
    one = {"match": "type", "min": 1}
    assert parse({"$.a": one}, named=False) == parse({"$.a": {"matchers": [one]}}, named=False)


def test_a_list_without_matchers_says_nothing() -> None:
    assert not parse({"$.a": {"matchers": []}, "$": {"combine": "OR", "matchers": []}}, named=False)


def test_the_empty_path_is_the_whole() -> None:
    assert parse({"": {"match": "type"}}, named=False) == parse({"$": {"match": "type"}}, named=False)


def test_of_two_rules_that_are_as_specific_the_longer_one_decides() -> None:
    found = rules(**{"$": {"match": "equality"}, "$.*": {"match": "type"}})
    assert deciding(found, "$.a") == ["type"]
    assert deciding(found, "$") == ["equality"]


def test_of_two_rules_for_one_path_the_first_one_decides() -> None:
    found = rules(**{"$.*": {"match": "type"}, "$[*]": {"match": "integer"}})
    assert deciding(found, "$[0]") == ["type"]


def test_equality_passes_on_to_what_a_value_contains() -> None:
    assert deciding(rules(**{"$.a": {"match": "equality"}}), "$.a.b") == ["equality"]


def test_of_rules_that_are_alternatives_those_that_pass_on_stay_alternatives() -> None:
    document = {"$.a": {"combine": "OR", "matchers": [{"match": "type"}, {"match": "null"}]}}
    assert parse(document, named=False).at(path("$.a.b")) == RuleList((Rule("type", {}),), any_of=True)


def test_a_rule_is_below_a_path_if_it_is_about_something_within() -> None:
    found = rules(**{"$.a.b": {"match": "type"}, "$.c[*]": {"match": "type"}})
    assert [found.below(path(text)) for text in ("$", "$.a", "$.a.b", "$.b", "$.c")] == [True, True, False, False, True]


def test_rules_are_there_or_not() -> None:
    assert not Rules()
    assert Rules().adding(path("$.a"), RuleList(())) == Rules(((("a",), RuleList(())),))
    assert rules(**{"$.a": {"match": "type"}})
