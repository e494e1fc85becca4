"""Parameters are compared as they are written into a request: what looks the same is the same."""

import pytest

from tests.unit.interfaces.openapi.operation import findings, get, rules

STYLE, TYPE, GONE, REQUIRED = (
    "PARAMETER_SAME_STYLE",
    "REQUEST_TYPE_NO_NARROW",
    "PARAMETER_NO_DELETE",
    "PARAMETER_NO_NEW_REQUIRED",
)


def changed(before: str, after: str, rest: str = "") -> set[str]:
    """Return the findings if parameters become others."""
    texts = (get(f"parameters: [{parameters}], responses: {{}}", rest=rest) for parameters in (before, after))
    return rules(*texts)


def query(value: str, name: str = "tag") -> str:
    return f"{{name: {name}, in: query, {value}}}"


JSON = "content: {application/json: {schema: %s}}"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param("schema: {type: object}", JSON % "{type: object}", {STYLE}, id="an object"),
        pytest.param(JSON % "{type: object}", "schema: {type: object}", {STYLE}, id="an object, the reverse"),
        pytest.param("schema: {type: string}", JSON % "{type: string}", {STYLE}, id="a text, which JSON quotes"),
        pytest.param("schema: {type: integer}", JSON % "{type: integer}", set(), id="a number"),
        pytest.param("schema: {type: number}", JSON % "{type: number}", set(), id="a number with a fraction"),
        pytest.param("schema: {type: boolean}", JSON % "{type: boolean}", set(), id="a truth value"),
        pytest.param("schema: {type: integer}", JSON % "{type: boolean}", {TYPE}, id="a number to a truth value"),
        pytest.param("schema: {type: string}", "content: {text/plain: {schema: {type: string}}}", set(), id="plain"),
        pytest.param(JSON % "{type: string}", "content: {text/plain: {}}", {STYLE}, id="another media type"),
        pytest.param(
            JSON % "{type: object}", "content: {application/vnd.a+json: {}}", set(), id="JSON by another name"
        ),
        pytest.param(JSON % "{maxLength: 9}", JSON % "{maxLength: 8}", {"REQUEST_LIMIT_NO_TIGHTEN"}, id="tighter"),
        pytest.param("schema: {type: string}", "content: {}", set(), id="content that says nothing"),
        pytest.param("required: false", "schema: {type: string}", {TYPE}, id="a schema where there was none"),
    ],
)
def test_a_value_may_be_written_as_a_body_would_be(before: str, after: str, expected: set[str]) -> None:
    assert changed(query(before), query(after)) == expected


TEXTS = "schema: {type: array, items: {type: string}}"
TEXT = "schema: {type: string}"
OBJECT = "schema: {type: object}"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(f"explode: true, {TEXTS}", TEXTS, set(), id="the default said"),
        pytest.param(TEXTS, f"explode: false, {TEXTS}", {STYLE}, id="a list, not exploded"),
        pytest.param(TEXT, f"explode: false, {TEXT}", set(), id="a single value, not exploded"),
        pytest.param(TEXT, f"style: pipeDelimited, {TEXT}", set(), id="a single value in another style"),
        pytest.param(TEXTS, f"style: spaceDelimited, explode: true, {TEXTS}", set(), id="exploded lists look alike"),
        pytest.param(f"explode: false, {TEXTS}", f"style: pipeDelimited, {TEXTS}", {STYLE}, id="commas to pipes"),
        pytest.param(OBJECT, f"style: deepObject, {OBJECT}", {STYLE}, id="an object with brackets"),
        pytest.param(
            f"style: deepObject, explode: true, {OBJECT}", f"style: deepObject, {OBJECT}", set(), id="brackets anyway"
        ),
        pytest.param(
            "schema: {oneOf: [{type: string}, {type: integer}]}",
            "explode: false, schema: {oneOf: [{type: string}, {type: integer}]}",
            set(),
            id="single values of several types",
        ),
        pytest.param("schema: {}", "explode: false, schema: {}", {STYLE}, id="a value of any type"),
        pytest.param(TEXT, f"allowReserved: true, {TEXT}", set(), id="reserved characters are allowed"),
        pytest.param(f"allowReserved: true, {TEXT}", TEXT, {STYLE}, id="reserved characters are forbidden"),
        pytest.param(
            f"allowEmptyValue: true, {TEXT}", TEXT, {"PARAMETER_EMPTY_VALUE_NO_FORBID"}, id="no more without a value"
        ),
        pytest.param(TEXT, f"allowEmptyValue: true, {TEXT}", set(), id="without a value"),
    ],
)
def test_a_style_counts_where_it_shows(before: str, after: str, expected: set[str]) -> None:
    assert changed(query(before), query(after)) == expected


@pytest.mark.parametrize(
    ("place", "before", "after", "expected"),
    [
        pytest.param("path", TEXTS, f"explode: true, {TEXTS}", set(), id="a list in a path"),
        pytest.param("path", TEXT, f"style: label, {TEXT}", {STYLE}, id="a text in a path with a point"),
        pytest.param("path", TEXTS, f"style: matrix, {TEXTS}", {STYLE}, id="a list in a path with its name"),
        pytest.param("header", OBJECT, f"explode: true, {OBJECT}", {STYLE}, id="an object in a header"),
        pytest.param("header", TEXTS, f"explode: true, {TEXTS}", set(), id="a list in a header"),
        pytest.param("header", TEXT, f"allowEmptyValue: false, {TEXT}", set(), id="a header without a value"),
    ],
)
def test_each_place_has_its_styles(place: str, before: str, after: str, expected: set[str]) -> None:
    texts = (
        get(f"parameters: [{{name: tag, in: {place}, {each}}}], responses: {{}}", "/crates/{tag}")
        for each in (before, after)
    )
    assert rules(*texts) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(TEXT, TEXTS, set(), id="repeated"),
        pytest.param(TEXT, f"explode: false, {TEXTS}", set(), id="with commas"),
        pytest.param(TEXT, f"style: pipeDelimited, {TEXTS}", set(), id="with pipes"),
        pytest.param(TEXT, "schema: {type: array}", set(), id="of anything"),
        pytest.param(
            "schema: {type: string, default: a}",
            "schema: {type: array, items: {type: string}, default: [a]}",
            set(),
            id="the same default",
        ),
        pytest.param("schema: {type: string}", "schema: {type: array, items: {type: integer}}", {TYPE}, id="of others"),
        pytest.param(
            "schema: {enum: [a, b]}",
            "schema: {type: array, items: {enum: [a]}}",
            {"REQUEST_ENUM_NO_DELETE"},
            id="of fewer values",
        ),
        pytest.param(TEXT, JSON % "{type: array}", {TYPE}, id="in JSON"),
        pytest.param(TEXTS, TEXT, {TYPE}, id="the reverse"),
    ],
)
def test_a_single_value_is_a_list_of_one(before: str, after: str, expected: set[str]) -> None:
    assert changed(query(before), query(after)) == expected


@pytest.mark.parametrize("length", ["minItems: 2", "maxItems: 0"])
def test_a_single_value_is_no_list_of_another_length(length: str) -> None:
    assert TYPE in changed(query(TEXT), query(f"schema: {{type: array, {length}}}"))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param("{type: integer}", "{type: string}", set(), id="a number"),
        pytest.param("{enum: [1, 2]}", "{enum: ['1', '2', '3']}", set(), id="listed numbers"),
        pytest.param("{enum: [1, 2]}", "{enum: ['1']}", {"REQUEST_ENUM_NO_DELETE"}, id="fewer of them"),
        pytest.param("{type: boolean, default: true}", "{enum: ['true', 'false'], default: 'true'}", set(), id="flags"),
        pytest.param("{type: integer, default: 1}", "{type: string}", {"REQUEST_SAME_DEFAULT"}, id="no default"),
        pytest.param(
            "{type: array, items: {type: integer}}",
            "{type: array, items: {type: string}}",
            set(),
            id="a list of numbers",
        ),
        pytest.param("{type: integer}", "{type: array, items: {type: string}}", set(), id="a number as a list"),
        pytest.param("{type: string}", "{type: integer}", {TYPE}, id="the reverse"),
        pytest.param(
            "{anyOf: [{type: integer}, {type: string}]}", "{type: string}", set(), id="a number or a text to a text"
        ),
        pytest.param("{type: [integer, string]}", "{type: string}", set(), id="a number or a text in a list of types"),
        pytest.param(
            "{anyOf: [{type: integer}, {type: string}]}",
            "{type: integer}",
            {"REQUEST_ALTERNATIVE_NO_DELETE"},
            id="a number or a text to a number",
        ),
    ],
)
def test_a_number_is_written_as_a_text_is(before: str, after: str, expected: set[str]) -> None:
    assert changed(query(f"schema: {before}"), query(f"schema: {after}")) == expected


FILTER = query("schema: {type: object, properties: {a: {type: string}, b: {type: integer}}}", "filter")
A, B = query("schema: {type: string}", "a"), query("schema: {type: integer}", "b")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(f"{A}, {B}", FILTER, set(), id="parameters that become members"),
        pytest.param(FILTER, f"{A}, {B}", set(), id="members that become parameters"),
        pytest.param(FILTER, FILTER.replace("filter", "options"), set(), id="an object that is called otherwise"),
        pytest.param(FILTER, A, {GONE}, id="a member that is gone"),
        pytest.param(FILTER, A.replace("string", "integer"), {GONE, TYPE}, id="a member of another type"),
        pytest.param(FILTER, "", {GONE}, id="all members gone"),
        pytest.param(
            FILTER, FILTER.replace(", b: {type: integer}", "") + f", {B}", set(), id="a member that becomes a parameter"
        ),
        pytest.param(
            FILTER.replace(", b: {type: integer}", "") + f", {B}", FILTER, set(), id="a parameter that becomes a member"
        ),
        pytest.param(
            FILTER,
            FILTER.replace(", b: {type: integer}", ""),
            {"REQUEST_PROPERTY_NO_DELETE"},
            id="a member that is gone from an object that stays",
        ),
        pytest.param(FILTER, FILTER.replace("query,", "query, explode: false,"), {STYLE}, id="an object not exploded"),
        pytest.param(
            f"{A}, {B}", FILTER.replace("query,", "query, style: deepObject,"), {GONE}, id="members with brackets"
        ),
        pytest.param(
            FILTER,
            f"{A}, {B.replace('query,', 'query, required: true,')}",
            {REQUIRED},
            id="a member that has to be there",
        ),
    ],
)
def test_members_of_an_object_may_stand_in_the_query_themselves(before: str, after: str, expected: set[str]) -> None:
    assert changed(before, after) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param("schema: {type: [integer, 'null']}", "schema: {type: integer}", set(), id="in a list of types"),
        pytest.param(
            "schema: {oneOf: [{type: 'null'}, {type: integer}]}", "schema: {type: integer}", set(), id="as alternative"
        ),
        pytest.param("schema: {type: string, nullable: true}", TEXT, set(), id="as a flag"),
        pytest.param("schema: {enum: [1, null]}", "schema: {enum: [1]}", set(), id="among values"),
        pytest.param("schema: {enum: [1, 2, null]}", "schema: {enum: [1]}", {"REQUEST_ENUM_NO_DELETE"}, id="with more"),
        pytest.param(JSON % "{type: [integer, 'null']}", JSON % "{type: integer}", {TYPE}, id="written as JSON"),
    ],
)
def test_null_is_written_as_nothing(before: str, after: str, expected: set[str]) -> None:
    assert changed(query(before), query(after)) == expected


@pytest.mark.parametrize("name", ["Accept", "content-type", "AUTHORIZATION"])
def test_headers_that_are_described_elsewhere_are_no_parameters(name: str) -> None:
    assert changed(f"{{name: {name}, in: header, schema: {{type: string}}}}", "") == set()


def test_the_name_of_a_header_does_not_depend_on_case() -> None:
    parameter = "{name: %s, in: header, schema: {type: string}}"

    assert changed(parameter % "X-Tenant", parameter % "x-tenant") == set()


def test_the_key_of_a_component_is_a_name_within_the_document() -> None:
    before, after = (
        get(
            f"parameters: [{{$ref: '#/components/parameters/{name}'}}], responses: {{}}",
            rest=f"components: {{parameters: {{{name}: {query(TEXT)}}}}}\n",
        )
        for name in ("Tag", "Label")
    )
    assert rules(before, after) == set()


def test_a_way_of_writing_is_told_by_an_example() -> None:
    texts = (get(f"parameters: [{query(each)}], responses: {{}}") for each in (TEXTS, f"style: pipeDelimited, {TEXTS}"))
    [found] = findings(*texts)

    assert found.message == ("The query parameter 'tag' of GET /crates is serialized as tag=1|2; before: tag=1&tag=2.")


def test_what_a_webhook_sends_is_read_the_other_way_round() -> None:
    text = "openapi: 3.1.0\nwebhooks: {sent: {post: {parameters: [%s], responses: {}}}}\n"

    assert rules(text % query(TEXTS), text % query(TEXT)) == set()
    assert rules(text % query(TEXT), text % query(TEXTS)) == {"RESPONSE_TYPE_NO_WIDEN"}


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        pytest.param("minItems: 1, maxItems: 1", set(), id="always one"),
        pytest.param("maxItems: 1", {"REQUEST_TYPE_NO_NARROW"}, id="one or none"),
        pytest.param("minItems: 1", {"REQUEST_TYPE_NO_NARROW"}, id="one or more"),
    ],
)
def test_a_list_of_one_is_written_as_a_single_value_is(limits: str, expected: set[str]) -> None:
    before, after = (
        get(f"parameters: [{{name: tag, in: query, schema: {each}}}], responses: {{}}")
        for each in (f"{{type: array, items: {{type: string}}, {limits}}}", "{type: string}")
    )
    assert rules(before, after) == expected


@pytest.mark.parametrize("style", ["style: deepObject, explode: true", "style: form, explode: true"])
def test_the_members_of_an_object_are_texts(style: str) -> None:
    before, after = (
        get(
            f"parameters: [{{name: by, in: query, {style}, schema: {{type: object, properties: {{a: {each}}}}}}}],"
            "responses: {}"
        )
        for each in ("{type: integer}", "{type: string}")
    )
    assert rules(before, after) == set()
    assert rules(after, before) == {"REQUEST_TYPE_NO_NARROW"}


def test_listed_texts_that_are_numbers_are_numbers() -> None:
    before, after, other = (
        get(f"parameters: [{{name: size, in: query, schema: {{enum: {each}}}}}], responses: {{}}")
        for each in ("['1', '2']", "[1, 2]", "['1', two]")
    )
    assert rules(before, after) == set()
    assert rules(other, after) == {"REQUEST_ENUM_NO_DELETE"}
