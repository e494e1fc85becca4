from __future__ import annotations

from typing import Any

import pytest
from google.api import annotations_pb2, http_pb2
from google.protobuf import descriptor_pb2, descriptor_pool
from google.protobuf.descriptor import ServiceDescriptor
from plt.identity.v1 import identity_pb2

from platformkit.status import ServiceError
from platformkit.transcoding import EdgeError, RouteError, Router, routes_of

IDENTITY = identity_pb2.DESCRIPTOR.services_by_name["IdentityService"]


@pytest.mark.parametrize(
    ("verb", "path", "rpc"),
    [
        ("POST", "/v1/users", "CreateUser"),
        ("GET", "/v1/users", "ListUsers"),
        ("GET", "/v1/users/7", "GetUser"),
        ("PATCH", "/v1/users/7", "UpdateUser"),
        ("POST", "/v1/users/7:deactivate", "DeactivateUser"),
        ("GET", "/v1/users/7%3Adeactivate", "GetUser"),
    ],
)
def test_a_request_finds_its_rpc(verb: str, path: str, rpc: str) -> None:
    assert Router(routes_of(IDENTITY)).match(verb, path).route.method.name == rpc


def test_the_more_specific_template_wins_whatever_the_order(kinds: ServiceDescriptor) -> None:
    routes = [*routes_of(kinds), *routes_of(IDENTITY)]
    for ordered in (routes, routes[::-1]):
        match = Router(ordered).match("GET", "/v1/shelves/1/books/2/3:read")
        assert match.route.method.name == "Read"
        assert match.variables == {"name": "shelves/1/books/2/3"}


def test_a_custom_verb_of_http_is_a_verb(kinds: ServiceDescriptor) -> None:
    assert Router(routes_of(kinds)).match("PURGE", "/v1/shelves/1").route.method.name == "Purge"


@pytest.mark.parametrize("path", ["/", "/v1/user", "/v1/users/", "/v1/users/7/8", "/v2/users", "//v1/users"])
def test_a_path_without_a_route_is_not_found(path: str) -> None:
    with pytest.raises(ServiceError) as caught:
        Router(routes_of(IDENTITY)).match("GET", path)
    assert caught.value.reason == "ROUTE_NOT_FOUND"


@pytest.mark.parametrize(
    ("verb", "path", "allow"),
    [
        ("DELETE", "/v1/users", "GET, POST"),
        ("OPTIONS", "/v1/users", "GET, POST"),
        ("HEAD", "/v1/users/7", "GET, PATCH"),
        ("BREW", "/v1/users/7", "GET, PATCH"),
        ("GET", "/v1/users/7:deactivate", "POST"),
    ],
)
def test_a_verb_without_a_route_is_told_which_verbs_there_are(verb: str, path: str, allow: str) -> None:
    with pytest.raises(EdgeError) as caught:
        Router(routes_of(IDENTITY)).match(verb, path)
    assert caught.value.http == 405
    assert caught.value.headers == {"allow": allow}


def test_a_path_that_is_not_utf8_is_an_invalid_argument() -> None:
    with pytest.raises(ServiceError) as caught:
        Router(routes_of(IDENTITY)).match("GET", "/v1/users/%ff")
    assert caught.value.code.name == "INVALID_ARGUMENT"


def test_an_rpc_without_a_mapping_has_no_route(kinds: ServiceDescriptor) -> None:
    assert "Internal" not in {route.method.name for route in routes_of(kinds)}


@pytest.mark.parametrize(
    "rule",
    [
        pytest.param({"get": "/v1/{nothing}"}, id="no-such-field-for-the-path"),
        pytest.param({"get": "/v1/{profile}"}, id="message-in-the-path"),
        pytest.param({"get": "/v1/{roles}"}, id="repeated-field-in-the-path"),
        pytest.param({"post": "/v1/a", "body": "nothing"}, id="no-such-field-for-the-body"),
        pytest.param({"get": "/v1/a", "response_body": "nothing"}, id="no-such-field-for-the-response"),
        pytest.param({"body": "*"}, id="no-path"),
    ],
)
def test_a_mapping_that_does_not_fit_its_messages_is_refused(
    rule: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    file = descriptor_pb2.FileDescriptorProto(
        name=f"test/{request.node.callspec.id}.proto",
        package="test." + request.node.callspec.id.replace("-", "_"),
        syntax="proto3",
        dependency=["plt/identity/v1/identity.proto", "google/api/annotations.proto"],
    )
    service = file.service.add(name="Broken")
    method = service.method.add(name="Call", input_type=".plt.identity.v1.User", output_type=".plt.identity.v1.User")
    method.options.Extensions[annotations_pb2.http].MergeFrom(http_pb2.HttpRule(**rule))
    descriptor_pool.Default().Add(file)
    with pytest.raises(RouteError):
        routes_of(descriptor_pool.Default().FindServiceByName(f"{file.package}.Broken"))
