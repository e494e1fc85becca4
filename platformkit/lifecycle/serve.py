"""One process of a service from its first port to its last call.

What is built up in one order is taken down in the opposite one: connections, background work, ports, readiness, and the
entry in discovery come up; then discovery goes first and connections go last, so that no call ever meets a part that is
gone already.
"""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Final

from platformkit.discovery import Instance, InstanceStatus, Registration
from platformkit.lifecycle import Settings, StartError
from platformkit.lifecycle.application import Application, Asgi, Factory
from platformkit.lifecycle.background import keep_running, running
from platformkit.lifecycle.callers import tokens_to_require, with_published_key
from platformkit.lifecycle.grpc_server import GrpcServer
from platformkit.lifecycle.http_limits import HttpLimits
from platformkit.lifecycle.http_server import HttpServer
from platformkit.lifecycle.observation import measured, recorded
from platformkit.lifecycle.ports import listen
from platformkit.lifecycle.readiness import Phase, Probes, Readiness
from platformkit.lifecycle.servicer_edge import servicer_edge
from platformkit.telemetry import get_logger
from platformkit.tokens import InternalTokens

_log = get_logger(__name__)

# Callers hear within milliseconds that an instance is leaving; until then their calls are still answered.
_NOTICE_SECONDS: Final = 0.2


async def serve(settings: Settings, factory: Factory, stop: asyncio.Event) -> None:
    """Serves until told to stop, then drains: not ready, deregistered, calls in flight ended, connections closed.

    Args:
        settings: Of the process.
        factory: Builds the application.
        stop: Set to begin draining.

    Raises:
        StartError: A setting is missing or wrong, or a port is taken.
    """
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(recorded(settings))
        await stack.enter_async_context(measured(settings))
        application = with_published_key(await stack.enter_async_context(factory(settings)))
        readiness = Readiness(application.readiness)
        for name, task in application.background.items():
            await stack.enter_async_context(running(keep_running(name, task), stop))
        grpc_server = await stack.enter_async_context(_ports(settings, application, readiness))
        _log.info("started", grpc_port=settings.grpc_port, http_port=settings.http_port)
        await stack.enter_async_context(_announced(settings, application, readiness, grpc_server, stop))
        await stop.wait()
        _log.info("draining", seconds=settings.drain_seconds)
    _log.info("stopped")


@contextlib.asynccontextmanager
async def _ports(
    settings: Settings, application: Application, readiness: Readiness
) -> AsyncIterator[GrpcServer | None]:
    """Answers on both ports; in the end both let their calls in flight come to an end at the same time."""
    if settings.http_port is None:
        raise StartError(f"{settings.name} needs HTTP_PORT, which is not set", hint="set HTTP_PORT in its environment")
    with listen(settings.host, settings.http_port) as listener:
        # Whatever may be wrong with the routes shows before a server has started that nobody would stop.
        tokens = tokens_to_require(settings, application)
        limits = HttpLimits(connections_per_address=settings.connections_per_address)
        http = HttpServer(Probes(_edge(application, tokens), readiness), listener, settings.drain_seconds, limits)
        grpc_server = await _grpc_server(settings, application, tokens)
        http.start()
        try:
            yield grpc_server
        finally:
            stopping = [http.stop()]
            if grpc_server is not None:
                stopping.append(grpc_server.stop(settings.drain_seconds))
            await asyncio.gather(*stopping)


async def _grpc_server(
    settings: Settings, application: Application, tokens: InternalTokens | None
) -> GrpcServer | None:
    if settings.grpc_port is None:
        return None
    server = GrpcServer(application.servicers, application.outages, tokens)
    await server.start(settings.host, settings.grpc_port)
    return server


def _edge(application: Application, tokens: InternalTokens | None) -> Asgi:
    if application.edge is not None:
        return application.edge
    return servicer_edge(application.servicers, application.outages, application.paths, tokens)


@contextlib.asynccontextmanager
async def _announced(
    settings: Settings,
    application: Application,
    readiness: Readiness,
    grpc_server: GrpcServer | None,
    stop: asyncio.Event,
) -> AsyncIterator[None]:
    """Tells everybody that calls are welcome as soon as they are, and that they are not any more in the end."""
    registration = None
    if application.registry is not None:
        registration = Registration(application.registry, _instance(settings, application))

    async def announce() -> None:
        await readiness.wait()
        _log.info("ready")
        if grpc_server is not None:
            await grpc_server.welcome()
        if registration is not None:
            await registration.keep()

    async with running(announce(), stop):
        try:
            yield
        finally:
            readiness.phase = Phase.DRAINING
    if grpc_server is not None:
        await grpc_server.refuse()
    if registration is not None:
        await registration.end()
        await asyncio.sleep(min(_NOTICE_SECONDS, settings.drain_seconds))


def _instance(settings: Settings, application: Application) -> Instance:
    return Instance(
        id=f"{settings.name}-{uuid.uuid4().hex[:12]}",
        service=settings.name,
        host=settings.host,
        grpc_port=settings.grpc_port,
        http_port=settings.http_port or 0,
        interfaces=tuple(servicer.descriptor.full_name for servicer in application.servicers),
        version=settings.version,
        status=InstanceStatus.SERVING,
        started_at=datetime.now(UTC),
    )
