"""Definitions that are refused by name when a process starts, rather than answered wrongly later."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

import pytest
from google.api import annotations_pb2, httpbody_pb2
from google.protobuf import descriptor_pb2, descriptor_pool
from google.protobuf.descriptor import ServiceDescriptor

from platformkit.transcoding import RouteError, routes_of

NUMBERS: Iterator[int] = count()
Method = descriptor_pb2.MethodDescriptorProto


def service(change: Callable[[Method], None]) -> ServiceDescriptor:
    """A service with the rpc Get at GET /v1/{id}, and the rpc Other with a change."""
    package = f"tests.route{next(NUMBERS)}"
    file = descriptor_pb2.FileDescriptorProto(name=f"{package}.proto", package=package, syntax="proto3")
    file.dependency.append(httpbody_pb2.DESCRIPTOR.name)
    message = file.message_type.add(name="Name")
    message.field.add(name="id", number=1, type=descriptor_pb2.FieldDescriptorProto.TYPE_STRING)
    made = file.service.add(name="Routes")
    for name, path in (("Get", "/v1/{id}"), ("Other", "/v2/{id}")):
        method = made.method.add(name=name, input_type=f".{package}.Name", output_type=f".{package}.Name")
        method.options.Extensions[annotations_pb2.http].get = path
        if name == "Other":
            change(method)
    return descriptor_pool.Default().AddSerializedFile(file.SerializeToString()).services_by_name["Routes"]


def _same_path(method: Method) -> None:
    method.options.Extensions[annotations_pb2.http].get = "/v1/{id=*}"


def _streams(method: Method) -> None:
    method.server_streaming = True


def _nests(method: Method) -> None:
    binding = method.options.Extensions[annotations_pb2.http].additional_bindings.add(get="/v3/{id}")
    binding.additional_bindings.add(get="/v4/{id}")


def _answers_with_a_body(method: Method) -> None:
    method.output_type = ".google.api.HttpBody"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_same_path, "is the same as /v1/{id} of"),
        (_streams, "streams"),
        (_nests, "inside of additional_bindings"),
        (_answers_with_a_body, "google.api.HttpBody is not carried"),
    ],
)
def test_a_definition_that_cannot_be_carried_is_refused_by_name(change: Callable[[Method], None], told: str) -> None:
    with pytest.raises(RouteError) as caught:
        routes_of(service(change))
    assert "Routes.Other" in str(caught.value)
    assert told in str(caught.value)


def test_the_same_path_for_another_verb_is_another_route() -> None:
    def posts(method: Method) -> None:
        rule = method.options.Extensions[annotations_pb2.http]
        rule.post = "/v1/{id}"

    assert [route.verb for route in routes_of(service(posts))] == ["GET", "POST"]
