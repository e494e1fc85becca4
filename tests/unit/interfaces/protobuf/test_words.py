"""The words for an element say what it was, what it is, and what may take its place."""

import datetime as dt
from collections.abc import Callable, Mapping

import pytest

from servanda.interfaces.protobuf.rules.subject import Comparison, Conventions
from servanda.interfaces.protobuf.schema import State
from servanda.interfaces.protobuf.words import words
from tests.unit.interfaces.conftest import state_of

Words = Callable[[str, str, str], Mapping[str, str]]

PROTO2 = 'syntax = "proto2";\npackage shop.v1;\n'
PROTO3 = 'syntax = "proto3";\npackage shop.v1;\n'
ORDER = f"{PROTO3}message Order {{ string note = 2; }}\n"
HTTP = f'{PROTO3}import "google/api/annotations.proto";\nmessage Order {{ string id = 1; }}\n'
VALIDATED = f'{PROTO3}import "buf/validate/validate.proto";\n'
EVENT = f"""{PROTO3}import "google/protobuf/descriptor.proto";
message Event {{ string topic = 1; string key = 2; repeated string headers = 3; int32 retention_hours = 4; }}
extend google.protobuf.MessageOptions {{ Event event = 50001; }}
"""


@pytest.fixture
def said() -> Words:
    """The words for an element when one source of ``shop.proto`` becomes another."""

    def state(source: str) -> State:
        return state_of({"shop.proto": source})

    def found(element: str, before: str, after: str) -> Mapping[str, str]:
        conventions = Conventions("shop.v1.event", dt.date(2026, 11, 22))
        return words(element, Comparison(state(before), state(after), conventions))

    return found


@pytest.mark.parametrize(
    ("source", "element", "declaration"),
    [
        ("message A { string b = 1; }", "A.b", "string b = 1;"),
        ("message A { optional string b = 1; }", "A.b", "optional string b = 1;"),
        ("message A { repeated A b = 1; }", "A.b", "repeated A b = 1;"),
        ("message A { map<string, int32> b = 1; }", "A.b", "map<string, int32> b = 1;"),
        ("message A { map<string, A> b = 1; }", "A.b", "map<string, A> b = 1;"),
        ("message A { oneof c { string b = 1; } }", "A.b", "string b = 1;"),
        ("message A { oneof c { string b = 1; } }", "A.c", "oneof c { ... }"),
        ("message A { message B { } B b = 1; }", "A.b", "A.B b = 1;"),
        ("message A { message B { } }", "A.B", "message B { ... }"),
        ("message A { enum B { C = 0; } }", "A.B", "enum B { ... }"),
        ("message A { enum B { C = 0; } }", "A.B.C", "C = 0;"),
        ('message A { string b_c = 1 [json_name = "d"]; }', "A.b_c", 'string b_c = 1 [json_name = "d"];'),
        ("message A { int64 b = 1 [jstype = JS_STRING]; }", "A.b", "int64 b = 1 [jstype = JS_STRING];"),
        ("message A { } service S { rpc Do(A) returns (stream A); }", "S.Do", "rpc Do(A) returns (stream A);"),
        ("message A { } service S { rpc Do(A) returns (stream A); }", "S", "service S { ... }"),
    ],
)
def test_a_declaration_is_as_a_person_writes_it(said: Words, source: str, element: str, declaration: str) -> None:
    found = said(f"shop.v1.{element}", PROTO3 + source, PROTO3)

    assert found["declaration"] == declaration


@pytest.mark.parametrize(
    ("source", "element", "declaration"),
    [
        ("message A { required string b = 1; }", "A.b", "required string b = 1;"),
        ("message A { optional int32 b = 1 [default = 7]; }", "A.b", "optional int32 b = 1 [default = 7];"),
        ('message A { optional string b = 1 [default = "x"]; }', "A.b", 'optional string b = 1 [default = "x"];'),
        ("message A { optional string b = 1 [ctype = CORD]; }", "A.b", "optional string b = 1 [ctype = CORD];"),
        (
            "message A { extensions 100 to 199; } extend A { optional string b = 101; }",
            "b",
            "extend A { optional string b = 101; }",
        ),
    ],
)
def test_a_declaration_in_proto2_has_its_label(said: Words, source: str, element: str, declaration: str) -> None:
    found = said(f"shop.v1.{element}", PROTO2 + source, PROTO2)

    assert found["declaration"] == declaration


def test_a_type_of_another_package_keeps_its_package(said: Words) -> None:
    source = f'{PROTO3}import "google/protobuf/duration.proto";\nmessage A {{ google.protobuf.Duration b = 1; }}'

    assert said("shop.v1.A.b", source, PROTO3)["declaration"] == "google.protobuf.Duration b = 1;"


@pytest.mark.parametrize(
    ("source", "element", "deprecated"),
    [
        ("message A { string b = 1; }", "A.b", "string b = 1 [deprecated = true];"),
        ("enum E { X = 0; }", "E.X", "X = 0 [deprecated = true];"),
        ("message A { }", "A", "message A {\n  option deprecated = true;\n  ...\n}"),
        (
            "message A { } service S { rpc Do(A) returns (A); }",
            "S.Do",
            "rpc Do(A) returns (A) {\n  option deprecated = true;\n}",
        ),
    ],
)
def test_a_deprecated_declaration_has_the_option(said: Words, source: str, element: str, deprecated: str) -> None:
    assert said(f"shop.v1.{element}", PROTO3 + source, PROTO3)["deprecated"] == deprecated


@pytest.mark.parametrize("element", ["shop.v1.Order.note", "shop.v1.Order.remark"])
def test_a_renamed_field_is_known_by_either_name(said: Words, element: str) -> None:
    found = said(element, ORDER, ORDER.replace("note", "remark"))

    assert (found["old_name"], found["new_name"], found["number"]) == ("note", "remark", "2")
    assert found["declaration"] == "string note = 2;"


def test_a_renamed_alias_is_told_from_the_names_that_stay(said: Words) -> None:
    source = f"{PROTO3}enum E {{ option allow_alias = true; X = 0; SMALL = 1; TINY = 1; }}"

    found = said("shop.v1.E.SMALL", source, source.replace("TINY", "LITTLE"))

    assert (found["old_name"], found["new_name"]) == ("TINY", "LITTLE")


def test_a_new_element_is_described_as_it_is(said: Words) -> None:
    found = said("shop.v1.Order.gift", ORDER, ORDER.replace("}", "bool gift = 3; }"))

    assert (found["declaration"], found["number"], found["kind"]) == ("bool gift = 3;", "3", "field")


def test_an_element_of_which_only_the_comment_changed_is_found(said: Words) -> None:
    source = f"{PROTO3}message Order {{\n  // Sunset: 2027-01-31\n  string note = 2;\n}}"

    assert said("shop.v1.Order.note", source, source.replace("01-31", "01-01"))["declaration"] == "string note = 2;"


@pytest.mark.parametrize(
    ("after", "successor"),
    [
        pytest.param("string note = 2; }", "string new_note = 3;", id="the next number"),
        pytest.param("int32 remark = 2; }", "int32 remark = 3;", id="its new name"),
        pytest.param("int32 note = 2; reserved 3 to 5; }", "int32 new_note = 6;", id="no reserved number"),
        pytest.param("int32 note = 2; reserved 3 to max; }", "int32 new_note = 1;", id="the lowest if none follows"),
        pytest.param("int32 note = 2; A a = 18999; }", "int32 new_note = 20000;", id="none of the implementation's"),
        pytest.param(
            'int32 note = 2 [json_name = "x"]; }', 'int32 new_note = 3 [json_name = "x"];', id="its JSON name"
        ),
    ],
)
def test_a_successor_has_a_name_and_a_number_of_its_own(said: Words, after: str, successor: str) -> None:
    found = said("shop.v1.A.note", f"{PROTO3}message A {{ string note = 2; }}", f"{PROTO3}message A {{ {after}")

    assert found["successor"] == successor


def test_a_successor_does_not_take_the_name_of_another_field(said: Words) -> None:
    before = f"{PROTO3}message A {{ string note = 2; string gift = 3; }}"
    after = f"{PROTO3}message A {{ string gift = 2; string note = 3; }}"

    assert said("shop.v1.A.note", before, after)["successor"] == "string new_gift = 4;"


def test_a_successor_does_not_take_the_number_of_a_field_that_was_deleted(said: Words) -> None:
    before = ORDER.replace("}", "string gift = 3; }")

    assert said("shop.v1.Order.note", before, ORDER)["successor"] == "string new_note = 4;"


def test_the_successor_of_an_rpc_has_its_new_form(said: Words) -> None:
    before = f"{ORDER}service Shop {{ rpc Watch(Order) returns (Order); }}"

    found = said("shop.v1.Shop.Watch", before, before.replace("returns (Order)", "returns (stream Order)"))

    assert found["successor"] == "rpc NewWatch(Order) returns (stream Order);"


def test_the_option_of_a_file_is_a_statement(said: Words) -> None:
    source = f'{PROTO3}option php_namespace = "Shop\\\\V1";\noption optimize_for = CODE_SIZE;\n'

    found = said("shop.proto", f"{source}option java_multiple_files = true;", source)

    assert found["php_namespace"] == r'option php_namespace = "Shop\\V1";'
    assert found["optimize_for"] == "option optimize_for = CODE_SIZE;"
    assert found["java_multiple_files"] == "option java_multiple_files = true;"
    assert found["go_package"] == "// no option go_package"


def test_a_file_says_where_it_is_and_what_it_is_written_in(said: Words) -> None:
    found = said("shop.proto", PROTO3, PROTO3.replace("shop.v1", "shop.v2"))

    assert (found["name"], found["package"], found["new_package"]) == ("shop.proto", "shop.v1", "shop.v2")
    assert found["syntax"] == 'syntax = "proto3";'


def test_a_file_of_an_edition_says_which(said: Words) -> None:
    assert said("shop.proto", 'edition = "2023";\n', PROTO3)["syntax"] == 'edition = "2023";'


def test_a_file_without_a_package_says_so(said: Words) -> None:
    found = said("shop.proto", 'syntax = "proto3";\n', PROTO3)

    assert (found["package"], found["declaration"]) == ("(none)", "// no package")


def test_a_package_is_called_by_its_full_name(said: Words) -> None:
    found = said("shop.v1", PROTO3, 'syntax = "proto3";\n')

    assert (found["name"], found["kind"], found["declaration"]) == ("shop.v1", "package", "package shop.v1;")


def test_an_extension_stands_in_the_message_that_it_extends(said: Words) -> None:
    source = f"{PROTO2}message A {{ extensions 100 to 199; }} extend A {{ optional string b = 101; }}"

    found = said("shop.v1.b", source, PROTO2)

    assert (found["container"], found["kind"], found["number"]) == ("shop.v1.A", "extension", "101")


def test_reservations_are_statements(said: Words) -> None:
    source = f'{PROTO2}message A {{ reserved 3, 5 to 7, 9 to max; reserved "x", "y"; }}'

    assert said("shop.v1.A", source, PROTO2)["reserved"] == 'reserved 3, 5 to 7, 9 to max; reserved "x", "y";'


def test_a_range_of_extensions_includes_its_end(said: Words) -> None:
    source = f"{PROTO2}message A {{ extensions 100 to 199, 300 to max; }}"

    assert said("shop.v1.A", source, PROTO2)["extensions"] == "extensions 100 to 199, 300 to max;"


def test_a_range_that_an_enum_reserves_includes_its_end(said: Words) -> None:
    found = said("shop.v1.E", f"{PROTO3}enum E {{ reserved 2 to 4, 9 to max; X = 0; }}", PROTO3)

    assert found["reserved"] == "reserved 2 to 4, 9 to max;"


def test_routes_are_those_that_changed(said: Words) -> None:
    rule = 'option (google.api.http) = {{ post: "/a" body: "*" additional_bindings {{ get: "{}" }} }};'
    rpc = f"service Shop {{{{ rpc Get(Order) returns (Order) {{{{ {rule} }}}} }}}}"

    found = said("shop.v1.Shop.Get", HTTP + rpc.format("/old"), HTTP + rpc.format("/new"))

    assert (found["routes"], found["new_routes"]) == ("GET /old", "GET /new")
    assert found["bindings"] == 'additional_bindings { get: "/old" }'
    assert found["new_bindings"] == 'additional_bindings { get: "/new" }'


def test_a_binding_is_an_option_with_its_body(said: Words) -> None:
    rpc = 'service Shop { rpc Get(Order) returns (Order) { option (google.api.http) = { post: "/a" body: "*" }; } }'

    assert said("shop.v1.Shop.Get", HTTP + rpc, HTTP)["bindings"] == 'post: "/a" body: "*"'


def test_a_binding_of_another_verb_is_a_custom_pattern(said: Words) -> None:
    option = 'option (google.api.http) = { custom { kind: "HEAD" path: "/a" } };'
    rpc = f"service Shop {{ rpc Get(Order) returns (Order) {{ {option} }} }}"

    assert said("shop.v1.Shop.Get", HTTP + rpc, HTTP)["bindings"] == 'custom { kind: "HEAD" path: "/a" }'


def test_an_event_says_how_it_travelled_and_travels(said: Words) -> None:
    event = 'message Placed {{ option (event) = {{ topic: "{}" key: "id" headers: {} retention_hours: 24 }}; }}'

    found = said("shop.v1.Placed", EVENT + event.format("a", '["x", "y"]'), EVENT + event.format("b", '["x", "z"]'))

    assert (found["topic"], found["new_topic"], found["key"]) == ("topic a", "topic b", "key id")
    assert (found["headers"], found["retention"]) == ("headers x, y", "24 hours")
    assert (found["lost_headers"], found["added_headers"]) == ("header y", "header z")


def test_an_event_that_says_nothing_of_itself_leaves_no_gap(said: Words) -> None:
    event = "message Placed { option (event) = { }; }"

    found = said("shop.v1.Placed", EVENT + event, EVENT + event)

    assert (found["topic"], found["new_topic"], found["key"]) == ("its old topic", "its new topic", "no key")
    assert (found["headers"], found["retention"]) == ("no headers", "the broker's default time")


@pytest.mark.parametrize(
    ("source", "element", "constraint"),
    [
        (
            "message A { string b = 1 [(buf.validate.field).string.max_len = 5]; }",
            "A.b",
            "(buf.validate.field) = {string { max_len: 5 }}",
        ),
        (
            "message A { oneof c { option (buf.validate.oneof).required = true; string b = 1; } }",
            "A.c",
            "(buf.validate.oneof) = {required: true}",
        ),
        ("message A { string b = 1; }", "A.b", "no constraint"),
        ("enum E { X = 0; }", "E", "no constraint"),
    ],
)
def test_a_constraint_is_the_option_that_demands_it(said: Words, source: str, element: str, constraint: str) -> None:
    assert said(f"shop.v1.{element}", VALIDATED + source, VALIDATED)["constraint"] == constraint


def test_of_thousands_of_reservations_the_first_are_shown(said: Words) -> None:
    ranges = " ".join(f"reserved {number};" for number in range(1, 5001, 2))

    shown = said("shop.v1.Order", f"{PROTO3}message Order {{ {ranges} }}", f"{PROTO3}message Order {{}}")["reserved"]

    assert shown.startswith("reserved 1, 3, 5, ")
    assert shown.endswith(" /* and 2,480 more */;")
