"""Examples of messages from what a consumer wrote."""

from collections.abc import Iterator
from typing import Any

import pytest
from google.protobuf import descriptor_pb2, json_format
from hypothesis import assume, given
from hypothesis import strategies as st

from servanda.errors import RecordingError
from servanda.pact.descriptors import Descriptors
from servanda.recording.plugin.definitions import GENERATOR, MATCH, MATCHER
from servanda.recording.plugin.expressions import is_expression
from servanda.recording.plugin.messages import build


@pytest.fixture(scope="module")
def answer(files: descriptor_pb2.FileDescriptorSet) -> Any:
    return Descriptors(files).message("shop.v1.Answer")


def message_of(kind: Any, values: dict[str, Any]) -> Any:
    """A message with these values; not every version of the library takes dictionaries for the messages of a map."""
    message = kind(**{name: value for name, value in values.items() if name != "by_number"})
    for number, line in values.get("by_number", {}).items():
        for name, value in line.items():
            setattr(message.by_number[number], name, value)
    return message


@pytest.mark.parametrize(
    ("written", "values"),
    [
        pytest.param({"name": "a"}, {"name": "a"}, id="text"),
        pytest.param({"count": 2.0}, {"count": 2}, id="a number as JSON has it"),
        pytest.param({"large": "18446744073709551615"}, {"large": 2**64 - 1}, id="a number larger than JSON's"),
        pytest.param({"price": 1}, {"price": 1.0}, id="a whole number as double"),
        pytest.param({"ok": True}, {"ok": True}, id="boolean"),
        pytest.param({"blob": "é"}, {"blob": "é".encode()}, id="bytes"),
        pytest.param({"kind": "KIND_NEW"}, {"kind": 1}, id="enum by name"),
        pytest.param({"kind": 1.0}, {"kind": 1}, id="enum by number"),
        pytest.param({"tags": ["a", "b"]}, {"tags": ["a", "b"]}, id="list"),
        pytest.param({"lines": [{"sku": "a"}]}, {"lines": [{"sku": "a"}]}, id="list of messages"),
        pytest.param({"labels": {"a": "b"}}, {"labels": {"a": "b"}}, id="map"),
        pytest.param({"by_number": {"7": {"sku": "a"}}}, {"by_number": {7: {"sku": "a"}}}, id="map of messages"),
        pytest.param({"at": "1970-01-01T00:00:05Z"}, {"at": {"seconds": 5}}, id="time as text"),
        pytest.param({"at": {"seconds": 5}}, {"at": {"seconds": 5}}, id="time as message"),
        pytest.param({"length": "1.5s"}, {"length": {"seconds": 1, "nanos": 500000000}}, id="duration"),
        pytest.param({"note": "n"}, {"note": {"value": "n"}}, id="wrapper"),
        pytest.param({"mask": "name,kind"}, {"mask": {"paths": ["name", "kind"]}}, id="field mask"),
        pytest.param({"main": {}}, {"main": {}}, id="an empty message is set"),
        pytest.param({"person": "p"}, {"person": "p"}, id="member of a oneof"),
    ],
)
def test_a_field_is_written_as_in_json(answer: Any, written: dict[str, Any], values: dict[str, Any]) -> None:
    assert build(answer, written).message == message_of(answer, values)


@given(
    values=st.fixed_dictionaries(
        {},
        optional={
            "name": st.text(),
            "count": st.integers(-(2**31), 2**31 - 1),
            "large": st.integers(0, 2**64 - 1),
            "price": st.floats(allow_nan=False, allow_infinity=False),
            "ok": st.booleans(),
            "kind": st.sampled_from([0, 1]),
            "tags": st.lists(st.text(), max_size=3),
            "labels": st.dictionaries(st.text(), st.text(), max_size=3),
            "main": st.fixed_dictionaries({"quantity": st.integers(-(2**63), 2**63 - 1)}),
            "number": st.integers(-(2**63), 2**63 - 1),
        },
    )
)
def test_what_protobuf_writes_as_json_is_read_back(answer: Any, values: dict[str, Any]) -> None:
    message = answer(**values)
    written = json_format.MessageToDict(message, preserving_proto_field_name=True)
    assume(not any(is_expression(text) for text in _texts(written)))
    # These keys mean something to Pact, so no label can be called so.
    assume(not written.get("labels", {}).keys() & {GENERATOR, MATCH, MATCHER})

    assert build(answer, written).message == message


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for entry in value.values() if isinstance(value, dict) else value:
            yield from _texts(entry)


def test_a_struct_holds_any_json(answer: Any) -> None:
    example: Any = build(answer, {"extra": {"a": [1, "x"]}}).message

    assert list(example.extra["a"]) == [1, "x"]


@pytest.mark.parametrize(
    ("written", "rules"),
    [
        pytest.param({"name": "matching(type, 'a')"}, {"$.name": [{"match": "type"}]}, id="expression"),
        pytest.param(
            {"name": {"pact:matcher:type": "regex", "regex": "a+", "value": "a"}},
            {"$.name": [{"match": "regex", "regex": "a+"}]},
            id="matcher",
        ),
        pytest.param(
            {"lines": {"pact:matcher:type": "type", "min": 1, "max": None, "value": [{"sku": "matching(type, 'a')"}]}},
            {"$.lines": [{"match": "type", "min": 1}], "$.lines[*].sku": [{"match": "type"}]},
            id="each like",
        ),
        pytest.param(
            {"lines": {"pact:match": "eachValue(matching($'line')), atLeast(1)", "line": {"sku": "notEmpty('a')"}}},
            {
                "$.lines": [{"match": "values"}, {"match": "type", "min": 1}],
                "$.lines[*].sku": [{"match": "notEmpty"}],
            },
            id="elements described elsewhere",
        ),
        pytest.param(
            {"lines": [{"sku": "matching(type, 'a')"}, {"sku": "b"}]},
            {"$.lines[0].sku": [{"match": "type"}]},
            id="one element of a list",
        ),
        pytest.param(
            {
                "labels": {
                    "pact:matcher:type": "eachValue",
                    "value": {"a": "b"},
                    "rules": [{"pact:matcher:type": "regex", "regex": "b+", "value": "b"}],
                }
            },
            {"$.labels": [{"match": "eachValue", "rules": [{"match": "regex", "regex": "b+"}]}]},
            id="each value of a map",
        ),
        pytest.param({"at": "matching(type, '1970-01-01T00:00:05Z')"}, {"$.at": [{"match": "type"}]}, id="time"),
        pytest.param(
            {
                "name": {
                    "pact:matcher:type": [
                        {"pact:matcher:type": "notEmpty", "value": "a"},
                        {"pact:matcher:type": "type", "value": "b"},
                    ]
                }
            },
            {"$.name": [{"match": "notEmpty"}, {"match": "type"}]},
            id="several matchers",
        ),
    ],
)
def test_rules_stand_at_the_path_of_what_they_are_about(
    answer: Any, written: dict[str, Any], rules: dict[str, Any]
) -> None:
    assert build(answer, written).rules == rules


def test_a_value_of_a_provider_state_leaves_a_generator(answer: Any) -> None:
    example = build(answer, {"name": {"pact:generator:type": "ProviderState", "expression": "${id}", "value": "u"}})

    assert example.generators == {"$.name": {"type": "ProviderState", "expression": "${id}"}}


@pytest.mark.parametrize(
    ("written", "message"),
    [
        pytest.param({"nickname": "a"}, r"\$\.nickname: shop\.v1\.Answer has no field 'nickname'", id="no such field"),
        pytest.param({"lines": [{"sk": "a"}]}, r"\$\.lines\[0\]\.sk", id="no such field within a list"),
        pytest.param({"count": "many"}, r"\$\.count is 'many', expected a value of type int32", id="text as number"),
        pytest.param({"count": 2**31}, "expected a value of type int32", id="too large"),
        pytest.param({"count": 1.5}, "expected a value of type int32", id="fraction"),
        pytest.param({"name": 1}, "expected a value of type string", id="number as text"),
        pytest.param({"kind": "KIND_OLD"}, "expected one of KIND_UNSPECIFIED, KIND_NEW", id="no such enum value"),
        pytest.param({"ok": "perhaps"}, "expected a value of type bool", id="no boolean"),
        pytest.param({"tags": {"a": "b"}}, "expected a list", id="no list"),
        pytest.param({"labels": ["a"]}, "expected an object", id="no map"),
        pytest.param({"main": "a"}, "expected an object with fields of shop.v1.Line", id="no message"),
        pytest.param({"at": "noon"}, r"\$\.at: ", id="no time"),
        pytest.param({"name": {"pact:matcher:type": "type"}}, "matcher 'type' has no example", id="no example"),
    ],
)
def test_what_a_field_cannot_hold_is_refused_with_its_path(answer: Any, written: dict[str, Any], message: str) -> None:
    with pytest.raises(RecordingError, match=message):
        build(answer, written)


EACH = {"match": "eachValue", "rules": [{"match": "type"}], "value": "a"}
REFERRED = {"match": "values"}


@pytest.mark.parametrize(
    ("written", "values", "rules"),
    [
        pytest.param(
            {"tags": "eachValue(matching(type, 'a'))"}, {"tags": ["a"]}, {"$.tags": [EACH]}, id="each of a list"
        ),
        pytest.param(
            {"tags": "atLeast(2), eachValue(matching(type, 'a'))"},
            {"tags": ["a"]},
            {"$.tags": [{"match": "type", "min": 2}, EACH]},
            id="each of a list of some length",
        ),
        pytest.param(
            {"tags": "matching(type, 'a')"}, {"tags": ["a"]}, {"$.tags[0]": [{"match": "type"}]}, id="one of a list"
        ),
        pytest.param(
            {"lines": {"sku": "matching(type, 'a')"}},
            {"lines": [{"sku": "a"}]},
            {"$.lines[0].sku": [{"match": "type"}]},
            id="a message that stands alone",
        ),
        pytest.param(
            {
                "by_number": {
                    MATCH: r"eachKey(matching(regex, '\d+', '7')), eachValue(matching($'line'))",
                    "line": {"sku": "matching(type, 'a')"},
                }
            },
            {"by_number": {7: {"sku": "a"}}},
            {
                "$.by_number": [
                    {"match": "eachKey", "rules": [{"match": "regex", "regex": r"\d+"}], "value": "7"},
                    REFERRED,
                ],
                "$.by_number.*.sku": [{"match": "type"}],
            },
            id="each message of a map, by reference",
        ),
        pytest.param(
            {"name": "matching(include, 'b', 'abc')"},
            {"name": "abc"},
            {"$.name": [{"match": "include", "value": "b"}]},
            id="a part of a text",
        ),
    ],
)
def test_lists_and_maps_are_described_as_for_the_stock_plugin(
    answer: Any, written: dict[str, Any], values: dict[str, Any], rules: dict[str, Any]
) -> None:
    found = build(answer, written)
    assert (found.message, found.rules) == (message_of(answer, values), rules)


@pytest.mark.parametrize(
    "written", [{"lines": "eachValue(matching($'x'))"}, {"by_number": {MATCH: "eachValue(matching($'x'))"}}]
)
def test_a_reference_to_nothing_is_refused(answer: Any, written: dict[str, Any]) -> None:
    with pytest.raises(RecordingError, match="'x' is referred to but not defined"):
        build(answer, written)
