"""Edits of documents, in every version and form: what is found, and that what is harmless is not."""

import json
from pathlib import Path
from typing import Any

import pytest

from servanda.interfaces.openapi.check import check_document
from servanda.interfaces.openapi.document import Document
from servanda.verdict import DeployOrder, Finding, Severity

ROOT = Path(__file__).parents[4]
ORDERS = """
openapi: {version}
info: {{title: shop, version: "1"}}
servers:
  - url: https://shop.example.org
paths:
  /orders/{{order_id}}:
    get:
      parameters:
        - {{name: order_id, in: path, required: true, schema: {{type: string}}}}
        - {{name: view, in: query, schema: {{type: string, maxLength: 50}}}}
      responses:
        "200":
          description: The order.
          headers:
            ETag: {{schema: {{type: string}}}}
          content:
            application/json:
              schema:
                type: object
                properties:
                  title: {{type: string}}
                  quantity: {{type: integer, format: int32}}
  /orders:
    post:
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                title: {{type: string, minLength: 1}}
                boxes: {{type: integer}}
      responses:
        "201": {{description: Created.}}
"""


def findings(before: Document, after: Document) -> tuple[Finding, ...]:
    return tuple(each.finding for each in check_document(before, after))


def rules(before: str, after: str) -> set[str]:
    found = findings(Document(before, "openapi.yaml"), Document(after, "openapi.yaml"))
    return {finding.rule.removeprefix("OPENAPI_") for finding in found}


def schema_rules(before: str, after: str, *, response: bool = False, version: str = "3.1.0") -> set[str]:
    """What is found if a schema becomes another one, in a request or in a response."""
    place = (
        "responses: {'200': {description: ok, content: {application/json: {schema: %s}}}}"
        if response
        else "requestBody: {content: {application/json: {schema: %s}}}\n      responses: {}"
    )
    text = f"openapi: {version}\npaths:\n  /orders:\n    post:\n      {place}\n"
    return rules(text % before, text % after)


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        pytest.param(
            "type: object\n              properties:\n                title",
            "type: object\n              additionalProperties: false\n              properties:\n                title",
            "REQUEST_ADDITIONAL_PROPERTIES_NO_FORBID",
            id="additionalProperties false on a request",
        ),
        pytest.param("https://shop.example.org", "https://new.example.org", "SERVER_NO_DELETE", id="server URL"),
        pytest.param("order_id", "id", "PATH_PARAMETER_SAME_NAME", id="path parameter renamed"),
        pytest.param(
            "title: {type: string}",
            "title: {type: string, maxLength: 10}",
            "RESPONSE_LIMIT_NO_TIGHTEN",
            id="maxLength added to a response",
        ),
        pytest.param("paths:", "security: [{token: []}]\npaths:", "SECURITY_NO_TIGHTEN", id="security added"),
        pytest.param("minLength: 1", "minLength: 5", "REQUEST_LIMIT_NO_TIGHTEN", id="request minLength 1 to 5"),
        pytest.param("maxLength: 50", "maxLength: 10", "REQUEST_LIMIT_NO_TIGHTEN", id="query maxLength 50 to 10"),
        pytest.param("format: int32", "format: int64", "RESPONSE_TYPE_NO_WIDEN", id="response int32 to int64"),
        pytest.param(
            "        - {name: view, in: query, schema: {type: string, maxLength: 50}}\n",
            "",
            "PARAMETER_NO_DELETE",
            id="query parameter removed",
        ),
        pytest.param(
            "          headers:\n            ETag: {schema: {type: string}}\n",
            "",
            "RESPONSE_HEADER_NO_DELETE",
            id="response header removed",
        ),
        pytest.param(
            "boxes: {type: integer}", "boxes: {type: integer, default: 1}", "REQUEST_SAME_DEFAULT", id="default added"
        ),
    ],
)
def test_an_edit_that_other_tools_pass_is_found(version: str, old: str, new: str, rule: str) -> None:
    before = ORDERS.format(version=version)
    assert old in before

    assert rules(before, before.replace(old, new)) == {rule}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param("{type: string}", "{type: integer}", {"REQUEST_TYPE_NO_NARROW"}, id="another type"),
        pytest.param("{type: number}", "{type: integer}", {"REQUEST_TYPE_NO_NARROW"}, id="number to integer"),
        pytest.param("{type: integer}", "{type: number}", set(), id="integer to number"),
        pytest.param("{type: [string, 'null']}", "{type: string}", {"REQUEST_TYPE_NO_NARROW"}, id="null refused"),
        pytest.param("{}", "{type: string}", {"REQUEST_TYPE_NO_NARROW"}, id="any to string"),
        pytest.param("true", "false", {"REQUEST_TYPE_NO_NARROW"}, id="nothing is accepted any more"),
        pytest.param("{const: a}", "{enum: [a, b]}", set(), id="one value to two"),
        pytest.param("{enum: [a, b]}", "{const: a}", {"REQUEST_ENUM_NO_DELETE"}, id="two values to one"),
        pytest.param("{}", "{maximum: 5}", {"REQUEST_LIMIT_NO_TIGHTEN"}, id="a new upper bound"),
        pytest.param("{maximum: 5}", "{exclusiveMaximum: 5}", {"REQUEST_LIMIT_NO_TIGHTEN"}, id="exclusive"),
        pytest.param("{exclusiveMaximum: 5}", "{maximum: 5}", set(), id="inclusive"),
        pytest.param("{pattern: a}", "{pattern: b}", {"REQUEST_LIMIT_NO_TIGHTEN"}, id="another pattern"),
        pytest.param("{}", "{uniqueItems: true}", {"REQUEST_LIMIT_NO_TIGHTEN"}, id="unique items"),
        pytest.param("{items: {type: number}}", "{items: {type: integer}}", {"REQUEST_TYPE_NO_NARROW"}, id="items"),
        pytest.param("{}", "{oneOf: [{type: string}]}", {"REQUEST_TYPE_NO_NARROW"}, id="new alternatives"),
        pytest.param(
            "{anyOf: [{const: ''}, {minLength: 1}]}",
            "{anyOf: [{const: ''}, {minLength: 2}]}",
            {"REQUEST_LIMIT_NO_TIGHTEN"},
            id="an alternative that became tighter",
        ),
        pytest.param(
            "{properties: {a: {}}}",
            "{properties: {a: {readOnly: true}}}",
            {"REQUEST_PROPERTY_NO_DELETE"},
            id="a property that became readOnly",
        ),
        pytest.param(
            "{}",
            "{properties: {a: {readOnly: true}}, required: [a]}",
            set(),
            id="a required property that is readOnly",
        ),
        pytest.param(
            "{additionalProperties: {type: number}}",
            "{additionalProperties: {type: integer}}",
            {"REQUEST_TYPE_NO_NARROW"},
            id="additional properties of another type",
        ),
        pytest.param(
            "{allOf: [{required: [a]}, {properties: {a: {}}}]}",
            "{required: [a], properties: {a: {}}}",
            set(),
            id="allOf written out",
        ),
        pytest.param(
            "{properties: {a: {}}}",
            "{allOf: [{properties: {a: {}}}, {required: [a]}]}",
            {"REQUEST_PROPERTY_NO_NEW_REQUIRED"},
            id="required through allOf",
        ),
        pytest.param(
            "{description: one, example: a}", "{description: two, example: b, title: t}", set(), id="prose only"
        ),
    ],
)
def test_a_request_may_not_accept_less(before: str, after: str, expected: set[str]) -> None:
    assert schema_rules(before, after) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param("{type: integer}", "{type: number}", {"RESPONSE_TYPE_NO_WIDEN"}, id="integer to number"),
        pytest.param("{type: number}", "{type: integer}", {"RESPONSE_VALUE_NO_DELETE"}, id="number to integer"),
        pytest.param("{type: string}", "{type: [string, 'null']}", {"RESPONSE_TYPE_NO_WIDEN"}, id="null can come"),
        pytest.param("{enum: [a]}", "{}", {"RESPONSE_ENUM_NO_ADD"}, id="any value can come"),
        pytest.param("{maxItems: 5}", "{}", {"RESPONSE_LIMIT_NO_LOOSEN"}, id="more items"),
        pytest.param("{oneOf: [{type: string}]}", "{}", {"RESPONSE_TYPE_NO_WIDEN"}, id="alternatives given up"),
        pytest.param(
            "{properties: {a: {}}}",
            "{properties: {a: {writeOnly: true}}}",
            {"RESPONSE_PROPERTY_NO_DELETE"},
            id="a property that became writeOnly",
        ),
        pytest.param(
            "{discriminator: {propertyName: a}}",
            "{discriminator: {propertyName: b}}",
            {"RESPONSE_SAME_KEYWORD"},
            id="another discriminator",
        ),
        pytest.param("{default: 1}", "{default: 2}", set(), id="a default, which nobody sends"),
    ],
)
def test_a_response_may_not_send_more(before: str, after: str, expected: set[str]) -> None:
    assert schema_rules(before, after, response=True) == expected


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("{type: string, nullable: true}", "{type: string}", id="nullable"),
        pytest.param("{type: integer}", "{type: integer, format: int32}", id="format"),
    ],
)
def test_types_of_version_3_0_may_not_become_narrower(before: str, after: str) -> None:
    assert schema_rules(before, after, version="3.0.3") == {"REQUEST_TYPE_NO_NARROW"}


def test_an_exclusive_bound_of_version_3_0_is_a_flag() -> None:
    before, after = "{maximum: 5}", "{maximum: 5, exclusiveMaximum: true}"

    assert schema_rules(before, after, version="3.0.3") == {"REQUEST_LIMIT_NO_TIGHTEN"}


def test_a_schema_that_contains_itself_is_compared() -> None:
    text = (
        "openapi: 3.1.0\npaths:\n  /t:\n    post:\n      requestBody: {content: {application/json: "
        "{schema: {$ref: '#/components/schemas/Tree'}}}}\n      responses: {}\n"
        "components:\n  schemas:\n    Tree: "
        "{properties: {name: {maxLength: %d}, child: {$ref: '#/components/schemas/Tree'}}}\n"
    )

    assert rules(text % 9, text % 8) == {"REQUEST_LIMIT_NO_TIGHTEN"}


def test_an_alternative_that_changed_behind_its_reference_is_compared() -> None:
    text = (
        "openapi: 3.1.0\npaths:\n  /t:\n    post:\n      requestBody: {content: {application/json: "
        "{schema: {oneOf: [{$ref: '#/components/schemas/A'}]}}}}\n      responses: {}\n"
        "components: {schemas: {A: {maxLength: %d}}}\n"
    )

    assert rules(text % 9, text % 8) == {"REQUEST_LIMIT_NO_TIGHTEN"}


def test_a_chain_of_references_may_be_long() -> None:
    count = 3000
    schemas = {
        f"S{index}": {"properties": {"next": {"$ref": f"#/components/schemas/S{index + 1}"}}} for index in range(count)
    }
    body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/S0"}}}}
    paths = {"/t": {"post": {"requestBody": body, "responses": {}}}}
    before, after = (
        json.dumps({"openapi": "3.1.0", "paths": paths, "components": {"schemas": {**schemas, f"S{count}": last}}})
        for last in ({}, {"maxLength": 1})
    )

    found = findings(Document(before, "openapi.json"), Document(after, "openapi.json"))

    assert [finding.rule for finding in found] == ["OPENAPI_REQUEST_LIMIT_NO_TIGHTEN"]


def test_what_several_operations_share_is_told_once() -> None:
    operation = "{parameters: [{$ref: '#/components/parameters/View'}], responses: {}}"
    text = (
        f"openapi: 3.1.0\npaths:\n  /a: {{get: {operation}}}\n  /b: {{get: {operation}}}\n"
        "components: {parameters: {View: {name: view, in: query, schema: {maxLength: %d}}}}\n"
    )

    found = findings(Document(text % 9, "openapi.yaml"), Document(text % 8, "openapi.yaml"))

    assert [finding.rule for finding in found] == ["OPENAPI_REQUEST_LIMIT_NO_TIGHTEN"]


def test_consumers_read_what_a_webhook_sends() -> None:
    text = (
        "openapi: 3.1.0\nwebhooks:\n  placed:\n    post:\n      requestBody: "
        "{content: {application/json: {schema: {enum: %s}}}}\n      responses: {}\n"
    )

    assert rules(text % "[a]", text % "[a, b]") == {"RESPONSE_ENUM_NO_ADD"}


def test_consumers_read_what_a_callback_sends() -> None:
    text = (
        "openapi: 3.0.3\npaths:\n  /a:\n    post:\n      responses: {}\n      callbacks: "
        "{done: {'{$request.body#/url}': {post: {requestBody: "
        "{content: {application/json: {schema: {enum: %s}}}}, responses: {}}}}}\n"
    )

    assert rules(text % "[a]", text % "[a, b]") == {"RESPONSE_ENUM_NO_ADD"}


@pytest.mark.parametrize(
    ("before", "after", "broken"),
    [
        pytest.param("[{a: []}]", "[{a: []}, {b: []}]", False, id="another way in"),
        pytest.param("[{a: []}, {b: []}]", "[{a: []}]", True, id="one way less"),
        pytest.param("[{a: []}]", "[{a: [], b: []}]", True, id="two schemes together"),
        pytest.param("[{a: [read, write]}]", "[{a: [read]}]", False, id="one scope less"),
        pytest.param("[{a: [read]}]", "[{a: [read, write]}]", True, id="one scope more"),
        pytest.param("[]", "[{a: []}]", True, id="closed"),
        pytest.param("[{a: []}]", "[]", False, id="open"),
    ],
)
def test_who_was_let_in_is_let_in(before: str, after: str, broken: bool) -> None:
    text = "openapi: 3.1.0\npaths:\n  /a:\n    get:\n      security: %s\n      responses: {}\n"

    assert rules(text % before, text % after) == ({"SECURITY_NO_TIGHTEN"} if broken else set())


@pytest.mark.parametrize("name", ["audit", "gateway", "identity"])
def test_a_derived_document_compared_with_itself_breaks_nothing(name: str) -> None:
    text = (ROOT / "contracts" / "openapi" / f"{name}.json").read_text(encoding="utf-8")

    assert findings(Document(text, "openapi.json"), Document(text, "openapi.json")) == ()


def test_a_property_deleted_from_a_derived_document_is_found_in_it() -> None:
    text = (ROOT / "contracts" / "openapi" / "identity.json").read_text(encoding="utf-8")
    changed: dict[str, Any] = json.loads(text)
    del changed["components"]["schemas"]["plt.identity.v1.User"]["properties"]["email"]
    current = json.dumps(changed, indent=2)

    found = findings(Document(text, "openapi.json"), Document(current, "openapi.json"))

    deleted = [finding for finding in found if finding.rule == "OPENAPI_RESPONSE_PROPERTY_NO_DELETE"]
    line = current.splitlines()[deleted[0].span.start_line - 1]
    assert [finding.element for finding in deleted] == ["#/components/schemas/plt.identity.v1.User/properties/email"]
    assert line.strip() == '"properties": {'


def test_a_tighter_response_wants_the_provider_first() -> None:
    before = ORDERS.format(version="3.1.0")
    after = before.replace("title: {type: string}", "title: {type: string, maxLength: 10}")

    (found,) = findings(Document(before, "openapi.yaml"), Document(after, "openapi.yaml"))

    assert found.transition is not None
    assert found.transition.deploy_order is DeployOrder.PROVIDER_FIRST
    assert found.severity is Severity.WARNING


def test_a_fingerprint_survives_moved_lines() -> None:
    before = ORDERS.format(version="3.1.0")
    after = before.replace("minLength: 1", "minLength: 5")

    (found,) = findings(Document(before, "openapi.yaml"), Document(after, "openapi.yaml"))
    (moved,) = findings(Document(before, "openapi.yaml"), Document(f"# A shop.\n{after}", "openapi.yaml"))

    assert moved.span != found.span
    assert moved.fingerprint == found.fingerprint
