"""Protobuf messages against examples and rules."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servanda.pact.matching import messages
from servanda.pact.matching.messages import match_message
from servanda.pact.matching.protobuf_values import Omissible
from servanda.pact.rules import NO_RULES, parse


def differences(
    example: Any,
    actual: Any,
    rules: dict[str, Any] | None = None,
    expectations: dict[str, Any] | None = None,
    **options: bool,
) -> list[str]:
    document = {path: {"matchers": [rule]} for path, rule in (rules or {}).items()}
    encoded = actual if isinstance(actual, bytes) else actual.SerializeToString()
    allow_unexpected = options.get("allow_unexpected", True)
    rules_of = parse(document, named=False)
    found = match_message(example, encoded, rules_of, expectations or {}, allow_unexpected=allow_unexpected)
    return [mismatch.path for mismatch in found]


def numbered(values: Any, number: int, sku: str) -> Any:
    """A message with one line in its map; not every version of the library takes a dictionary for it."""
    message = values()
    message.by_number[number].sku = sku
    return message


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


@pytest.mark.parametrize(
    ("name", "value", "tree"),
    [
        pytest.param("a_double", {"value": 1.5}, 1.5, id="double"),
        pytest.param("a_float", {"value": 1.5}, 1.5, id="float"),
        pytest.param("an_int64", {"value": 7}, 7, id="int64"),
        pytest.param("a_uint64", {"value": 7}, 7, id="uint64"),
        pytest.param("an_int32", {"value": 7}, 7, id="int32"),
        pytest.param("a_uint32", {"value": 7}, 7, id="uint32"),
        pytest.param("a_bool", {"value": True}, True, id="bool"),
        pytest.param("a_string", {"value": "x"}, "x", id="string"),
        pytest.param("some_bytes", {"value": b"x"}, b"x", id="bytes"),
        pytest.param("an_int32", {}, 0, id="a default"),
        pytest.param("a_string", {}, "", id="empty"),
        pytest.param("a_bool", {}, False, id="false"),
        pytest.param("a_time", {"seconds": 10}, "1970-01-01T00:00:10Z", id="timestamp"),
        pytest.param("a_while", {"seconds": 3}, "3s", id="duration"),
        pytest.param("an_object", {"a": 1}, {"a": 1.0}, id="object"),
        pytest.param("a_list", {"values": [{"string_value": "a"}]}, ["a"], id="list"),
        pytest.param("a_value", {"bool_value": True}, True, id="value"),
        pytest.param("by_bool", {True: 1, False: 2}, {"true": 1, "false": 2}, id="map by boolean"),
        pytest.param("kinds", [1, 7], ["KIND_NEW", 7], id="list of enums"),
        pytest.param("kind_of", {"a": 2}, {"a": "KIND_USED"}, id="map of enums"),
        pytest.param("answers", [False], [False], id="list of booleans"),
        pytest.param("answer", False, False, id="boolean with presence"),
    ],
)
def test_a_field_is_a_value_as_in_json(values: Any, name: str, value: object, tree: object) -> None:
    assert messages.tree(values(**{name: value}), NO_RULES) == {name: tree}


def test_a_map_by_number_is_one_by_text_as_in_json(values: Any) -> None:
    assert messages.tree(numbered(values, -7, "a"), NO_RULES) == {"by_number": {"-7": {"sku": "a"}}}


def test_a_rule_may_look_inside_a_wrapper_a_map_and_an_object(values: Any) -> None:
    example = values(an_int32={"value": 1}, by_bool={True: 1}, an_object={"a": 1})
    actual = values(an_int32={"value": 2}, by_bool={True: 2}, an_object={"a": 2})
    rules = {path: {"match": "number"} for path in ("$.an_int32.value", "$.by_bool.true", "$.an_object.a")}
    assert differences(example, actual, rules) == []
    assert differences(example, actual) == ["$.an_int32", "$.an_object.a", "$.by_bool.true"]


def test_a_boolean_without_presence_is_there_also_when_it_is_false(answer: Any) -> None:
    assert messages.tree(answer(), NO_RULES, booleans=True) == {"ok": Omissible(False)}
    assert messages.tree(answer(ok=True), NO_RULES, booleans=True) == {"ok": True}
    assert messages.tree(answer(), NO_RULES) == {}


def test_booleans_of_lists_and_with_presence_are_there_if_they_were_sent(values: Any) -> None:
    assert messages.tree(values(), NO_RULES, booleans=True) == {}


@pytest.mark.parametrize(
    ("written", "path"),
    [
        pytest.param({"lines": [{"quantity": 0}, {"quantity": 0}]}, "$.lines[1].quantity", id="of two in a list"),
        pytest.param({"main": {"quantity": 0}}, "$.main.quantity", id="within a message"),
    ],
)
def test_a_default_is_expected_where_it_was_written_down(answer: Any, written: dict[str, Any], path: str) -> None:
    example = answer(lines=[{"sku": "a"}, {"sku": "b"}], main={"sku": "c"})
    actual = answer(lines=[{"sku": "a"}, {"sku": "b", "quantity": 2}], main={"sku": "c", "quantity": 2})
    assert differences(example, actual) == []
    assert differences(example, actual, expectations=written) == [path]


@pytest.mark.parametrize(
    ("written", "default"),
    [
        pytest.param({"rank": 0}, "$.rank", id="with presence"),
        pytest.param({"note": ""}, "$.note", id="wrapper"),
        pytest.param({"main": {}}, "$.main", id="message"),
    ],
)
def test_a_default_of_a_field_with_presence_has_to_be_sent(answer: Any, written: dict[str, Any], default: str) -> None:
    assert differences(answer(), answer(), expectations=written) == [default]


@pytest.mark.parametrize("name", ["name", "rank", "note", "main"])
def test_a_field_that_is_written_as_null_is_no_matter(answer: Any, name: str) -> None:
    assert differences(answer(), answer(), expectations={name: None}) == []


def test_what_is_written_for_a_field_that_nobody_knows_is_no_matter(answer: Any) -> None:
    assert differences(answer(name="a"), answer(name="a"), expectations={"nothing": 0, "labels": {}}) == []


def test_bytes_that_are_no_message_are_shown_and_the_message_is_named(answer: Any) -> None:
    (found,) = messages.match_message(answer(), b"\x0a\xff" + b"\x00" * 90, NO_RULES, {})
    assert (found.expected, found.actual) == ("a message shop.v1.Answer", "0x0aff" + "00" * 62)


def encoded_defaults(answer: Any, numbers: bytes) -> list[str]:
    """Return the differences of a message that has the count 3 from an example whose bytes hold these fields."""
    example = answer.FromString(numbers)
    found = match_message(example, answer(count=3).SerializeToString(), NO_RULES, {}, encoded=numbers)
    return [mismatch.path for mismatch in found]


def test_a_default_that_is_encoded_is_expected(answer: Any) -> None:
    assert encoded_defaults(answer, b"") == []
    assert encoded_defaults(answer, b"\x10\x00") == ["$.count"]
    assert encoded_defaults(answer, b"\xf8\x3f\x00") == []  # a field that nobody knows


def test_a_default_that_is_encoded_in_a_message_of_a_list_is_expected(answer: Any) -> None:
    # The first line has the quantity 0, the second one says nothing of it.
    encoded = b"\x2a\x05\x0a\x01a\x10\x00\x2a\x03\x0a\x01b"
    example = answer.FromString(encoded)
    actual = answer(lines=[{"sku": "a", "quantity": 7}, {"sku": "b", "quantity": 7}]).SerializeToString()
    found = match_message(example, actual, NO_RULES, {}, encoded=encoded)
    assert [mismatch.path for mismatch in found] == ["$.lines[0].quantity"]


@pytest.mark.parametrize(
    "written",
    [
        {"lines": {"pact:match": "eachValue(matching($'line'))", "line": {"sku": "a", "quantity": 0}}},
        {"lines": [{"sku": "a", "quantity": 0}]},
    ],
)
def test_a_default_of_the_example_that_each_element_is_like_is_expected(answer: Any, written: dict[str, Any]) -> None:
    rules = {"$.lines": {"match": "values"}, "$.lines.*.sku": {"match": "type"}}
    example = answer(lines=[{"sku": "a"}])
    held, broken = answer(lines=[{"sku": "b"}, {"sku": "c"}]), answer(lines=[{"sku": "b", "quantity": 7}])
    assert differences(example, held, rules, expectations=written) == []
    assert differences(example, broken, rules, expectations=written) == ["$.lines[0].quantity"]


def test_a_default_of_the_example_that_each_value_of_a_map_is_like_is_expected(values: Any) -> None:
    written = {"by_number": {"pact:match": "eachValue(matching($'line'))", "line": {"sku": "a", "quantity": 0}}}
    rules = {"$.by_number": {"match": "values"}, "$.by_number.*": {"match": "type"}}
    example = numbered(values, 1, "a")
    assert differences(example, numbered(values, 7, "b"), rules, expectations=written) == []


@pytest.mark.parametrize(
    "path", ["$.by_number[1].sku", "$.by_number.1.sku", "$.by_number['1'].sku", "$.by_number[*].sku"]
)
def test_a_rule_finds_the_value_of_a_key_that_is_a_number(values: Any, path: str) -> None:
    rule = {path: {"match": "type"}}
    example = numbered(values, 1, "a")
    assert differences(example, numbered(values, 1, "b")) == ["$.by_number.1.sku"]
    assert differences(example, numbered(values, 1, "b"), rule) == []


def test_the_limits_of_a_list_may_stand_at_its_elements(answer: Any) -> None:
    rules = {
        "$.lines[0].tags": {"match": "eachValue", "rules": [{"match": "type"}], "value": "x"},
        "$.lines[0].tags.*": {"match": "type", "min": 2, "max": 3},
    }
    example = answer(lines=[{"tags": ["x"]}])
    held = [not differences(example, answer(lines=[{"tags": ["y"] * count}]), rules) for count in (1, 2, 3, 4)]
    assert held == [False, True, True, False]


def test_a_number_that_is_none_is_equal_to_its_example(values: Any) -> None:
    example = values()
    example.a_double.value = float("nan")
    other = values()
    other.a_double.value = 1.5
    assert differences(example, example) == []
    assert differences(example, other) == ["$.a_double"]
    assert differences(other, example) == ["$.a_double"]
