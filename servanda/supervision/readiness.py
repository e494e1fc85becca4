"""Finding out whether a service is ready to serve."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from types import MappingProxyType
from typing import TypeAlias
from urllib.parse import urlsplit

from servanda.extras import naming_extra
from servanda.supervision.launch import Launch
from servanda.supervision.ports import LOOPBACK
from servanda.wire import Address, Client, Request, Times, WireError

_POLL_SECONDS = 0.03
_REQUEST_SECONDS = 2.0
_OK = 200
_IN_TIME = f"no answer within {_REQUEST_SECONDS:g} s"

_Look: TypeAlias = Callable[[], Awaitable[str]]
"""Looks once, and returns what keeps it from being ready; empty if it is."""
Probe: TypeAlias = Callable[[str], AbstractAsyncContextManager[_Look]]


async def until_ready(launch: Launch, seen: Callable[[str], None]) -> None:
    """Return as soon as the probe of a service succeeds or, if it has none, all its ports accept connections.

    Args:
        launch: Names the probe and the ports.
        seen: Gets what was seen each time that it was not ready.
    """
    for address in _addresses(launch):
        async with PROBES[urlsplit(address).scheme](address) as look:
            while found := await look():
                seen(found)
                await asyncio.sleep(_POLL_SECONDS)


async def unready(launch: Launch) -> str:
    """Look once, and return what keeps a service from being ready; empty if it is."""
    for address in _addresses(launch):
        async with PROBES[urlsplit(address).scheme](address) as look:
            if found := await look():
                return found
    return ""


def _addresses(launch: Launch) -> tuple[str, ...]:
    return (launch.ready,) if launch.ready else tuple(f"tcp://{LOOPBACK}:{port}" for port in launch.ports.values())


@asynccontextmanager
async def _http(url: str) -> AsyncIterator[_Look]:
    tls = ssl.create_default_context() if url.startswith("https:") else None

    async def look() -> str:
        try:
            address = Address.of(url)
            client = Client(address, Times(_REQUEST_SECONDS, _REQUEST_SECONDS), 0, tls=tls)
            # The status is enough: a body may go on for ever.
            answer = await client.send(Request("GET", address.target), head_only=True)
        except WireError as error:
            return str(error)
        return "" if answer.status == _OK else f"it answered {answer.status} {answer.reason}, expected 200".strip()

    yield look


@asynccontextmanager
async def _grpc(address: str) -> AsyncIterator[_Look]:
    # Most runs do without, and it takes longer to import than a service to start.
    with naming_extra(address):
        import grpc  # noqa: PLC0415
        from grpc_health.v1 import health_pb2  # noqa: PLC0415

    parts = urlsplit(address)
    wanted = health_pb2.HealthCheckRequest(service=parts.path.strip("/"))
    # It would wait longer after each attempt, for minutes in the end, and ask a proxy for a port of this machine.
    pauses = [(f"grpc.{name}_reconnect_backoff_ms", 100) for name in ("initial", "min", "max")]
    options = [*pauses, ("grpc.enable_http_proxy", 0), ("grpc.use_local_subchannel_pool", 1)]
    async with grpc.aio.insecure_channel(parts.netloc, options) as channel:
        check = channel.unary_unary(
            "/grpc.health.v1.Health/Check",
            health_pb2.HealthCheckRequest.SerializeToString,
            health_pb2.HealthCheckResponse.FromString,
        )

        async def look() -> str:
            try:
                answer = await check(wanted, timeout=_REQUEST_SECONDS)
            except grpc.aio.AioRpcError as error:
                return f"the health check ended with {error.code().name}: {error.details()}"
            if answer.status == health_pb2.HealthCheckResponse.SERVING:
                return ""
            status = health_pb2.HealthCheckResponse.ServingStatus.Name(answer.status)
            return f"the health check says {status}, expected SERVING"

        yield look


@asynccontextmanager
async def _tcp(address: str) -> AsyncIterator[_Look]:
    parts = urlsplit(address)

    async def look() -> str:
        try:
            async with asyncio.timeout(_REQUEST_SECONDS):
                _, writer = await asyncio.open_connection(parts.hostname, parts.port)
        except TimeoutError:
            return _IN_TIME
        except OSError as error:
            return f"port {parts.port} is closed: {error.strerror or error}"
        writer.close()
        with suppress(OSError):  # it may have ended the connection first
            await writer.wait_closed()
        return ""

    yield look


PROBES: Mapping[str, Probe] = MappingProxyType({"http": _http, "https": _http, "grpc": _grpc, "tcp": _tcp})
"""Ways to find out, by the scheme of an address; see :data:`servanda.configuration.READY_FORMS`."""
