"""A service with one rpc whose behaviour each test chooses, served for real on ports of its own."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import grpc.aio
from plt.audit.v1 import audit_pb2, audit_pb2_grpc

from platformkit.discovery import MemoryRegistry
from platformkit.lifecycle import Settings
from platformkit.lifecycle.application import Application, Check, Servicer, Task
from platformkit.lifecycle.serve import serve
from platformkit.tokens import InternalTokens
from platformkit.transcoding import Handler

Behavior = Callable[[audit_pb2.ListEntriesRequest], Awaitable[audit_pb2.ListEntriesResponse]]


async def empty(_: audit_pb2.ListEntriesRequest) -> audit_pb2.ListEntriesResponse:
    return audit_pb2.ListEntriesResponse()


class _AuditService(audit_pb2_grpc.AuditServiceServicer):
    # Nobody asks for them.
    ListDeadLetters: Any = audit_pb2_grpc.AuditServiceServicer.ListDeadLetters
    RedriveDeadLetters: Any = audit_pb2_grpc.AuditServiceServicer.RedriveDeadLetters

    def __init__(self, behavior: Behavior) -> None:
        self._behavior = behavior

    async def ListEntries(
        self, request: audit_pb2.ListEntriesRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> audit_pb2.ListEntriesResponse:
        return await self._behavior(request)


@dataclass
class Service:
    """A service that runs in this process while the test goes on."""

    settings: Settings
    behavior: Behavior = empty
    readiness: dict[str, Check] = field(default_factory=dict)
    background: dict[str, Task] = field(default_factory=dict)
    outages: tuple[type[Exception], ...] = ()
    paths: dict[str, Handler] = field(default_factory=dict)
    registry: MemoryRegistry = field(default_factory=MemoryRegistry)
    internal_tokens: InternalTokens | None = None
    events: list[str] = field(default_factory=list)
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    @contextlib.asynccontextmanager
    async def application(self, _: Settings) -> AsyncIterator[Application]:
        servicer = Servicer(
            audit_pb2.DESCRIPTOR.services_by_name["AuditService"],
            audit_pb2_grpc.add_AuditServiceServicer_to_server,
            _AuditService(self.behavior),
        )
        yield Application(
            servicers=(servicer,),
            background=self.background,
            readiness=self.readiness,
            registry=self.registry,
            internal_tokens=self.internal_tokens,
            outages=self.outages,
            paths=self.paths,
        )
        self.events.append("connections closed")

    @contextlib.asynccontextmanager
    async def serving(self) -> AsyncIterator[asyncio.Task[None]]:
        task = asyncio.create_task(serve(self.settings, self.application, self.stop))
        try:
            yield task
        finally:
            self.stop.set()
            await task

    async def ready(self) -> None:
        """Waits until the service can be found."""
        async with asyncio.timeout(10):
            async for instances in self.registry.watch():
                if instances:
                    return
