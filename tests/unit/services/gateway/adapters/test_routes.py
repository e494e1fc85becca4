import asyncio
from contextlib import suppress
from datetime import UTC, datetime

import grpc
import pytest
from google.api import annotations_pb2
from google.protobuf import descriptor_pb2, descriptor_pool
from plt.audit.v1 import audit_pb2
from plt.auth.v1 import access_pb2
from plt.identity.v1 import identity_pb2

from platformkit.discovery import Instance, InstanceStatus, MemoryRegistry
from platformkit.status import ServiceError
from services.gateway.adapters.routes import NotDiscoveredError, Routes

IDENTITY = identity_pb2.DESCRIPTOR.services_by_name["IdentityService"]
AUDIT = audit_pb2.DESCRIPTOR.services_by_name["AuditService"]
INSTANCE = Instance(
    id="identity-1",
    service="identity",
    host="127.0.0.1",
    grpc_port=None,
    http_port=1,
    interfaces=(IDENTITY.full_name,),
    version="1",
    status=InstanceStatus.SERVING,
    started_at=datetime(2026, 1, 2, tzinfo=UTC),
)


def test_before_discovery_was_read_no_path_is_said_not_to_exist() -> None:
    with pytest.raises(ServiceError) as caught:
        Routes().match("GET", "/v1/users")
    assert (caught.value.code, caught.value.reason) == (grpc.StatusCode.UNAVAILABLE, "NOT_DISCOVERED")


def test_a_path_without_a_route_does_not_exist_where_the_interfaces_are_given() -> None:
    with pytest.raises(ServiceError) as caught:
        Routes([IDENTITY]).match("GET", "/v1/nothing")
    assert caught.value.code is grpc.StatusCode.NOT_FOUND


def test_an_interface_that_is_shown_is_routed() -> None:
    routes = Routes()
    routes.show([IDENTITY.full_name])
    assert routes.match("GET", "/v1/users").route.method.name == "ListUsers"
    assert routes.interfaces == (IDENTITY,)


def test_an_interface_that_is_shown_no_more_stays_routed() -> None:
    routes = Routes([IDENTITY])
    routes.show([AUDIT.full_name])
    routes.show([])
    assert routes.interfaces == (AUDIT, IDENTITY)


def test_an_interface_without_generated_code_takes_no_route_away() -> None:
    routes = Routes([IDENTITY])
    routes.show(["plt.nobody.v1.NobodyService"])
    assert routes.interfaces == (IDENTITY,)


def test_an_interface_with_a_faulty_route_takes_no_other_route_away() -> None:
    faulty = descriptor_pb2.FileDescriptorProto(name="faulty.proto", package="faulty")
    message = faulty.message_type.add(name="Empty").name
    method = faulty.service.add(name="Faulty").method.add(name="Do")
    method.input_type = method.output_type = f".faulty.{message}"
    method.options.Extensions[annotations_pb2.http].get = "/v1/{nobody}"
    found = descriptor_pool.Default().AddSerializedFile(faulty.SerializeToString()).services_by_name["Faulty"]
    routes = Routes([IDENTITY], lambda _: found)
    routes.show(["faulty.Faulty"])
    assert routes.interfaces == (IDENTITY,)
    assert routes.match("GET", "/v1/users").route.method.name == "ListUsers"


def test_an_interface_whose_access_cannot_be_enforced_is_not_routed() -> None:
    file = descriptor_pb2.FileDescriptorProto(name="unowned.proto", package="unowned", syntax="proto3")
    file.message_type.add(name="Empty")
    method = file.service.add(name="Unowned").method.add(name="Get")
    method.input_type = method.output_type = ".unowned.Empty"
    method.options.Extensions[annotations_pb2.http].get = "/v1/unowned"
    method.options.Extensions[access_pb2.access].owner = "nobody"
    found = descriptor_pool.Default().AddSerializedFile(file.SerializeToString()).services_by_name["Unowned"]
    routes = Routes([IDENTITY], lambda _: found)
    routes.show(["unowned.Unowned"])
    assert routes.interfaces == (IDENTITY,)


def test_an_interface_that_claims_the_path_of_another_is_not_routed() -> None:
    file = descriptor_pb2.FileDescriptorProto(name="second.proto", package="second")
    file.message_type.add(name="Empty")
    method = file.service.add(name="Second").method.add(name="List")
    method.input_type = method.output_type = ".second.Empty"
    method.options.Extensions[annotations_pb2.http].get = "/v1/users"
    found = descriptor_pool.Default().AddSerializedFile(file.SerializeToString()).services_by_name["Second"]
    routes = Routes([IDENTITY], lambda _: found)
    routes.show(["second.Second"])
    assert routes.interfaces == (IDENTITY,)
    assert routes.match("GET", "/v1/users").route.method.name == "ListUsers"


async def test_discovery_is_followed_and_counts_as_read_with_its_first_answer() -> None:
    registry, routes = MemoryRegistry(), Routes()
    with pytest.raises(NotDiscoveredError):
        await routes.require_discovery()
    await registry.register(INSTANCE)
    with suppress(TimeoutError):
        async with asyncio.timeout(0):
            await routes.follow(registry)
    await routes.require_discovery()
    assert routes.interfaces == (IDENTITY,)
