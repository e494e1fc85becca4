"""Rules that do not stand at the field: of messages and oneofs, predefined ones, and those of protoc-gen-validate."""

import pytest

from servanda.interfaces.protobuf.comparison import compare
from servanda.interfaces.protobuf.rules.table import BEYOND_BUF
from tests.unit.interfaces.conftest import state_of
from tests.unit.interfaces.protobuf.rules.conftest import Found, state

MESSAGE = """
message In {{ {} string a = 1; string b = 2; int32 low = 3; int32 high = 4; }}
message Out {{}}
service S {{ rpc Do(In) returns (Out); }}
"""
TIGHTENED = {"VALIDATION_MESSAGE_INPUT_NO_TIGHTEN"}
OLDER = """syntax = "proto2";
package validate;
import "google/protobuf/descriptor.proto";
import "google/protobuf/duration.proto";
extend google.protobuf.MessageOptions { optional bool disabled = 1071; }
extend google.protobuf.OneofOptions { optional bool required = 1071; }
extend google.protobuf.FieldOptions { optional FieldRules rules = 1071; }
message FieldRules {
  optional MessageRules message = 17;
  optional UInt32Rules uint32 = 5;
  optional StringRules string = 14;
  optional RepeatedRules repeated = 18;
  optional DurationRules duration = 21;
}
message MessageRules { optional bool skip = 1; optional bool required = 2; }
message UInt32Rules { optional uint32 lte = 3; optional uint32 gte = 5; optional bool ignore_empty = 8; }
message StringRules {
  optional uint64 min_len = 2; optional uint64 max_len = 3; repeated string in = 10; optional bool email = 12;
  optional bool ignore_empty = 26; optional KnownRegex well_known_regex = 24;
  optional bool strict = 25 [default = true];
}
enum KnownRegex { UNKNOWN = 0; HTTP_HEADER_NAME = 1; HTTP_HEADER_VALUE = 2; }
message RepeatedRules { optional uint64 min_items = 1; optional FieldRules items = 4; }
message DurationRules { optional bool required = 1; optional google.protobuf.Duration gt = 5; }
"""
OLDER_SOURCE = """
import "validate/validate.proto";
import "google/protobuf/duration.proto";
message In {{ {} {} }}
message Sub {{ string a = 1; }}
message Out {{}}
service S {{ rpc Do(In) returns (Out); }}
"""
PREDEFINED = """syntax = "proto2";
package shop.rules;
import "buf/validate/validate.proto";
extend buf.validate.StringRules {{
  optional bool slug = 71001 [(buf.validate.predefined).cel = {{id: "slug", expression: "!rule || {}"}}];
  optional int32 words = 71002 [(buf.validate.predefined).cel = {{
    id: "words", expression: "this.split(' ').size() <= rule"
  }}];
}}
"""
PREDEFINED_SOURCE = """
import "rules.proto";
message In {{ string f = 1 {}; }}
message Out {{}}
service S {{ rpc Do(In) returns (Out); }}
"""


def of_message(rules: str) -> str:
    return MESSAGE.format(f"option (buf.validate.message) = {{{rules}}};" if rules else "")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param("", "cel_expression: 'this.low <= this.high'", TIGHTENED, id="two fields"),
        pytest.param("", "cel_expression: 'this.a != this.b'", TIGHTENED, id="two texts"),
        pytest.param("", "cel_expression: 'this.low + this.high < 100'", TIGHTENED, id="a sum"),
        pytest.param("", "cel_expression: \"this.a == '' || this.b != ''\"", TIGHTENED, id="one calls for the other"),
        pytest.param("", "oneof: {fields: ['a', 'b']}", TIGHTENED, id="both at once"),
        pytest.param("oneof: {fields: ['a', 'b']}", "oneof: {fields: ['a', 'b'], required: true}", TIGHTENED, id="one"),
        pytest.param("oneof: {fields: ['a', 'b'], required: true}", "oneof: {fields: ['b', 'a']}", set(), id="or none"),
        pytest.param("oneof: {fields: ['a', 'b']}", "oneof: {fields: ['b', 'a']}", set(), id="another order"),
        pytest.param(
            "cel: {id: 'x', message: 'm', expression: 'this.low < 5'}",
            "cel: {id: 'y', message: 'n', expression: 'this.low < 5'}",
            set(),
            id="another identifier",
        ),
        pytest.param("cel_expression: 'this.low < 5'", "cel_expression: 'this.low < 4'", TIGHTENED, id="a lower bound"),
        pytest.param(
            "cel_expression: 'this.low < 5'",
            "cel_expression: '5 > this.low'",
            {"VALIDATION_MESSAGE_NO_UNPROVEN_CHANGE"},
            id="the same in other words",
        ),
    ],
)
def test_a_message_as_a_whole(found: Found, before: str, after: str, expected: set[str]) -> None:
    assert found(of_message(before), of_message(after)) == expected


def test_an_expression_that_does_not_compile_proves_nothing(found: Found) -> None:
    rules = found(of_message(""), of_message("cel_expression: 'this.unknown < 5'"))

    assert rules == {"VALIDATION_MESSAGE_NO_UNPROVEN_CHANGE"}


@pytest.mark.parametrize(
    ("fields", "objected"),
    [
        pytest.param(
            "oneof pay { option (buf.validate.oneof).required = true; string c = 8; string d = 9; }", True, id="new"
        ),
        pytest.param("oneof pay { string c = 8; string d = 9; }", False, id="new, and may be empty"),
    ],
)
def test_a_new_oneof_of_a_request_may_be_empty(found: Found, fields: str, objected: bool) -> None:
    source = "message In {{ string a = 1; {} }} message Out {{}} service S {{ rpc Do(In) returns (Out); }}"

    rules = found(source.format(""), source.format(fields))

    assert rules == ({"VALIDATION_ONEOF_INPUT_NO_TIGHTEN"} if objected else set())


def found_beside(sources: tuple[str, str], besides: tuple[dict[str, str], dict[str, str]]) -> set[str]:
    before, after = (state(source, beside=beside) for source, beside in zip(sources, besides, strict=True))
    return {breach.rule.id for breach in compare(before, after, BEYOND_BUF)}


@pytest.mark.parametrize(
    ("before", "after", "aspects"),
    [
        pytest.param(
            "string f = 1 [(validate.rules).string.max_len = 5];",
            "string f = 1 [(validate.rules).string.max_len = 5, (buf.validate.field).string.max_len = 5];",
            [],
            id="the same beside",
        ),
        pytest.param(
            "string f = 1 [(validate.rules).string = {min_len: 2, ignore_empty: true}];",
            "string f = 1 [(buf.validate.field) = {ignore: IGNORE_IF_ZERO_VALUE, string: {min_len: 2}}];",
            [],
            id="the same instead",
        ),
        pytest.param(
            "repeated string f = 1 [(validate.rules).repeated = {min_items: 1, items: {string: {email: true}}}];",
            "repeated string f = 1 [(buf.validate.field).repeated = {min_items: 1, items: {string: {email: true}}}];",
            [],
            id="the same of items",
        ),
        pytest.param(
            "Sub f = 1 [(validate.rules).message.required = true];",
            "Sub f = 1 [(buf.validate.field).required = true];",
            [],
            id="a required message",
        ),
        pytest.param(
            "google.protobuf.Duration f = 1 [(validate.rules).duration = {required: true, gt: {seconds: 1}}];",
            "google.protobuf.Duration f = 1 [(buf.validate.field) = {required: true, duration: {gt: {seconds: 1}}}];",
            [],
            id="a duration",
        ),
        pytest.param(
            "string f = 1 [(validate.rules).string.max_len = 5];",
            "string f = 1 [(validate.rules).string.max_len = 5, (buf.validate.field).string.max_len = 4];",
            ["LENGTH"],
            id="less beside",
        ),
        pytest.param(
            "uint32 f = 1 [(validate.rules).uint32.lte = 9];",
            "uint32 f = 1 [(validate.rules).uint32.lte = 8];",
            ["RANGE"],
            id="a tighter rule",
        ),
        pytest.param(
            "uint32 f = 1 [(validate.rules).uint32 = {gte: 9, ignore_empty: true}];",
            "uint32 f = 1 [(validate.rules).uint32.gte = 9];",
            ["PRESENCE"],
            id="zero that was left alone",
        ),
        pytest.param("string f = 1 [(validate.rules).string.in = 'a'];", "string f = 1;", [], id="given up"),
    ],
)
def test_the_rules_of_protoc_gen_validate_count(before: str, after: str, aspects: list[str]) -> None:
    sources = OLDER_SOURCE.format("", before), OLDER_SOURCE.format("", after)
    beside = {"validate/validate.proto": OLDER}

    rules = found_beside(sources, (beside, beside))

    assert rules == {f"VALIDATION_{aspect}_INPUT_NO_TIGHTEN" for aspect in aspects}


@pytest.mark.parametrize(("strict", "objected"), [("", True), (", strict: false", False)])
def test_the_older_name_of_a_header_may_be_empty_unless_it_is_strict(strict: str, objected: bool) -> None:
    name = f"string f = 2 [(validate.rules).string = {{well_known_regex: HTTP_HEADER_NAME{strict}}}];"
    sources = OLDER_SOURCE.format("", "string a = 1;"), OLDER_SOURCE.format("", f"string a = 1; {name}")
    beside = {"validate/validate.proto": OLDER}

    assert found_beside(sources, (beside, beside)) == ({"VALIDATION_NEW_FIELD_ACCEPTS_ZERO"} if objected else set())


def test_a_message_whose_older_rules_are_disabled_has_none() -> None:
    field, disabled = "string f = 1{};", "option (validate.disabled) = true;"
    sources = (
        OLDER_SOURCE.format(disabled, field.format("")),
        OLDER_SOURCE.format(disabled, field.format(" [(validate.rules).string.max_len = 5]")),
    )
    beside = {"validate/validate.proto": OLDER}

    assert found_beside(sources, (beside, beside)) == set()


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        pytest.param(("option (validate.disabled) = true;", ""), {"VALIDATION_LENGTH_INPUT_NO_TIGHTEN"}, id="enabled"),
        pytest.param(("", "option (validate.disabled) = true;"), set(), id="disabled"),
    ],
)
def test_a_message_that_enables_its_older_rules_accepts_less(options: tuple[str, str], expected: set[str]) -> None:
    field = "string f = 1 [(validate.rules).string.max_len = 5];"
    before, after = (OLDER_SOURCE.format(option, field) for option in options)
    beside = {"validate/validate.proto": OLDER}

    assert found_beside((before, after), (beside, beside)) == expected


SLUG, WORDS = "[(buf.validate.field).string.(shop.rules.slug) = true]", "(buf.validate.field).string.(shop.rules.words)"
LOWER, SHORT = "this.matches('^[a-z]*$')", "this.matches('^[a-z]{0,5}$')"
CEL = {"VALIDATION_CEL_INPUT_NO_TIGHTEN"}


@pytest.mark.parametrize(
    ("fields", "expressions", "expected"),
    [
        pytest.param(("", SLUG), (LOWER, LOWER), CEL, id="used"),
        pytest.param((SLUG, SLUG), (LOWER, SHORT), CEL, id="tightened in its own file"),
        pytest.param((SLUG, SLUG), (SHORT, LOWER), set(), id="loosened in its own file"),
        pytest.param((SLUG, ""), (LOWER, LOWER), set(), id="given up"),
        pytest.param(("", ""), (LOWER, SHORT), set(), id="used by nobody"),
        pytest.param((f"[{WORDS} = 5]", f"[{WORDS} = 4]"), (LOWER, LOWER), CEL, id="another value"),
        pytest.param((f"[{WORDS} = 4]", f"[{WORDS} = 5]"), (LOWER, LOWER), set(), id="a greater value"),
    ],
)
def test_a_predefined_rule_refuses_like_any_other(
    fields: tuple[str, str], expressions: tuple[str, str], expected: set[str]
) -> None:
    before, after = ({"rules.proto": PREDEFINED.format(expression)} for expression in expressions)

    rules = found_beside((PREDEFINED_SOURCE.format(fields[0]), PREDEFINED_SOURCE.format(fields[1])), (before, after))

    assert rules == expected


@pytest.mark.parametrize(
    ("field", "aspects"),
    [
        pytest.param("Size f = 1 [(buf.validate.field).enum.defined_only = true];", ["ENUM"], id="a field"),
        pytest.param(
            "repeated Size f = 1 [(buf.validate.field).repeated.items.enum.defined_only = true];", ["ENUM"], id="l"
        ),
        pytest.param(
            "map<string, Size> f = 1 [(buf.validate.field).map.values.enum.defined_only = true];", ["ENUM"], id="m"
        ),
        pytest.param("Size f = 1;", [], id="any number"),
    ],
)
@pytest.mark.parametrize("direction", ["less", "more"])
def test_defined_only_means_what_the_enum_defines(field: str, aspects: list[str], direction: str) -> None:
    source = f"""import "size.proto";
    message In {{ {field} }} message Out {{ {field} }} service S {{ rpc Do(In) returns (Out); }}"""
    large = {"size.proto": 'syntax = "proto3"; package shop.v1; enum Size { NONE = 0; A = 1; B = 2; }'}
    small = {"size.proto": 'syntax = "proto3"; package shop.v1; enum Size { NONE = 0; A = 1; reserved 2; }'}
    besides = (large, small) if direction == "less" else (small, large)

    rules = {each for each in found_beside((source, source), besides) if each.startswith("VALIDATION")}

    assert rules == {f"VALIDATION_{each}_INPUT_NO_TIGHTEN" for each in aspects if direction == "less"}


@pytest.mark.parametrize(
    ("parent", "expected"),
    [
        pytest.param("[(validate.rules).message.skip = true]", set(), id="skipped"),
        pytest.param("[(validate.rules).message.required = true]", {"VALIDATION_LENGTH_INPUT_NO_TIGHTEN"}, id="looked"),
    ],
)
def test_older_rules_do_not_count_where_their_validator_skips(parent: str, expected: set[str]) -> None:
    source = """syntax = "proto3"; package shop.v1;
    import "validate/validate.proto";
    message Sub {{ string a = 1 [(validate.rules).string.max_len = {}]; }}
    message In {{ Sub sub = 1 {}; }} message Out {{}} service S {{ rpc Do(In) returns (Out); }}
    """
    before, after = (
        state_of({"shop.proto": source.format(length, parent), "validate/validate.proto": OLDER}) for length in (9, 5)
    )

    assert {breach.rule.id for breach in compare(before, after, BEYOND_BUF)} == expected
