"""Values against examples and rules."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.errors import LimitError
from servanda.pact.matching.values import Comparison
from servanda.pact.rules import parse
from servanda.patterns import PatternBounds, within
from servanda.verdict import Mismatch

SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text()
)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4), max_leaves=12
)


def compare(expected: Any, actual: Any, rules: dict[str, Any] | None = None, **options: bool) -> list[Mismatch]:
    document = {path: {"matchers": [rule]} for path, rule in (rules or {}).items()}
    return list(Comparison(parse(document, named=False), **options).compare(expected, actual))


def paths(mismatches: list[Mismatch]) -> list[str]:
    return [mismatch.path for mismatch in mismatches]


@given(JSON)
def test_every_value_matches_itself(value: Any) -> None:
    assert compare(value, value) == []
    assert compare(value, value, allow_unexpected=False) == []


@given(JSON)
def test_every_value_has_its_own_type(value: Any) -> None:
    assert compare(value, value, {"$": {"match": "type"}}) == []


@given(st.text(), st.text())
def test_the_type_matcher_ignores_the_value(expected: str, actual: str) -> None:
    assert compare({"a": expected}, {"a": actual}, {"$.a": {"match": "type"}}) == []


@given(JSON, st.dictionaries(st.text(), JSON, min_size=1, max_size=3))
def test_what_is_more_than_expected_never_breaks_an_answer(value: Any, more: dict[str, Any]) -> None:
    assert compare({"a": value}, {**more, "a": value}) == []


@given(SCALARS, SCALARS)
def test_a_mismatch_is_found_exactly_where_values_differ(expected: Any, actual: Any) -> None:
    same = json.dumps(expected) == json.dumps(actual) or (
        expected == actual and not isinstance(expected, bool) and not isinstance(actual, bool)
    )
    assert bool(compare(expected, actual)) is not same


@pytest.mark.parametrize(
    ("rule", "example", "accepted", "refused"),
    [
        pytest.param({"match": "regex", "regex": r"^\d+$"}, "1", "42", "4x", id="regex"),
        pytest.param({"match": "integer"}, 1, 7, 7.5, id="integer"),
        pytest.param({"match": "decimal"}, 1.5, 7.25, 7, id="decimal"),
        pytest.param({"match": "number"}, 1, 7.5, "7", id="number"),
        pytest.param({"match": "number"}, 1, 7, True, id="a boolean is no number"),
        pytest.param({"match": "boolean"}, True, False, "false", id="boolean"),
        pytest.param({"match": "null"}, None, None, 0, id="null"),
        pytest.param({"match": "include", "value": "lo"}, "hello", "alone", "help", id="include"),
        pytest.param({"match": "notEmpty"}, "x", "y", "", id="not empty"),
        pytest.param({"match": "equality"}, "x", "x", "y", id="equality"),
        pytest.param({"match": "semver"}, "1.0.0", "2.1.0-rc.1", "2.1", id="semantic version"),
        pytest.param({"match": "type"}, "x", "y", 1, id="type"),
        pytest.param({"match": "date", "format": "yyyy-MM-dd"}, "2024-01-01", "2023-12-31", "2023-13-01", id="date"),
        pytest.param({"match": "time", "format": "HH:mm:ss"}, "10:00:00", "23:59:59", "24:00:00", id="time"),
        pytest.param(
            {"match": "timestamp", "format": "yyyy-MM-dd'T'HH:mm:ss.SSSXXX"},
            "2024-01-01T00:00:00.000Z",
            "2024-06-30T12:30:00.123+02:00",
            "2024-06-30T12:30:00Z",
            id="timestamp",
        ),
        pytest.param(
            {"match": "timestamp"}, "2024-01-01T00:00:00Z", "2024-06-30T12:30:00.123456789Z", "noon", id="ISO 8601"
        ),
        pytest.param({"match": "real"}, 1.5, 7.25, 7, id="decimal under its old name"),
        pytest.param({"match": "type", "min": 2}, [1], [1, 2], [1], id="at least"),
        pytest.param({"match": "min", "min": 2}, [1], [1, 2], [1], id="at least, under its old name"),
        pytest.param({"match": "ignore-order"}, [1, 2], [2, 1], [2, 2], id="any order"),
        pytest.param({"match": "ignore-order"}, [1, 2], [2, 1], [2, 1, 3], id="any order of no more elements"),
        pytest.param({"match": "ignore-order", "min": 2}, [1, 2], [3, 2, 1], [3, 2], id="any order of some elements"),
        pytest.param({"match": "ignore-order", "max": 3}, [1, 2], [3, 2, 1], [4, 3, 2, 1], id="at most, in any order"),
        pytest.param({"match": "type", "max": 1}, [1], [5], [1, 2], id="at most"),
        pytest.param({"match": "type"}, [1], [5, 6, 7], [5, "6"], id="each like the example"),
        pytest.param(
            {"match": "eachKey", "rules": [{"match": "regex", "regex": "^[a-z]+$"}]},
            {"a": 1},
            {"b": 2, "c": 3},
            {"B": 2},
            id="each key",
        ),
        pytest.param(
            {"match": "eachValue", "rules": [{"match": "integer"}]}, {"a": 1}, {"b": 2}, {"b": "2"}, id="each value"
        ),
        pytest.param({"match": "values"}, {"a": 1}, {"b": 1}, {"b": 2}, id="values"),
        pytest.param(
            {
                "match": "arrayContains",
                "variants": [{"index": 0, "rules": {"$.id": {"matchers": [{"match": "type"}]}}}],
            },
            [{"id": 1, "kind": "x"}],
            [{"id": 5, "kind": "y"}, {"id": 6, "kind": "x"}],
            [{"id": 5, "kind": "y"}],
            id="array contains",
        ),
    ],
)
def test_a_matcher_accepts_and_refuses(rule: dict[str, Any], example: Any, accepted: Any, refused: Any) -> None:
    assert compare({"v": example}, {"v": accepted}, {"$.v": rule}) == []
    assert compare({"v": example}, {"v": refused}, {"$.v": rule}) != []


KEYS = {"match": "eachKey", "rules": [{"match": "regex", "regex": "^[a-z]$"}]}
VALUES = {"match": "eachValue", "rules": [{"match": "integer"}]}


def several(*matchers: dict[str, Any], combine: str = "AND") -> Comparison:
    return Comparison(parse({"$": {"matchers": list(matchers), "combine": combine}}, named=False))


@pytest.mark.parametrize(
    ("matchers", "actual", "found"),
    [
        pytest.param([{"match": "notEmpty"}], {"a": 2}, [], id="not empty, and not empty within"),
        pytest.param([{"match": "notEmpty"}], {"a": "x"}, ["$.a"], id="not empty, and of another type within"),
        pytest.param([{"match": "equality"}], {"a": 1, "b": 2}, ["$.b"], id="equal, with one more"),
        pytest.param([{"match": "notEmpty"}], {}, ["$", "$.a"], id="empty"),
        pytest.param([{"match": "notEmpty"}, VALUES], {}, ["$"], id="empty, with values of a kind"),
        pytest.param([{"match": "notEmpty"}, VALUES], {"b": 2}, [], id="values of a kind"),
        pytest.param([{"match": "type"}, VALUES], {"b": 2}, [], id="of the same type, with values of a kind"),
        pytest.param([{"match": "type"}, {"match": "notEmpty"}], {"b": 2}, ["$.a"] * 2, id="members under both"),
        pytest.param([KEYS], {"a": 2}, ["$.a"], id="keys of a kind, with the value of the example"),
        pytest.param([KEYS], {"b": 2}, [], id="another key, whose value nobody knows"),
        pytest.param([KEYS, VALUES], {"a": 2}, [], id="keys and values of a kind"),
        pytest.param([KEYS, VALUES], {"B": "x"}, ["$.B", "$.B"], id="neither key nor value"),
        pytest.param([VALUES], {"b": "x"}, ["$.b"], id="a value of another kind"),
        pytest.param([{"match": "values"}], {"b": 1, "c": 2}, ["$.c"], id="each like the example"),
    ],
)
def test_an_object_is_compared_under_all_of_its_rules(
    matchers: list[dict[str, Any]], actual: dict[str, Any], found: list[str]
) -> None:
    assert paths(list(several(*matchers).compare({"a": 1}, actual))) == found


@pytest.mark.parametrize(
    ("matcher", "actual", "found"),
    [
        pytest.param({"match": "notEmpty"}, [], ["$"], id="empty"),
        pytest.param({"match": "notEmpty"}, [5], [], id="not empty"),
        pytest.param({"match": "notEmpty"}, [{}], ["$[0]"], id="not empty, and of another type within"),
        pytest.param({"match": "eachValue", "rules": [{"match": "integer"}]}, [5, "6"], ["$[1]"], id="each value"),
        pytest.param({"match": "values"}, [1, 7], ["$[1]"], id="values"),
        pytest.param({"match": "equality"}, [1, 3], ["$[1]"], id="equality"),
        pytest.param({"match": "equality"}, [1, 2, 3], ["$"], id="equality of length"),
        pytest.param({"match": "type"}, [5, 6, 7], [], id="type"),
        pytest.param({"match": "type"}, [], [], id="type, without elements"),
        pytest.param({"match": "type", "min": 1}, [], ["$"], id="too short"),
        pytest.param({"match": "integer"}, [1, 2], ["$"], id="a rule for a number"),
    ],
)
def test_a_list_is_compared_by_its_rule(matcher: dict[str, Any], actual: list[Any], found: list[str]) -> None:
    assert paths(compare([1, 2], actual, {"$": matcher})) == found


def test_elements_beyond_the_example_are_like_its_first_one() -> None:
    rules = {"$": {"match": "type"}, "$[*]": {"match": "equality"}}
    assert paths(compare([1, 2], [1, 2, 1, 2], rules)) == ["$[3]"]


OF_TYPES = {"match": "eachValue", "rules": [{"match": "type"}]}


@pytest.mark.parametrize("rule", [{"match": "type"}, OF_TYPES, {"match": "values"}])
def test_an_example_without_elements_says_nothing_of_them(rule: dict[str, Any]) -> None:
    assert compare([], [1, "x"], {"$": rule}) == []
    assert compare({}, {"a": 1, "b": "x"}, {"$": rule}) == []


def test_what_differs_is_said_with_what_was_expected() -> None:
    assert [mismatch.message for mismatch in compare([1, 2], [1])] == [
        "$ is [1], expected a list of 2 elements: [1, 2]",
    ]
    assert [mismatch.expected for mismatch in compare([1], [1, 2])] == ["a list of 1 element: [1]"]
    limits = compare([1], [1], {"$": {"match": "type", "min": 2}}) + compare(
        [1], [1, 2], {"$": {"match": "type", "max": 1}}
    )
    assert [mismatch.expected for mismatch in limits] == [
        "a list of at least 2 elements",
        "a list of at most 1 element",
    ]
    assert [found.expected for found in compare({"a": 1}, [])] == ['an object such as {"a": 1}']
    assert [found.expected for found in compare([1], {})] == ["a list such as [1]"]
    assert [found.expected for found in compare({"a": 1}, {}, {"$": {"match": "notEmpty"}})] == [
        "a non-empty object",
        "a non-empty value",
    ]
    assert [found.expected for found in compare([1], [], {"$": {"match": "notEmpty"}})] == ["a non-empty list"]
    (found,) = compare({"a": 1}, {"B": 1}, {"$": KEYS})
    assert (found.expected, found.actual) == ("a string matching '^[a-z]$'", '"B"')
    assert found.message == "the key 'B' of $ is not a string matching '^[a-z]$'"
    (found,) = compare({}, {"b": 2}, allow_unexpected=False)
    assert found == Mismatch("$.b", None, "2", "$.b is 2, expected no such field")


def test_of_alternatives_that_all_fail_the_first_one_is_told() -> None:
    comparison = several(VALUES, {"match": "eachValue", "rules": [{"match": "null"}]}, combine="OR")
    assert paths(list(comparison.compare({"a": 1}, {"a": "x"}))) == ["$.a"]
    assert list(comparison.compare({"a": 1}, {"b": 2})) == []
    assert list(comparison.compare({"a": 1}, {"b": None})) == []


def test_a_list_that_should_contain_is_told_what_it_lacks() -> None:
    variants: list[dict[str, Any]] = [{"index": index, "rules": {}} for index in (0, 1)]
    found = compare(["a", "b"], ["x", "b"], {"$": {"match": "arrayContains", "variants": variants}})
    assert [mismatch.expected for mismatch in found] == ['a list with an element such as "a"']


def test_one_of_several_matchers_is_enough_where_they_are_alternatives() -> None:
    document = {"$.v": {"combine": "OR", "matchers": [{"match": "integer"}, {"match": "null"}]}}
    comparison = Comparison(parse(document, named=False))

    assert list(comparison.compare({"v": 1}, {"v": None})) == []
    assert list(comparison.compare({"v": 1}, {"v": 2})) == []
    assert list(comparison.compare({"v": 1}, {"v": "2"})) != []


def test_a_member_that_is_missing_is_named_with_what_was_expected() -> None:
    assert compare({"user": {"email": "a@b"}}, {"user": {}}) == [
        Mismatch("$.user.email", '"a@b"', None, '$.user.email is missing, expected "a@b"')
    ]


def test_a_difference_deep_in_a_list_is_named_by_its_path() -> None:
    expected = {"lines": [{"sku": "A"}]}
    rules = {"$.lines": {"match": "type"}, "$.lines[*].sku": {"match": "regex", "regex": "^[A-Z]$"}}

    assert paths(compare(expected, {"lines": [{"sku": "B"}, {"sku": "b"}]}, rules)) == ["$.lines[1].sku"]


def test_a_list_without_rules_has_to_be_the_same() -> None:
    assert paths(compare([1, 2], [1, 3, 4])) == ["$", "$[1]"]


def test_a_request_may_not_hold_more_than_expected() -> None:
    assert paths(compare({"a": 1}, {"a": 1, "b": 2}, allow_unexpected=False)) == ["$.b"]


def test_a_value_instead_of_an_object_is_a_difference_of_the_whole() -> None:
    assert paths(compare({"a": {"b": 1}}, {"a": "x"})) == ["$.a"]


def test_comparing_ends_within_its_time() -> None:
    variants = [{"index": index, "rules": {"$.*": {"matchers": [{"match": "type"}]}}} for index in range(2000)]
    rules = parse({"$": {"matchers": [{"match": "arrayContains", "variants": variants}]}}, named=False)
    values = list(range(2000))

    with within(PatternBounds(matching_seconds=0.1)), pytest.raises(LimitError, match=r"longer than 0\.1 s") as failed:
        list(Comparison(rules).compare(values, values))
    assert failed.value.limit == "matching_seconds"


@pytest.mark.parametrize("rule", [{"match": "integer"}, {"match": "null"}, {"match": "regex", "regex": "a"}], ids=str)
def test_an_object_is_nothing_that_a_matcher_of_single_values_accepts(rule: dict[str, Any]) -> None:
    assert paths(compare({"a": {}}, {"a": {}}, {"$.a": rule})) == ["$.a"]


@pytest.mark.parametrize(
    ("value", "held"), [("red", True), ("blue", True), ("bluegrey", False), ("red\n", False), (" red", False)]
)
def test_an_expression_is_about_the_whole_value(value: str, held: bool) -> None:
    for expression in ("red|blue", "^red$|^blue$"):
        assert (compare("red", value, {"$": {"match": "regex", "regex": expression}}) == []) is held


def test_an_expression_is_about_the_whole_key_and_about_each_whole_value() -> None:
    letters = {"match": "regex", "regex": "[a-z]+"}
    for match in ("eachKey", "eachValue"):
        rule = {"$": {"match": match, "rules": [letters]}}
        assert compare({"a": "b"}, {"x": "y"}, rule) == []
        assert compare({"a": "b"}, {"x1": "y1"}, rule) != []


def test_the_rules_of_the_example_hold_for_each_value_that_is_like_it() -> None:
    rules = {"$.m": {"match": "eachValue", "rules": []}, "$.m.x.id": {"match": "integer"}}
    assert compare({"m": {"x": {"id": 1}}}, {"m": {"x": {"id": 2}, "y": {"id": 3}}}, rules) == []
    assert paths(compare({"m": {"x": {"id": 1}}}, {"m": {"y": {"id": "3"}}}, rules)) == ["$.m.y.id"]


LETTERS = {"match": "eachValue", "rules": [{"match": "regex", "regex": "[a-z]+"}]}


@pytest.mark.parametrize(
    ("expected", "held", "broken"),
    [
        (["a"], ["b", "c"], ["b", "7"]),
        ({"x": "a"}, {"x": "b", "y": "c"}, {"x": "b", "y": "7"}),
        ([], ["b"], ["7"]),
        ({}, {"y": "b"}, {"y": "7"}),
    ],
)
@pytest.mark.parametrize("more", [{}, {"$.*": {"match": "type", "min": 1}}, {"$[0]": {"match": "type"}}], ids=str)
def test_a_rule_for_each_value_holds_beside_rules_for_one_and_without_an_example(
    expected: Any, held: Any, broken: Any, more: dict[str, Any]
) -> None:
    rules = {"$": LETTERS, **more}
    assert compare(expected, held, rules) == []
    assert len(compare(expected, broken, rules)) == 1


def test_a_list_that_contains_has_its_examples_for_variants_if_it_names_none() -> None:
    rule = {"$": {"match": "arrayContains", "variants": []}}
    assert compare(["a", "b"], ["c", "b", "a"], rule) == []
    assert len(compare(["a", "b"], ["a", "c"], rule)) == 1


@pytest.mark.parametrize("other", ["type", "equality"])
@pytest.mark.parametrize("match", ["values", "eachKey", "eachValue"])
def test_of_alternatives_each_is_tried_alone(match: str, other: str) -> None:
    letters: dict[str, Any] = {"match": match, "rules": [{"match": "regex", "regex": "[a-z]"}]}
    comparison = several(letters, {"match": other}, combine="OR")
    assert list(comparison.compare({"a": "x"}, {"a": "x"})) == []
    assert list(comparison.compare({"a": "x"}, {"B": 1})) != []


def test_a_rule_for_the_key_of_the_example_is_about_no_other_where_one_is_about_every_value() -> None:
    rules = {"$": {"match": "values"}, "$.*": {"match": "type"}, "$.one": {"match": "semver"}}
    assert compare({"one": "1.0.0"}, {"one": "2.0.0", "two": "x"}, rules) == []
    assert paths(compare({"one": "1.0.0"}, {"one": "x", "two": 1}, rules)) == ["$.one", "$.two"]


ORDERLESS = {"$": {"match": "ignore-order", "min": 1}, "$[0]": {"match": "regex", "regex": "a|b"}}


def test_whichever_order_an_example_takes_the_element_that_no_other_can_take() -> None:
    assert compare(["b", "a"], ["a", "b"], ORDERLESS) == []
    assert compare(["b", "a", "c"], ["c", "a", "b"], ORDERLESS) == []
    assert [each.message for each in compare(["b", "a"], ["b", "c"], ORDERLESS)] == [
        '$ is ["b", "c"], expected a list with an element such as "a"'
    ]


def test_more_elements_in_any_order_are_as_the_rule_for_each_says() -> None:
    rules = {"$": {"match": "ignore-order", "min": 1}, "$[*]": {"match": "integer"}}
    assert compare([1], [3, 2], rules) == []
    assert paths(compare([1], [3, "2"], rules)) == ["$[1]"]


@pytest.mark.parametrize(("example", "index"), [([1], 5), ([], 0)])
def test_a_variant_without_an_example_is_a_difference(example: list[int], index: int) -> None:
    rule = {"match": "arrayContains", "variants": [{"index": index, "rules": {}}]}
    (found,) = compare({"a": example}, {"a": [9, 3]}, {"$.a": rule})
    assert found.message.startswith(f"variant {index} of arrayContains at $.a has no example: ")


def test_a_rule_below_every_key_is_about_each_of_them() -> None:
    rules = {"$.m": KEYS, "$.m.*.name": {"match": "type"}}
    example = {"m": {"a": {"name": "x", "id": 1}}}
    assert compare(example, {"m": {"b": {"name": "y", "id": 2}}}, rules) == []
    assert paths(compare(example, {"m": {"b": {"name": 5}}}, rules)) == ["$.m.b.name"]
    assert paths(compare(example, {"m": {"b": {}}}, rules)) == ["$.m.b.name"]
    assert paths(compare({"m": {"a": "x"}}, {"m": {"b": 1}}, {"$.m": KEYS, "$.m.*": {"match": "type"}})) == ["$.m.b"]


def test_a_rule_within_lists_below_every_key_is_about_nothing_else_of_them() -> None:
    rules = {"$.m": KEYS, "$.m.*[*].name": {"match": "type"}}
    example = {"m": {"a": [{"name": "x", "id": 1}]}}
    assert compare(example, {"m": {"b": [{"name": "y", "id": 2}, {"name": "z"}]}}, rules) == []
    assert paths(compare(example, {"m": {"b": [{"name": "y"}, {"name": 5}]}}, rules)) == ["$.m.b[1].name"]
    assert paths(compare(example, {"m": {"b": 5}}, rules)) == ["$.m.b"]
