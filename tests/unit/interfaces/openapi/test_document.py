"""Documents that cannot be read are refused with the place."""

import json

import pytest

from servanda.errors import InterfaceError
from servanda.interfaces.openapi.check import check_document
from servanda.interfaces.openapi.document import Document
from servanda.verdict import Span


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        pytest.param('{"openapi": ', "a.json", r"a\.json:1:13: invalid JSON", id="no JSON"),
        pytest.param("openapi: [", "a.yaml", r"a\.yaml:1:11: invalid YAML", id="no YAML"),
        pytest.param("swagger: '2.0'", "a.yaml", "found no 'openapi'", id="version 2"),
        pytest.param("openapi: 4.0.0", "a.yaml", "found 'openapi: 4.0.0'", id="version 4"),
        pytest.param("[]", "a.json", "found no 'openapi'", id="an array"),
    ],
)
def test_what_is_no_document_is_refused(text: str, path: str, expected: str) -> None:
    with pytest.raises(InterfaceError, match=expected):
        Document(text, path)


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        pytest.param(
            "#/components/nothing", "a.yaml:4:11: the reference '#/components/nothing' leads nowhere", id="lost"
        ),
        pytest.param("other.yaml#/a", "the reference to 'other.yaml' leaves the tree", id="another file"),
        pytest.param("#/paths/~1a/get", "a reference leads in a circle", id="circle"),
    ],
)
def test_a_reference_that_cannot_be_followed_is_refused(reference: str, expected: str) -> None:
    document = Document(f"openapi: 3.1.0\npaths:\n  /a:\n    get: {{$ref: '{reference}'}}\n", "a.yaml")

    with pytest.raises(InterfaceError, match=expected):
        check_document(document, document)


def test_a_part_of_the_wrong_kind_is_refused_where_it_stands() -> None:
    text = "openapi: 3.1.0\npaths:\n  /a:\n    get: {responses: {}, parameters: {name: b}}\n"
    document = Document(text, "a.yaml")

    with pytest.raises(InterfaceError, match=r'a\.yaml:4:26: expected an array, found {"name": "b"}'):
        check_document(document, document)


def test_a_schema_that_is_a_part_of_itself_is_refused() -> None:
    text = (
        "openapi: 3.1.0\npaths:\n  /a:\n    get: {responses: {}, requestBody: {content: {a/b: {schema: "
        "{$ref: '#/components/schemas/A'}}}}}\n"
        "components: {schemas: {A: {allOf: [{$ref: '#/components/schemas/A'}]}}}\n"
    )
    document = Document(text, "a.yaml")

    with pytest.raises(InterfaceError, match="expected a schema that is no part of itself"):
        check_document(document, document)


def test_json_has_places_too() -> None:
    document = Document('{\n\t"openapi": "3.1.0",\n\t"paths": {"/a": {}}\n}', "a.json")

    assert document.span(("paths", "/a")) == Span("a.json", 3, 12, 3, 16)


LOOP = """openapi: 3.1.0
paths:
  /a: &item
    post:
      callbacks:
        first: {'{$url}': {$ref: '#/paths/~1a'}}
        second: {'{$url}': {$ref: '#/paths/~1a'}}
      responses: {'200': {}}
"""


def test_a_callback_that_leads_back_to_its_path_is_followed_once() -> None:
    after = LOOP.replace("'200'", "'204'")
    found = check_document(
        Document(LOOP.replace("&item", ""), "a.yaml"), Document(after.replace("&item", ""), "a.yaml")
    )
    assert {"OPENAPI_RESPONSE_NO_DELETE"} <= {each.rule.id for each in found}


def test_a_long_chain_of_references_is_followed() -> None:
    schemas = {f"S{n}": {"allOf": [{"$ref": f"#/components/schemas/S{n + 1}"}]} for n in range(3000)}
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/S0"}}}
    paths = {"/a": {"get": {"responses": {"200": {"content": content}}}}}
    text = json.dumps({"openapi": "3.1.0", "paths": paths, "components": {"schemas": {**schemas, "S3000": {}}}})

    assert check_document(Document(text, "a.json"), Document(text, "b.json")) == ()


@pytest.mark.parametrize("index", ["-1", "01", "9" * 5000, "\u0661", "x"])
def test_an_index_of_a_pointer_is_a_number_without_a_sign(index: str) -> None:
    get = {"parameters": [{"$ref": f"#/x/{index}"}]}
    text = json.dumps({"openapi": "3.1.0", "x": [{}, {}], "paths": {"/a": {"get": get}}})

    with pytest.raises(InterfaceError, match="leads nowhere"):
        check_document(Document(text, "a.json"), Document(text, "a.json"))
