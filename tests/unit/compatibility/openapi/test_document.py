"""Documents that cannot be read are refused with the place."""

import pytest

from treaty.compatibility.openapi.check import check_document
from treaty.compatibility.openapi.document import Document
from treaty.errors import InterfaceError
from treaty.verdict import Span


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        pytest.param('{"openapi": ', "a.json", r"a\.json:1:13: no JSON", id="no JSON"),
        pytest.param("openapi: [", "a.yaml", r"a\.yaml:2:1: no YAML", id="no YAML"),
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
        pytest.param("other.yaml#/a", "the reference 'other.yaml#/a' leaves it", id="another file"),
        pytest.param("#/paths/~1a/get", "a reference leads in a circle", id="circle"),
    ],
)
def test_a_reference_that_cannot_be_followed_is_refused(reference: str, expected: str) -> None:
    document = Document(f"openapi: 3.1.0\npaths:\n  /a:\n    get: {{$ref: '{reference}'}}\n", "a.yaml")

    with pytest.raises(InterfaceError, match=expected):
        check_document(document, document)


def test_json_has_places_too() -> None:
    document = Document('{\n\t"openapi": "3.1.0",\n\t"paths": {"/a": {}}\n}', "a.json")

    assert document.span(("paths", "/a")) == Span("a.json", 3, 12, 3, 16)
