import asyncio
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from plt.audit.v1 import audit_pb2
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


def test_nothing_is_routed_before_anything_is_shown() -> None:
    with pytest.raises(ServiceError):
        Routes().router.match("GET", "/v1/users")


def test_an_interface_that_is_shown_is_routed() -> None:
    routes = Routes()
    routes.show([IDENTITY.full_name])
    assert routes.router.match("GET", "/v1/users").route.method.name == "ListUsers"
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


def test_the_router_stays_the_same_until_something_new_is_shown() -> None:
    routes = Routes([IDENTITY])
    before = routes.router
    routes.show([IDENTITY.full_name])
    assert routes.router is before


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
