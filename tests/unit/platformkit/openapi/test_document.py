"""The document says what the edge does: neither more nor less."""

from __future__ import annotations

import json
from typing import Any

import grpc
import jsonschema
import pytest
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from plt.audit.v1 import audit_pb2
from plt.auth.v1 import auth_pb2
from plt.identity.v1 import identity_pb2

from platformkit.openapi import document
from platformkit.status import FieldViolation, ServiceError, error_document
from platformkit.transcoding import encode_response, routes_of

IDENTITY = identity_pb2.DESCRIPTOR.services_by_name["IdentityService"]
AUTH = auth_pb2.DESCRIPTOR.services_by_name["AuthService"]
AUDIT = audit_pb2.DESCRIPTOR.services_by_name["AuditService"]
USER_ID = "7f1f0b5e-8a39-4d3c-9a7e-0d7d0f6b3a11"
USER = identity_pb2.User(
    user_id=USER_ID,
    email="ada@example.com",
    profile=identity_pb2.Profile(display_name="Ada", locale="en-GB"),
    roles=[identity_pb2.ROLE_ADMIN],
    labels={"team": "north"},
    status=identity_pb2.USER_STATUS_ACTIVE,
    create_time=Timestamp(seconds=1, nanos=5),
    etag="3",
)


@pytest.fixture(scope="module")
def openapi() -> dict[str, Any]:
    comments = {
        "plt.identity.v1.User.email": "Where mail goes.",
        "plt.identity.v1.IdentityService.GetUser": "Reads. All.",
    }
    return document([IDENTITY, AUDIT], "Platform", "1", ["https://api.example.com"], comments)


def operation(openapi: dict[str, Any], verb: str, path: str) -> dict[str, Any]:
    found: dict[str, Any] = openapi["paths"][path][verb]
    return found


def accepts(openapi: dict[str, Any], schema: dict[str, Any], value: Any) -> bool:
    return jsonschema.Draft202012Validator(
        {**schema, "components": openapi["components"]}, format_checker=jsonschema.FormatChecker()
    ).is_valid(value)


def body_schema(openapi: dict[str, Any], verb: str, path: str) -> dict[str, Any]:
    schema: dict[str, Any] = operation(openapi, verb, path)["requestBody"]["content"]["application/json"]["schema"]
    return schema


def answer_schema(openapi: dict[str, Any], verb: str, path: str) -> dict[str, Any]:
    schema: dict[str, Any] = operation(openapi, verb, path)["responses"]["200"]["content"]["application/json"]["schema"]
    return schema


def test_every_route_is_an_operation(openapi: dict[str, Any]) -> None:
    documented = {(verb.upper(), path) for path, item in openapi["paths"].items() for verb in item}
    assert documented == {
        ("POST", "/v1/users"),
        ("GET", "/v1/users"),
        ("GET", "/v1/users/{userId}"),
        ("PATCH", "/v1/users/{userId}"),
        ("POST", "/v1/users/{userId}:deactivate"),
        ("GET", "/v1/audit/entries"),
        ("GET", "/v1/audit/deadLetters"),
        ("POST", "/v1/audit/deadLetters:redrive"),
    }


def test_no_two_operations_have_one_id(openapi: dict[str, Any]) -> None:
    ids = [item["operationId"] for path in openapi["paths"].values() for item in path.values()]
    assert len(set(ids)) == len(ids) == 8


def test_every_reference_leads_somewhere(openapi: dict[str, Any]) -> None:
    for reference in references(openapi):
        place: Any = openapi
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]
        assert place


def test_the_document_is_made_of_json_and_the_same_each_time(openapi: dict[str, Any]) -> None:
    first, second = (json.dumps(document([IDENTITY, AUDIT], "Platform", "1", ["/"])) for _ in range(2))
    assert first == second
    assert json.loads(json.dumps(openapi)) == openapi


def test_comments_are_descriptions(openapi: dict[str, Any]) -> None:
    assert openapi["components"]["schemas"]["plt.identity.v1.User"]["properties"]["email"]["description"] == (
        "Where mail goes."
    )
    assert operation(openapi, "get", "/v1/users/{userId}")["summary"] == "Reads"


def test_the_rest_of_the_request_is_in_the_query(openapi: dict[str, Any]) -> None:
    names = [parameter["name"] for parameter in operation(openapi, "get", "/v1/users")["parameters"]]
    assert names == ["pageSize", "pageToken", "status"]


def test_what_only_the_server_sets_is_read_only(openapi: dict[str, Any]) -> None:
    properties = openapi["components"]["schemas"]["plt.identity.v1.User"]["properties"]
    assert {name for name, schema in properties.items() if schema.get("readOnly")} == {
        "status",
        "createTime",
        "updateTime",
    }


@pytest.mark.parametrize(
    ("verb", "path", "statuses"),
    [
        (
            "get",
            "/v1/users/{userId}",
            {"200", "400", "401", "403", "404", "405", "408", "429", "500", "501", "503", "504"},
        ),
        (
            "post",
            "/v1/users",
            {"200", "400", "401", "403", "404", "405", "408", "409", "413", "415", "429", "500", "501", "503", "504"},
        ),
    ],
)
def test_every_status_that_can_occur_is_documented(
    openapi: dict[str, Any], verb: str, path: str, statuses: set[str]
) -> None:
    assert set(operation(openapi, verb, path)["responses"]) == statuses


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"user": {"email": "ada@example.com", "profile": {"displayName": "Ada"}}}, id="least"),
        pytest.param(
            {
                "user": {
                    "email": "ada@example.com",
                    "profile": {"displayName": "Ada", "locale": ""},
                    "roles": ["ROLE_ADMIN"],
                    "labels": {"a": "b"},
                },
                "idempotencyKey": "k",
            },
            id="most",
        ),
    ],
)
def test_a_body_that_is_right_fits(openapi: dict[str, Any], body: dict[str, Any]) -> None:
    assert accepts(openapi, body_schema(openapi, "post", "/v1/users"), body)


@pytest.mark.parametrize(
    "user",
    [
        pytest.param({"profile": {"displayName": "Ada"}}, id="no-email"),
        pytest.param({"email": "ada@example.com"}, id="no-profile"),
        pytest.param({"email": "ada@example.com", "profile": {}}, id="no-name"),
        pytest.param({"email": "ada@example.com", "profile": {"displayName": ""}}, id="empty-name"),
        pytest.param({"email": "", "profile": {"displayName": "Ada"}}, id="empty-email"),
        pytest.param({"email": "ada@example.com", "profile": {"displayName": "A" * 201}}, id="long-name"),
        pytest.param({"email": "nonsense", "profile": {"displayName": "Ada"}}, id="no-address"),
        pytest.param({"email": "a@example.com", "profile": {"displayName": "A", "locale": "EN"}}, id="locale"),
        pytest.param({"email": "a@example.com", "profile": {"displayName": "A"}, "roles": ["X"]}, id="unknown-role"),
        pytest.param(
            {"email": "a@example.com", "profile": {"displayName": "A"}, "roles": ["ROLE_UNSPECIFIED"]}, id="no-role"
        ),
        pytest.param(
            {"email": "a@example.com", "profile": {"displayName": "A"}, "roles": ["ROLE_ADMIN"] * 2}, id="role-twice"
        ),
        pytest.param({"email": "a@example.com", "profile": {"displayName": "A"}, "labels": {"A": "b"}}, id="label"),
        pytest.param({"email": "a@example.com", "profile": {"displayName": "A"}, "shoe": 42}, id="unknown-field"),
    ],
)
def test_a_body_that_the_service_would_refuse_does_not_fit(openapi: dict[str, Any], user: dict[str, Any]) -> None:
    assert not accepts(openapi, body_schema(openapi, "post", "/v1/users"), {"user": user})


def test_a_change_needs_none_of_the_fields_of_a_new_user(openapi: dict[str, Any]) -> None:
    schema = body_schema(openapi, "patch", "/v1/users/{userId}")
    assert accepts(openapi, schema, {"profile": {"locale": "en"}})
    assert not accepts(openapi, schema, {"profile": {"nickname": "A"}})


@pytest.mark.parametrize(("verb", "path"), [("post", "/v1/users/{userId}:deactivate"), ("patch", "/v1/users/{userId}")])
def test_a_field_of_the_path_is_no_part_of_the_body(openapi: dict[str, Any], verb: str, path: str) -> None:
    schema = body_schema(openapi, verb, path)
    assert accepts(openapi, schema, {"etag": "3"})
    assert not accepts(openapi, schema, {"userId": USER_ID})


@pytest.mark.parametrize(
    ("verb", "path", "rpc", "answer"),
    [
        pytest.param("get", "/v1/users/{userId}", "GetUser", identity_pb2.GetUserResponse(user=USER), id="user"),
        pytest.param("get", "/v1/users", "ListUsers", identity_pb2.ListUsersResponse(users=[USER]), id="users"),
        pytest.param("get", "/v1/users", "ListUsers", identity_pb2.ListUsersResponse(), id="no-users"),
    ],
)
def test_an_answer_fits(openapi: dict[str, Any], verb: str, path: str, rpc: str, answer: Message) -> None:
    route = next(route for route in routes_of(IDENTITY) if route.method.name == rpc)
    assert accepts(openapi, answer_schema(openapi, verb, path), json.loads(encode_response(route, answer)))


def test_an_answer_that_lost_a_required_field_does_not_fit(openapi: dict[str, Any]) -> None:
    assert not accepts(openapi, answer_schema(openapi, "get", "/v1/users/{userId}"), {"user": {"userId": USER_ID}})


def test_the_error_document_fits(openapi: dict[str, Any]) -> None:
    error = ServiceError(
        grpc.StatusCode.INVALID_ARGUMENT,
        "refused",
        reason="MALFORMED",
        metadata={"a": "b"},
        violations=(FieldViolation("user.email", "is empty", "EMPTY"),),
    )
    schema = openapi["components"]["responses"]["BadRequest"]["content"]["application/json"]["schema"]
    assert accepts(openapi, schema, error_document(error.to_status()))
    assert not accepts(openapi, schema, {"error": {"message": "refused"}})


def references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [reference for item in value.values() for reference in references(item)]
    return [reference for item in value for reference in references(item)] if isinstance(value, list) else []


def test_an_operation_says_who_may_call_it(openapi: dict[str, Any]) -> None:
    assert operation(openapi, "get", "/v1/users/{userId}")["description"] == (
        "Reads. All.\n\nAccess: the user whom `userId` names or role admin."
    )
    assert operation(openapi, "get", "/v1/audit/entries")["description"] == "Access: role auditor."
    assert "security" not in operation(openapi, "get", "/v1/audit/entries")


def test_an_edge_that_asks_for_access_tokens_says_for_which_operations() -> None:
    found = document([AUTH], "Platform", "1", ["/"], access_tokens=True)
    (scheme,) = found["components"]["securitySchemes"]
    assert operation(found, "post", "/v1/auth:logIn")["security"] == []
    assert operation(found, "post", "/v1/auth:introspect")["security"] == [{scheme: []}]
    assert operation(found, "post", "/v1/auth:logIn")["description"] == "Access: anybody, without a token."
