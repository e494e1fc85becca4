"""Parts of forms are compared as they are written into a body."""

import pytest

from tests.unit.interfaces.openapi.operation import get, rules

ENCODING, HEADER = "REQUEST_SAME_ENCODING", "REQUEST_PART_HEADER_NO_NEW_REQUIRED"
SCHEMA = (
    "schema: {properties: {tags: {type: array, items: {type: string}}, title: {type: string}, "
    "place: {type: object}, photo: {type: string, format: binary}, data: {}}}"
)
FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data"


def body(encoding: str, media_type: str = PARTS) -> str:
    content = f"content: {{{media_type}: {{{SCHEMA}, encoding: {encoding}}}}}"
    return get(f"requestBody: {{{content}}}, responses: {{}}")


@pytest.mark.parametrize("media_type", [FORM, PARTS, "Multipart/Form-Data; boundary=x"])
@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param("{}", "{tags: {style: form}}", set(), id="the default said"),
        pytest.param("{}", "{tags: {explode: false}}", {ENCODING}, id="a list, not exploded"),
        pytest.param("{tags: {style: pipeDelimited}}", "{tags: {style: form}}", {ENCODING}, id="pipes to repetition"),
        pytest.param("{}", "{title: {style: pipeDelimited}}", set(), id="a single value in another style"),
        pytest.param("{place: {style: deepObject}}", "{place: {style: form}}", {ENCODING}, id="brackets to members"),
        pytest.param("{tags: {allowReserved: true}}", "{tags: {style: form}}", {ENCODING}, id="reserved characters"),
        pytest.param("{}", "{nobody: {style: pipeDelimited}}", set(), id="a part that is none"),
        pytest.param("{data: {style: form}}", "{data: {explode: false}}", {ENCODING}, id="a value of any type"),
    ],
)
def test_a_style_counts_where_it_shows(media_type: str, before: str, after: str, expected: set[str]) -> None:
    assert rules(body(before, media_type), body(after, media_type)) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param("{}", "{place: {contentType: application/xml}}", {ENCODING}, id="an object, not as JSON"),
        pytest.param("{}", "{place: {contentType: application/json}}", set(), id="an object as JSON"),
        pytest.param("{}", "{title: {contentType: text/plain}}", set(), id="a text"),
        pytest.param("{}", "{title: {contentType: application/json}}", {ENCODING}, id="a text as JSON"),
        pytest.param("{}", "{photo: {contentType: image/png}}", set(), id="bytes of which nothing was said"),
        pytest.param("{}", "{data: {contentType: text/plain}}", set(), id="a value of any type"),
        pytest.param(
            "{photo: {contentType: 'image/png, image/jpeg'}}",
            "{photo: {contentType: image/png}}",
            {ENCODING},
            id="one type less",
        ),
        pytest.param(
            "{photo: {contentType: image/png}}", "{photo: {contentType: 'image/jpeg, image/png'}}", set(), id="one more"
        ),
        pytest.param("{photo: {contentType: image/png}}", "{photo: {contentType: image/*}}", set(), id="a range"),
        pytest.param("{photo: {contentType: image/*}}", "{photo: {contentType: image/png}}", {ENCODING}, id="no range"),
        pytest.param("{photo: {contentType: image/PNG}}", "{photo: {contentType: image/png}}", set(), id="case"),
    ],
)
def test_a_part_may_be_no_less_than_it_was(before: str, after: str, expected: set[str]) -> None:
    assert rules(body(before), body(after)) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param("{}", "{X-Kind: {required: true}}", {HEADER}, id="new and required"),
        pytest.param("{}", "{X-Kind: {schema: {type: string}}}", set(), id="new"),
        pytest.param("{X-Kind: {}}", "{x-kind: {required: true}}", {HEADER}, id="required now"),
        pytest.param("{X-Kind: {required: true}}", "{x-kind: {required: true}}", set(), id="case"),
        pytest.param("{X-Kind: {required: true}}", "{}", set(), id="gone"),
        pytest.param("{}", "{Content-Type: {required: true}}", set(), id="what is described elsewhere"),
        pytest.param(
            "{X-Kind: {schema: {type: string}}}",
            "{X-Kind: {schema: {type: integer}}}",
            {"REQUEST_TYPE_NO_NARROW"},
            id="another type",
        ),
    ],
)
def test_headers_of_a_part_are_parameters_of_it(before: str, after: str, expected: set[str]) -> None:
    assert rules(*(body(f"{{photo: {{headers: {each}}}}}") for each in (before, after))) == expected


def test_the_encoding_of_other_bodies_means_nothing() -> None:
    before, after = (body(each, "application/json") for each in ("{}", "{tags: {style: pipeDelimited}}"))

    assert rules(before, after) == set()


def test_what_comes_back_in_parts_is_read() -> None:
    part = "responses: {'200': {content: {multipart/form-data: {%s, encoding: {photo: {contentType: %s}}}}}}"
    before, after = (get(part % (SCHEMA, each)) for each in ("image/png", "image/*"))

    assert rules(before, after) == {"RESPONSE_SAME_ENCODING"}
    assert rules(after, before) == set()


FORMS = ["application/x-www-form-urlencoded", "multipart/form-data"]


def form(media_type: str, schema: str) -> str:
    body = f"schema: {{type: object, properties: {{a: {schema}}}}}"
    return get(f"requestBody: {{content: {{{media_type}: {{{body}}}}}}}, responses: {{}}")


@pytest.mark.parametrize("media_type", FORMS)
@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("{type: string}", "{type: array, items: {type: string}}", id="a text and a list of texts"),
        pytest.param("{type: integer}", "{type: string}", id="a number and a text"),
        pytest.param("{type: array, items: {type: integer}}", "{type: array, items: {type: string}}", id="in a list"),
        pytest.param("{enum: [1, 2], type: integer}", "{enum: ['1', '2'], type: string}", id="listed numbers"),
        pytest.param("{type: boolean}", "{enum: ['true', 'false', maybe]}", id="a truth value"),
    ],
)
def test_the_values_of_a_form_are_texts(media_type: str, before: str, after: str) -> None:
    assert rules(form(media_type, before), form(media_type, after)) == set()


@pytest.mark.parametrize("media_type", FORMS)
@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param("{type: string}", "{type: integer}", "REQUEST_TYPE_NO_NARROW", id="a text and a number"),
        pytest.param(
            "{type: array, items: {type: string}}", "{type: string}", "REQUEST_TYPE_NO_NARROW", id="a list and a text"
        ),
        pytest.param(
            "{type: integer}", "{type: string, enum: ['1']}", "REQUEST_ENUM_NO_DELETE", id="any number and one text"
        ),
    ],
)
def test_what_a_form_refuses_as_text_is_told(media_type: str, before: str, after: str, expected: str) -> None:
    assert rules(form(media_type, before), form(media_type, after)) == {expected}


def test_the_values_of_a_body_that_is_no_form_have_types() -> None:
    before, after = (form("application/json", f"{{type: {each}}}") for each in ("integer", "string"))
    assert rules(before, after) == {"REQUEST_TYPE_NO_NARROW"}


def test_objects_and_parts_of_a_form_hold_texts() -> None:
    inner = [f"{{type: object, properties: {{b: {{type: {each}}}}}}}" for each in ("integer", "string")]
    before, after = (form(FORMS[0], each) for each in inner)
    parts = [
        get(f"requestBody: {{content: {{{FORMS[1]}: {{schema: {{allOf: [{each}]}}}}}}}}, responses: {{}}")
        for each in inner
    ]

    assert rules(before, after) == set()
    assert rules(*parts) == set()


def test_an_object_or_a_list_of_objects_in_a_part_is_a_body_of_its_own() -> None:
    inner = [f"{{type: object, properties: {{b: {{type: {each}}}}}}}" for each in ("integer", "string")]
    lists = [f"{{type: array, items: {each}}}" for each in inner]

    assert rules(*(form(FORMS[1], each) for each in inner)) == {"REQUEST_TYPE_NO_NARROW"}
    assert rules(*(form(FORMS[1], each) for each in lists)) == {"REQUEST_TYPE_NO_NARROW"}
