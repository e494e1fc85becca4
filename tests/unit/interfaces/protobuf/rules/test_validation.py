"""What accepts less, and what says the same in other words."""

import pytest

from servanda.interfaces.protobuf.comparison import compare
from servanda.interfaces.protobuf.rules.table import BEYOND_BUF
from tests.unit.interfaces.protobuf.rules.conftest import Found, state

REQUEST = "message In {{ {} f = 1 [{}]; }} message Out {{}} service S {{ rpc Do(In) returns (Out); }}"
RESPONSE = "message In {{}} message Out {{ {} f = 1 [{}]; }} service S {{ rpc Do(In) returns (Out); }}"
RULES = "(buf.validate.field)"


@pytest.mark.parametrize(
    ("kind", "before", "after", "expected"),
    [
        pytest.param("string", "string.min_len = 1", "string.len = 5", {"LENGTH"}, id="len is both bounds"),
        pytest.param("string", "string.len = 5", "string.min_len = 1", set(), id="len given up"),
        pytest.param("int32", "int32.gt = 5", "int32.gte = 5", set(), id="gt to gte"),
        pytest.param("int32", "int32.gte = 5", "int32.gt = 5", {"RANGE"}, id="gte to gt"),
        pytest.param("int32", "int32.gte = 5", "int32.gt = 4", set(), id="gte 5 to gt 4"),
        pytest.param("int32", "int32 = {gt: 1, lt: 9}", "int32 = {gt: 9, lt: 1}", {"RANGE"}, id="turned inside out"),
        pytest.param("string", 'string.const = "a"', 'string = {in: ["a", "b"]}', set(), id="const to in"),
        pytest.param("string", 'string = {in: ["a", "b"]}', 'string.const = "a"', {"VALUES"}, id="in to const"),
        pytest.param("string", 'string.not_in = "a"', 'string = {not_in: ["a", "b"]}', {"VALUES"}, id="not_in"),
        pytest.param("string", "string.ip = true", "string.ipv4 = true", {"FORMAT"}, id="ip to ipv4"),
        pytest.param("string", "string.ipv4 = true", "string.ip = true", set(), id="ipv4 to ip"),
        pytest.param("string", 'string.pattern = "^a"', 'string.pattern = "^b"', {"FORMAT"}, id="another pattern"),
        pytest.param("double", "double.finite = true", "double.finite = false", set(), id="finite given up"),
        pytest.param("bool", "bool.example = true", "bool.const = false", {"VALUES"}, id="const false"),
        pytest.param(
            "repeated string",
            "repeated.items.string.max_len = 3",
            "repeated.items.string.max_len = 2",
            {"LENGTH"},
            id="items",
        ),
        pytest.param(
            "map<string, string>", "map.max_pairs = 3", "map.keys.string.max_len = 3", {"LENGTH"}, id="keys of a map"
        ),
        pytest.param("string", "cel_expression = 'this != \"\"'", "string.max_len = 3", {"LENGTH"}, id="CEL given up"),
        pytest.param("string", "string.max_len = 3", "cel_expression = 'this != \"\"'", {"CEL"}, id="CEL added"),
        pytest.param(
            "string",
            "ignore = IGNORE_ALWAYS, (buf.validate.field).string.max_len = 3",
            "string.max_len = 3",
            {"LENGTH"},
            id="rules that were ignored",
        ),
        pytest.param(
            "string",
            "ignore = IGNORE_IF_ZERO_VALUE, (buf.validate.field).string.min_len = 1",
            "string.min_len = 1",
            {"PRESENCE"},
            id="zero that was left alone",
        ),
        pytest.param(
            "string",
            "ignore = IGNORE_IF_ZERO_VALUE",
            "ignore = IGNORE_IF_ZERO_VALUE, (buf.validate.field).string.min_len = 1",
            set(),
            id="not empty where empty is left alone",
        ),
        pytest.param("string", "string.example = 'a'", "string.example = 'b'", set(), id="examples"),
    ],
)
def test_an_input_may_not_accept_less(found: Found, kind: str, before: str, after: str, expected: set[str]) -> None:
    rules = found(REQUEST.format(kind, f"{RULES}.{before}"), REQUEST.format(kind, f"{RULES}.{after}"))

    assert rules == {f"VALIDATION_{subject}_INPUT_NO_TIGHTEN" for subject in expected}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param("string.max_len = 3", "string.max_len = 5", {"LENGTH"}, id="longer"),
        pytest.param("string.max_len = 5", "string.max_len = 3", set(), id="shorter"),
        pytest.param("required = true", "string.max_len = 3", {"PRESENCE"}, id="may be empty"),
        pytest.param("string.uuid = true", "string.min_len = 1", {"FORMAT"}, id="any text"),
    ],
)
def test_an_output_may_not_hold_more(found: Found, before: str, after: str, expected: set[str]) -> None:
    rules = found(RESPONSE.format("string", f"{RULES}.{before}"), RESPONSE.format("string", f"{RULES}.{after}"))

    assert rules == {f"VALIDATION_{subject}_OUTPUT_NO_LOOSEN" for subject in expected}


@pytest.mark.parametrize(
    ("field", "refused"),
    [
        pytest.param("string new = 2 [(buf.validate.field).string.min_len = 1];", True, id="not empty"),
        pytest.param("string new = 2 [(buf.validate.field).string.max_len = 9];", False, id="not too long"),
        pytest.param("string new = 2 [(buf.validate.field).string.email = true];", True, id="a format"),
        pytest.param("string new = 2 [(buf.validate.field).string.pattern = '^a*$'];", False, id="a pattern of empty"),
        pytest.param("string new = 2 [(buf.validate.field).string.pattern = '^\\\\pN$'];", True, id="a pattern of RE2"),
        pytest.param("int32 new = 2 [(buf.validate.field).int32.gt = 0];", True, id="positive"),
        pytest.param("int32 new = 2 [(buf.validate.field).int32.gte = 0];", False, id="not negative"),
        pytest.param("int32 new = 2 [(buf.validate.field).int32 = {in: [1, 2]}];", True, id="listed values"),
        pytest.param("optional int32 new = 2 [(buf.validate.field).int32.gt = 0];", False, id="with presence"),
        pytest.param("optional int32 new = 2 [(buf.validate.field).required = true];", True, id="required"),
        pytest.param("repeated int32 new = 2 [(buf.validate.field).repeated.min_items = 1];", True, id="one item"),
        pytest.param(
            "repeated int32 new = 2 [(buf.validate.field).repeated.items.int32.gt = 0];", False, id="items that are not"
        ),
    ],
)
def test_a_new_field_of_a_request_accepts_its_absence(found: Found, field: str, refused: bool) -> None:
    source = "message In {{ string f = 1; {} }} message Out {{}} service S {{ rpc Do(In) returns (Out); }}"

    rules = found(source.format(""), source.format(field))

    assert rules == ({"VALIDATION_NEW_FIELD_ACCEPTS_ZERO"} if refused else set())


def test_what_nothing_reaches_counts_as_read_and_written(found: Found) -> None:
    source = "message Alone {{ string f = 1 [(buf.validate.field).string.pattern = '{}']; }}"

    rules = found(source.format("a"), source.format("b"))

    assert rules == {"VALIDATION_FORMAT_INPUT_NO_TIGHTEN", "VALIDATION_FORMAT_OUTPUT_NO_LOOSEN"}


def test_options_are_read_from_images_without_imports() -> None:
    before, after = (
        state(REQUEST.format("string", f"{RULES}.string.max_len = {limit}"), with_imports=False) for limit in (5, 3)
    )

    assert [breach.rule.id for breach in compare(before, after, BEYOND_BUF)] == ["VALIDATION_LENGTH_INPUT_NO_TIGHTEN"]
