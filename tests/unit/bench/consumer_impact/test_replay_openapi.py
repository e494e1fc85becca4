"""What the replay says of recorded exchanges whose provider has another OpenAPI document."""

import copy
from typing import Any

import pytest

from bench.consumer_impact.replay import openapi
from bench.consumer_impact.scenario.interactions import Http

SHELF = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string"},
        "size": {"type": "integer"},
        "kind": {"enum": ["oak", "steel"]},
        "owner": {"type": "string", "nullable": True},
    },
}
DOCUMENT: dict[str, Any] = {
    "openapi": "3.0.3",
    "paths": {
        "/shelves/{id}": {
            "put": {
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}},
                    {"name": "depth", "in": "query", "schema": {"type": "string"}},
                ],
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Shelf"}}}},
                "responses": {
                    "200": {
                        "headers": {"X-Age": {"schema": {"type": "integer"}}},
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Shelf"}}},
                    },
                },
            }
        }
    },
    "components": {"schemas": {"Shelf": SHELF}},
}
ANSWER = {"name": "a", "kind": "oak", "owner": None}
EXCHANGE = Http("PUT", "/shelves/7", 200, {"depth": ["3"]}, {}, {"name": "a", "size": 2}, {"X-Age": ["1"]}, ANSWER)
PROPERTIES = ("components", "schemas", "Shelf", "properties")
PUT = ("paths", "/shelves/{id}", "put")


def changed(*path: Any, to: Any) -> dict[str, Any]:
    """The document with something else at a path; with nothing if that is ``None``."""
    document: Any = copy.deepcopy(DOCUMENT)
    holder = document
    for part in path[:-1]:
        holder = holder[part]
    if to is None:
        del holder[path[-1]]
    else:
        holder[path[-1]] = to
    return dict(document)


def why(document: dict[str, Any], exchange: Http = EXCHANGE) -> str:
    return openapi.breaks(exchange, DOCUMENT, document)


def test_nothing_breaks_without_a_change() -> None:
    assert why(DOCUMENT) == ""


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("kind", {"enum": ["steel"]}),
        ("kind", {"const": "steel"}),
        ("owner", {"type": "string"}),
        ("name", {"type": "integer"}),
        ("kind", {"enum": ["oak", "steel"], "writeOnly": True}),
        ("size", {"type": "integer", "minimum": 3}),
        ("size", {"type": "integer", "readOnly": True}),
        ("size", None),
        ("owner", None),
    ],
)
def test_a_value_that_is_not_possible_any_more_breaks(name: str, schema: Any) -> None:
    assert why(changed(*PROPERTIES, name, to=schema)) != ""


@pytest.mark.parametrize("schema", [{"type": "number"}, {"type": "integer", "maximum": 2}])
def test_a_value_that_is_still_possible_breaks_nothing(schema: Any) -> None:
    assert why(changed(*PROPERTIES, "size", to=schema)) == ""


def test_what_a_response_leaves_out_is_only_not_named() -> None:
    document = changed("components", "schemas", "Shelf", "required", to=["name", "size"])

    assert why(document) == ""


def test_what_a_request_leaves_out_is_not_there() -> None:
    document = changed("components", "schemas", "Shelf", "required", to=["name", "kind"])

    assert why(document) == "the body is refused: 'kind' is a required property"


@pytest.mark.parametrize(("kind", "breaks"), [("integer", False), ("number", False), ("boolean", True)])
def test_a_query_is_text_that_may_be_a_number(kind: str, breaks: bool) -> None:
    document = changed(*PUT, "parameters", 1, "schema", to={"type": kind})

    assert bool(why(document)) == breaks


def test_a_header_that_is_expected_has_to_be_there() -> None:
    assert why(changed(*PUT, "responses", "200", "headers", to={})) == "the header X-Age is gone"


def test_credentials_that_are_not_sent_break() -> None:
    document = changed(*PUT, "security", to=[{"key": []}])
    document["components"]["securitySchemes"] = {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}

    assert why(document) == "the request carries no credentials"
    assert why(changed(*PUT, "security", to=[{}])) == ""


def test_a_request_that_is_to_be_refused_may_be_refused_for_more() -> None:
    refused = Http("PUT", "/shelves/7", 400, {}, {}, {"name": 5})
    former = changed(*PUT, "responses", "400", to={"description": "refused"})
    document = copy.deepcopy(former)
    document["components"]["schemas"]["Shelf"]["required"] = ["kind"]

    assert openapi.breaks(refused, former, document) == ""


def test_an_operation_that_is_gone_breaks() -> None:
    assert why(changed(*PUT, to=None)) == "there is no operation PUT /shelves/7"


def test_another_media_type_breaks() -> None:
    document = changed(*PUT, "responses", "200", "content", to={"application/xml": {}})

    assert why(document) == "the response is no JSON any more"
