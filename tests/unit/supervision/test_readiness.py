"""Probes of readiness: what they take for ready, and what they say otherwise."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import grpc
import pytest
from grpc_health.v1 import health, health_pb2_grpc
from grpc_health.v1.health_pb2 import HealthCheckResponse

from servanda.configuration import READY_FORMS
from servanda.processes import free_ports
from servanda.supervision.readiness import PROBES


async def looked(address: str) -> str:
    async with PROBES[address.partition(":")[0]](address) as look:
        return await look()


@asynccontextmanager
async def answering(status: str) -> AsyncIterator[int]:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if await reader.read(1):
            writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


@asynccontextmanager
async def checking(**statuses: int) -> AsyncIterator[int]:
    server = grpc.aio.server()
    servicer = health.aio.HealthServicer()
    health_pb2_grpc.add_HealthServicer_to_server(servicer, server)
    for service, status in statuses.items():
        await servicer.set("" if service == "server" else service, status)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    yield port
    await server.stop(None)


def test_there_is_a_probe_for_each_form_that_can_be_configured() -> None:
    assert set(PROBES) == set(READY_FORMS)


async def test_http_is_ready_when_it_answers_200() -> None:
    async with answering("200 OK") as port:
        assert await looked(f"http://127.0.0.1:{port}/readyz") == ""


async def test_another_status_is_told() -> None:
    async with answering("503 Service Unavailable") as port:
        assert await looked(f"http://127.0.0.1:{port}/") == "it answered 503 Service Unavailable, expected 200"


@pytest.mark.parametrize("scheme", PROBES)
async def test_a_port_that_is_closed_is_told(scheme: str) -> None:
    (port,) = free_ports(1)
    assert await looked(f"{scheme}://127.0.0.1:{port}")


async def test_a_port_that_accepts_connections_is_ready() -> None:
    async with answering("200 OK") as port:
        assert await looked(f"tcp://127.0.0.1:{port}") == ""


async def test_grpc_is_ready_when_its_health_says_so() -> None:
    async with checking(server=HealthCheckResponse.SERVING) as port:
        assert await looked(f"grpc://127.0.0.1:{port}") == ""


async def test_the_health_of_one_service_counts_if_it_is_named() -> None:
    async with checking(server=HealthCheckResponse.SERVING, shop=HealthCheckResponse.NOT_SERVING) as port:
        found = await looked(f"grpc://127.0.0.1:{port}/shop")
    assert found == "the health check says NOT_SERVING, expected SERVING"


async def test_a_server_without_health_checks_is_told() -> None:
    server = grpc.aio.server()
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    found = await looked(f"grpc://127.0.0.1:{port}")
    await server.stop(None)
    assert found.startswith("the health check ended with UNIMPLEMENTED")
