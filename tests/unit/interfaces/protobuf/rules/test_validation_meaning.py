"""What protovalidate makes of rules: some say nothing, some say the same, and some say more than it seems."""

import pytest

from tests.unit.interfaces.protobuf.rules.conftest import Found

RULES = "(buf.validate.field)"
HEADER = "string = {well_known_regex: KNOWN_REGEX_HTTP_HEADER_VALUE"
SOURCE = """
message In {{ {} f = 1 {}; string g = 2; }}
message Sub {{ string id = 1 [(buf.validate.field).string.min_len = 1]; }}
enum Size {{ SIZE_UNSPECIFIED = 0; SIZE_A = 1; SIZE_B = 2; }}
message Out {{}}
service S {{ rpc Do(In) returns (Out); }}
"""


def source(kind: str, rules: str) -> str:
    return SOURCE.format(kind, f"[{RULES}.{rules}]" if rules else "")


def tightened(*aspects: str) -> set[str]:
    return {f"VALIDATION_{aspect}_INPUT_NO_TIGHTEN" for aspect in aspects}


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        pytest.param("uint32", "", "uint32.gte = 0", id="a bound that the type implies"),
        pytest.param("int32", "", "int32.lte = 2147483647", id="the greatest number of the type"),
        pytest.param("int32", "int32.gt = 0", "int32.gte = 1", id="the same integers"),
        pytest.param("int64", "int64 = {gte: 1, lte: 3}", "int64 = {in: [1, 2, 3]}", id="a range as a list"),
        pytest.param("repeated Sub", "", "repeated.items.required = true", id="required items"),
        pytest.param(
            "repeated string", "", "repeated.items = {ignore: IGNORE_ALWAYS, string: {min_len: 3}}", id="always"
        ),
        pytest.param("string", "", "ignore = IGNORE_ALWAYS, (buf.validate.field).string.min_len = 3", id="ignored"),
        pytest.param("string", "string.max_len = 10", "string.max_bytes = 40", id="ten characters in forty bytes"),
        pytest.param("string", "string.min_len = 4", "string.min_bytes = 4", id="four characters are four bytes"),
        pytest.param("string", "string.max_bytes = 9", "string.max_len = 9", id="nine bytes are nine characters"),
        pytest.param("string", "string.uuid = true", "string = {uuid: true, len: 36}", id="the length of a UUID"),
        pytest.param("string", "string.ulid = true", "string = {ulid: true, min_len: 26}", id="the length of a ULID"),
        pytest.param(
            "string", "string.pattern = '^[a-z]{3,5}$'", "string = {pattern: '^[a-z]{3,5}$', max_len: 5}", id="p"
        ),
        pytest.param(
            "string", "string = {in: ['ab', 'abc']}", "string = {in: ['ab', 'abc'], prefix: 'ab'}", id="prefix"
        ),
        pytest.param(
            "string", "string.prefix = 'ab'", "string = {prefix: 'ab', min_len: 2, contains: 'b'}", id="implied"
        ),
        pytest.param("string", "string.const = 'abc'", "string = {const: 'abc', max_len: 3}", id="a constant's length"),
        pytest.param("string", "string.min_len = 1", "required = true", id="not empty is set"),
        pytest.param("string", "required = true", "string.min_len = 1", id="set is not empty"),
        pytest.param("string", "cel_expression = 'this.size() < 5'", "string.max_len = 4", id="CEL as a rule"),
        pytest.param("string", "string.max_len = 4", "string = {max_len: 4, not_in: ['abcde']}", id="long before"),
        pytest.param("bytes", "bytes.ipv4 = true", "bytes.len = 4", id="the bytes of an address"),
        pytest.param("Size", "enum = {in: [1, 2]}", "enum = {in: [1, 2], defined_only: true}", id="defined"),
        pytest.param("bool", "bool.const = true", "required = true", id="true is set"),
        pytest.param(
            "repeated int32", "repeated.max_items = 1", "repeated = {max_items: 1, unique: true}", id="one item"
        ),
        pytest.param("repeated int32", "repeated.min_items = 1", "required = true", id="an item is a list that is set"),
        pytest.param("map<string, int32>", "map.min_pairs = 1", "required = true", id="a pair is a map that is set"),
        pytest.param("string", "", "string.example = 'abc'", id="an example"),
        pytest.param("string", HEADER + "}", HEADER + ", strict: true}", id="strict is the default"),
        pytest.param("string", HEADER + "}", HEADER + ", strict: false}", id="less strict"),
        pytest.param(
            "string",
            "cel = {id: 'a', message: 'm', expression: \"this != 'q'\"}",
            "cel = {id: 'b', message: 'n', expression: \"this != 'q'\"}",
            id="another identifier and message",
        ),
        pytest.param(
            "google.protobuf.Duration", "duration.gt = {}", "duration.gte = {nanos: 1}", id="a nanosecond more than 0"
        ),
    ],
)
def test_what_refuses_nothing_new_is_no_break(found: Found, kind: str, before: str, after: str) -> None:
    imports = 'import "google/protobuf/duration.proto";'

    assert found(imports + source(kind, before), imports + source(kind, after)) == set()


@pytest.mark.parametrize(
    ("kind", "before", "after", "aspects"),
    [
        pytest.param("uint32", "", "uint32.gte = 1", ["RANGE"], id="a bound above that of the type"),
        pytest.param("double", "double.gt = 0", "double.gte = 1", ["RANGE"], id="numbers with fractions"),
        pytest.param("int32", "int32 = {lt: 1, gt: 9}", "int32.gt = 9", ["RANGE"], id="half of what lies outside"),
        pytest.param(
            "string", "string.max_len = 10", "string.max_bytes = 39", ["LENGTH"], id="ten characters in 39 bytes"
        ),
        pytest.param("string", "string.max_bytes = 40", "string.max_len = 39", ["LENGTH"], id="forty letters"),
        pytest.param(
            "string", "string.min_bytes = 4", "string.min_len = 4", ["LENGTH"], id="one character of four bytes"
        ),
        pytest.param("string", "string.uuid = true", "string.tuuid = true", ["FORMAT"], id="without hyphens"),
        pytest.param("string", "string.uri_ref = true", "string.uri = true", ["FORMAT"], id="relative references"),
        pytest.param("string", HEADER + ", strict: false}", HEADER + "}", ["FORMAT"], id="strict by default"),
        pytest.param(
            "string", "string.pattern = '^[a-z]{1,5}$'", "string.pattern = '^[a-z]{1,4}$'", ["FORMAT"], id="p"
        ),
        pytest.param(
            "string", "string.pattern = '^[a-z_]+$'", "string.pattern = '^[a-z]+$'", ["FORMAT"], id="a letter"
        ),
        pytest.param("string", "string.email = true", "string = {email: true, max_len: 64}", ["LENGTH"], id="mail"),
        pytest.param("repeated string", "", "repeated.unique = true", ["ITEMS"], id="items that are the same"),
        pytest.param("repeated string", "repeated.max_items = 5", "repeated.max_items = 4", ["ITEMS"], id="five items"),
        pytest.param("map<string, string>", "", "map.keys.string.max_len = 3", ["LENGTH"], id="keys"),
        pytest.param("map<string, int32>", "", "map.values.int32.gt = 3", ["RANGE"], id="values"),
        pytest.param("map<string, int32>", "", "map.max_pairs = 3", ["ITEMS"], id="pairs"),
        pytest.param("repeated Size", "", "repeated.items.enum.defined_only = true", ["ENUM"], id="a list of an enum"),
        pytest.param("Sub", "", "required = true", ["PRESENCE"], id="a message that may be left out"),
        pytest.param("optional int32", "", "required = true", ["PRESENCE"], id="a number that may be left out"),
        pytest.param("Sub", "ignore = IGNORE_ALWAYS", "required = false", ["LENGTH"], id="rules within a message"),
        pytest.param("Sub", "", "cel_expression = \"this.id != 'q'\"", ["CEL"], id="an expression about a message"),
        pytest.param("string", "", "cel_expression = \"!this.startsWith('x-')\"", ["CEL"], id="a literal of CEL"),
        pytest.param("string", "", "cel_expression = \"this.matches('^a+$')\"", ["CEL"], id="a pattern in CEL"),
        pytest.param("int32", "", "cel_expression = 'this % 7 == 0'", ["CEL"], id="arithmetic in CEL"),
        pytest.param(
            "repeated string",
            "repeated.items = {ignore: IGNORE_IF_ZERO_VALUE, string: {min_len: 3}}",
            "repeated.items = {string: {min_len: 3}}",
            ["LENGTH"],
            id="empty items that were left alone",
        ),
        pytest.param("google.protobuf.Duration", "", "duration.lte = {seconds: 5}", ["RANGE"], id="a duration"),
        pytest.param("google.protobuf.Timestamp", "", "timestamp.lt_now = true", ["RANGE"], id="the future"),
        pytest.param(
            "google.protobuf.Timestamp",
            "timestamp.within = {seconds: 7200}",
            "timestamp.within = {seconds: 3600}",
            ["RANGE"],
            id="around now",
        ),
        pytest.param("google.protobuf.StringValue", "", "string.min_len = 2", ["LENGTH"], id="a wrapped text"),
        pytest.param("google.protobuf.FieldMask", "", "field_mask.in = 'a'", ["VALUES"], id="a mask"),
        pytest.param("google.protobuf.Any", "any = {in: ['a/b', 'a/c']}", "any.in = 'a/b'", ["VALUES"], id="any"),
    ],
)
def test_what_refuses_an_accepted_value_is_a_break(
    found: Found, kind: str, before: str, after: str, aspects: list[str]
) -> None:
    names = ("any", "duration", "field_mask", "timestamp", "wrappers")
    imports = "".join(f'import "google/protobuf/{name}.proto";' for name in names)

    assert found(imports + source(kind, before), imports + source(kind, after)) == tightened(*aspects)
