"""Which parts of a document an interaction has to do with."""

import contextlib
import copy
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from servanda.errors import InterfaceError
from servanda.interfaces.effect import Access
from servanda.interfaces.openapi.document import Document
from servanda.interfaces.openapi.usage.operations import Operations
from servanda.interfaces.openapi.usage.uses import uses
from servanda.interfaces.trees import ContentTree
from servanda.interfaces.usage.provenance import Provenance
from servanda.pact.load import parse

SHOP: dict[str, Any] = yaml.safe_load("""
openapi: 3.0.3
servers: [{url: 'https://{region}.example.org/v{number}'}, {url: '/'}]
paths:
  /orders/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer, minimum: 1}}]
    put:
      security: [{key: []}, {session: []}]
      parameters:
        - {name: tag, in: query, schema: {type: array, items: {type: string, enum: [a, b]}}}
        - {name: filter, in: query, style: deepObject, schema: {type: object}}
        - {name: lang, in: cookie, schema: {type: string}}
      requestBody:
        content: {application/*: {schema: {$ref: '#/components/schemas/Tree'}}}
      responses:
        2XX: {headers: {ETag: {schema: {type: string}}}, content: {application/json: {schema: {type: object}}}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    session: {type: apiKey, in: cookie, name: sid}
  schemas:
    Tree:
      properties:
        name: {type: string, pattern: '^[a-z]+$'}
        children: {type: array, maxItems: 3, items: {$ref: '#/components/schemas/Tree'}}
        labels: {additionalProperties: {type: string}}
      anyOf: [{required: [name]}, {$ref: '#/components/schemas/Tree'}]
""")


def pact(path: str = "/eu/orders/7", **request: Any) -> str:
    asked = {
        "method": "PUT",
        "path": path,
        "query": {"tag": ["a", "b"], "filter[city]": ["Bath"]},
        "headers": {"X-Key": "k", "Cookie": "lang=en; sid=1"},
        "body": {
            "content": {"name": "a", "children": [{"name": "b"}], "labels": {"x": "y"}},
            "contentType": "application/json",
            "encoded": False,
        },
        **request,
    }
    body = {"content": {"ok": True}, "contentType": "application/json", "encoded": False}
    entry = {
        "type": "Synchronous/HTTP",
        "description": "it",
        "request": asked,
        "response": {"status": 204, "headers": {"ETag": "1"}, "body": body},
    }
    document = {"consumer": {"name": "web"}, "provider": {"name": "shop"}, "interactions": [entry]}
    return json.dumps(document | {"metadata": {"pactSpecification": {"version": "4.0"}}})


def touched(document: Mapping[str, Any], contract: str, access: Access) -> set[str]:
    read = Document(json.dumps(document), "shop.json")
    found = uses(parse(contract, "web-shop.json"), Operations(read, read), Provenance())
    return {use.element.removeprefix("#/paths/~1orders~1{id}/put/") for use in found if use.access is access}


def test_parameters_are_found_wherever_they_are_written() -> None:
    assert touched(SHOP, pact("/orders/7"), Access.WRITE) >= {
        "parameters/path/id",
        "parameters/query/tag",
        "parameters/query/filter",
        "parameters/cookie/lang",
    }


def test_items_of_a_query_parameter_are_values() -> None:
    assert "parameters/0/schema/items" in touched(SHOP, pact("/orders/7"), Access.WRITE)


def test_a_schema_that_contains_itself_is_followed_as_deep_as_the_value() -> None:
    tree = "#/components/schemas/Tree"

    assert touched(SHOP, pact("/orders/7"), Access.WRITE) >= {
        *(tree, f"{tree}/properties/name", f"{tree}/properties/children", f"{tree}/properties/labels"),
        f"{tree}/properties/labels/additionalProperties",
    }


def test_a_response_may_be_that_of_a_class_of_statuses() -> None:
    assert touched(SHOP, pact("/orders/7"), Access.READ) >= {"responses/2XX", "responses/2XX/headers/ETag"}


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        pytest.param({"X-Key": "k"}, {"key"}, id="in a header"),
        pytest.param({"Cookie": "sid=1"}, {"session"}, id="in a cookie"),
        pytest.param({}, {"key", "session"}, id="none: each may be meant"),
    ],
)
def test_the_scheme_is_told_by_the_credentials(headers: Mapping[str, str], expected: set[str]) -> None:
    called = touched(SHOP, pact("/orders/7", headers=headers), Access.CALL)

    prefix = "#/components/securitySchemes/"
    assert {each.removeprefix(prefix) for each in called if each.startswith(prefix)} == expected


def test_a_header_that_holds_no_cookies_is_none_of_ours() -> None:
    assert "parameters/cookie/lang" not in touched(SHOP, pact("/orders/7", headers={"Cookie": "a:b=1"}), Access.WRITE)


@pytest.mark.parametrize(
    ("path", "known"),
    [
        pytest.param("/orders/7", True, id="as the document has it"),
        pytest.param("/v2/orders/7", True, id="with the path of a server"),
        pytest.param("/v2/orders/7/lines", False, id="more than a variable holds"),
        pytest.param("/v2/other/7", False, id="another path"),
    ],
)
def test_a_request_means_an_operation_by_its_path(path: str, known: bool) -> None:
    called = touched(SHOP, pact(path), Access.CALL)

    assert ("#/paths/~1orders~1{id}/put" in called) is known
    assert (f"PUT {path}" in called) is not known


def test_files_are_followed() -> None:
    files = {
        "shop.yaml": b"openapi: 3.1.0\npaths: {'/orders/{id}': {$ref: 'orders.yaml'}}\n",
        "orders.yaml": b"put: {requestBody: {content: {application/json: {schema: {$ref: 'x/tree.yaml#/Tree'}}}}}\n",
        "x/tree.yaml": b"Tree: {properties: {name: {type: string}}}\n",
    }
    document = Document(files["shop.yaml"].decode(), "shop.yaml", ContentTree("it", files), "shop.yaml")

    found = uses(parse(pact("/orders/7"), "web-shop.json"), Operations(document, document), Provenance())

    assert {use.element for use in found} >= {
        *("#/paths/~1orders~1{id}", "orders.yaml#", "orders.yaml#/put"),
        "x/tree.yaml#/Tree/properties/name",
    }


def places(value: Any, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """All places in a document."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inside:
        yield (*here, key)
        yield from places(each, (*here, key))


@given(
    place=st.sampled_from(list(places(SHOP))[1:]),
    value=st.sampled_from(
        [None, 1, "x", "http://[", "(", True, [], {}, [1], [None], {"a": 1}, {"$ref": 1}, {"$ref": "#/paths"}]
    ),
)
def test_a_document_of_another_shape_is_understood_or_refused(place: tuple[Any, ...], value: Any) -> None:
    changed = copy.deepcopy(SHOP)
    inside = changed
    for key in place[:-1]:
        inside = inside[key]
    inside[place[-1]] = value
    states = [Document(json.dumps(each), "shop.json") for each in (SHOP, changed)]
    contract = parse(pact("/v1/orders/7"), "web-shop.json")

    # Nothing but this error: any other one would reach the user as a defect.
    for previous, current in (states, reversed(states)):
        with contextlib.suppress(InterfaceError):
            list(uses(contract, Operations(previous, current), Provenance()))


def test_of_countless_ways_to_an_alternative_each_place_is_told_once() -> None:
    def way(number: int) -> dict[str, str]:
        return {"$ref": f"#/components/schemas/S{number}"}

    schemas: dict[str, Any] = {f"S{number}": {"anyOf": [way(number + 1), way(number + 1)]} for number in range(60)}
    schemas["S60"] = {"type": "object"}
    body = {"content": {"application/json": {"schema": way(0)}}}
    put = {"requestBody": body, "responses": {"204": {}}}
    document = {"openapi": "3.1.0", "paths": {"/orders/{id}": {"put": put}}, "components": {"schemas": schemas}}

    assert "#/components/schemas/S60" in touched(document, pact(path="/orders/7"), Access.WRITE)
