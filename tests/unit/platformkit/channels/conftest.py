from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime

import grpc
import pytest
import uvicorn
from plt.identity.v1 import identity_pb2, identity_pb2_grpc

from platformkit.channels import Failover, HttpChannel, MemoryChannel, ServiceChannel, grpc_channel
from platformkit.discovery import Instance, InstanceStatus, StaticRegistry
from platformkit.transcoding import HttpEdge, Router, routes_of, through

SERVICE = identity_pb2.DESCRIPTOR.services_by_name["IdentityService"]

Connect = Callable[[identity_pb2_grpc.IdentityServiceServicer], AbstractAsyncContextManager[grpc.aio.Channel]]


@asynccontextmanager
async def in_memory(servicer: identity_pb2_grpc.IdentityServiceServicer) -> AsyncIterator[MemoryChannel]:
    async with MemoryChannel() as channel:
        identity_pb2_grpc.add_IdentityServiceServicer_to_server(servicer, channel.server)
        yield channel


@asynccontextmanager
async def grpc_server(servicer: identity_pb2_grpc.IdentityServiceServicer) -> AsyncIterator[int]:
    server = grpc.aio.server()
    identity_pb2_grpc.add_IdentityServiceServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    try:
        yield port
    finally:
        await server.stop(0)


@asynccontextmanager
async def http_server(servicer: identity_pb2_grpc.IdentityServiceServicer) -> AsyncIterator[int]:
    async with in_memory(servicer) as channel:
        router = Router(routes_of(SERVICE))
        edge = HttpEdge(router.match, through(lambda _: channel), trusted=True)
        with socket.create_server(("127.0.0.1", 0)) as listening:
            server = uvicorn.Server(uvicorn.Config(edge, log_level="critical", lifespan="off"))
            serving = asyncio.create_task(server.serve(sockets=[listening]))
            try:
                yield listening.getsockname()[1]
            finally:
                server.should_exit = True
                await serving


@asynccontextmanager
async def over_grpc(servicer: identity_pb2_grpc.IdentityServiceServicer) -> AsyncIterator[grpc.aio.Channel]:
    async with grpc_server(servicer) as port, grpc_channel(f"127.0.0.1:{port}") as channel:
        yield channel


@asynccontextmanager
async def over_http(servicer: identity_pb2_grpc.IdentityServiceServicer) -> AsyncIterator[grpc.aio.Channel]:
    async with http_server(servicer) as port, HttpChannel(f"http://127.0.0.1:{port}") as channel:
        yield channel


@asynccontextmanager
async def with_failover(servicer: identity_pb2_grpc.IdentityServiceServicer) -> AsyncIterator[grpc.aio.Channel]:
    async with (
        in_memory(servicer) as fallback,
        grpc_server(servicer) as port,
        Failover(grpc_channel(f"127.0.0.1:{port}"), fallback) as channel,
    ):
        yield channel


@asynccontextmanager
async def by_discovery(servicer: identity_pb2_grpc.IdentityServiceServicer) -> AsyncIterator[grpc.aio.Channel]:
    async with AsyncExitStack() as stack:
        grpc_port = await stack.enter_async_context(grpc_server(servicer))
        http_port = await stack.enter_async_context(http_server(servicer))
        instance = instance_at(grpc_port=grpc_port, http_port=http_port)
        yield await stack.enter_async_context(ServiceChannel(StaticRegistry((instance,)), "identity"))


def instance_at(name: str = "identity-1", *, grpc_port: int | None = None, http_port: int = 1) -> Instance:
    return Instance(
        id=name,
        service="identity",
        host="127.0.0.1",
        grpc_port=grpc_port,
        http_port=http_port,
        interfaces=("plt.identity.v1.IdentityService",),
        version="1",
        status=InstanceStatus.SERVING,
        started_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


@pytest.fixture(
    params=[
        pytest.param(in_memory, id="memory"),
        pytest.param(over_grpc, id="grpc"),
        pytest.param(over_http, id="http"),
        pytest.param(with_failover, id="failover"),
        pytest.param(by_discovery, id="discovery"),
    ]
)
def connect(request: pytest.FixtureRequest) -> Connect:
    chosen: Connect = request.param
    return chosen


@pytest.fixture(name="instance_at")
def _instance_at() -> Callable[..., Instance]:
    return instance_at
