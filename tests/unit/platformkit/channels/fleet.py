"""A service of several instances in memory, and a channel to them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import grpc
from plt.identity.v1 import identity_pb2, identity_pb2_grpc

from platformkit.channels import MemoryChannel, ServiceChannel
from platformkit.channels.call import Incoming, Outgoing
from platformkit.channels.errors import deadline_exceeded
from platformkit.channels.methods import HEALTH_CHECK
from platformkit.discovery import Instance, MemoryRegistry
from platformkit.status import ServiceError
from platformkit.status.error import STATUS_DETAILS_KEY

USER_ID = "7f1f0b5e-8a39-4d3c-9a7e-0d7d0f6b3a11"
CREATE = identity_pb2.CreateUserRequest(user=identity_pb2.User(email="ada@example.com"))
GET = identity_pb2.GetUserRequest(user_id=USER_ID)


class Servicer(identity_pb2_grpc.IdentityServiceServicer):
    """Says which instance it is."""

    async def _unused(self, request: Any, context: Any) -> Any:
        await context.abort(grpc.StatusCode.UNIMPLEMENTED, "")

    ListUsers = UpdateUser = DeactivateUser = _unused

    def __init__(self, name: str) -> None:
        self.name = name
        self.code: grpc.StatusCode | None = None
        self.raises: ServiceError | None = None
        self.metadata: dict[str, str | bytes] = {}
        self.calls = 0
        self.entered = asyncio.Event()
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def GetUser(self, request: Any, context: Any) -> identity_pb2.GetUserResponse:
        await self._happen(context)
        return identity_pb2.GetUserResponse(user=identity_pb2.User(etag=self.name))

    async def CreateUser(self, request: Any, context: Any) -> identity_pb2.CreateUserResponse:
        await self._happen(context)
        return identity_pb2.CreateUserResponse(user=identity_pb2.User(etag=self.name))

    async def _happen(self, context: Any) -> None:
        self.calls += 1
        self.entered.set()
        await self.may_answer.wait()
        self.metadata = dict(context.invocation_metadata())
        if self.raises:
            details = (STATUS_DETAILS_KEY, self.raises.to_status().SerializeToString())
            await context.abort(self.raises.code, self.raises.message, (details,))
        if self.code:
            await context.abort(self.code, self.name)


class FreezingChannel(MemoryChannel):
    """A channel to a process that stops where it is as long as it is frozen, health checks and all.

    Attributes:
        thawed: Cleared while it is frozen.
        breaks: How many health checks end in an error that is none of a call.
        ended: Whether it was closed, and all of its calls ended.
    """

    def __init__(self) -> None:
        super().__init__()
        self.breaks = 0
        self.ended = False
        self.thawed = asyncio.Event()
        self.thawed.set()

    async def close(self, grace: float | None = None) -> None:
        await super().close(grace)
        self.ended = True

    async def send(self, outgoing: Outgoing) -> Incoming:
        if self.breaks and outgoing.method.path == HEALTH_CHECK:
            self.breaks -= 1
            raise ZeroDivisionError
        try:
            async with asyncio.timeout(outgoing.timeout):
                await self.thawed.wait()
        except TimeoutError:
            raise deadline_exceeded(outgoing.method.path) from None
        return await super().send(outgoing)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Fleet:
    """Instances in memory, and a channel to them."""

    def __init__(
        self, instance_at: Callable[[str], Instance], registry: MemoryRegistry | None = None, **limits: Any
    ) -> None:
        self.registry = registry or MemoryRegistry()
        self.instance_at = instance_at
        self.servicers: dict[str, Servicer] = {}
        self.channels: dict[str, FreezingChannel] = {}
        self.clock = Clock()
        self.connected: list[str] = []
        self.channel = ServiceChannel(self.registry, "identity", connect=self._connect, clock=self.clock, **limits)
        self.stub: Any = identity_pb2_grpc.IdentityServiceStub(self.channel)

    async def add(self, name: str, **facts: Any) -> Instance:
        instance: Instance = replace(self.instance_at(name), **facts)
        self.servicers[name], self.channels[name] = Servicer(name), FreezingChannel()
        identity_pb2_grpc.add_IdentityServiceServicer_to_server(self.servicers[name], self.channels[name].server)
        await self.registry.register(instance)
        return instance

    async def answers(self, times: int) -> list[str]:
        return [(await self.stub.GetUser(GET)).user.etag for _ in range(times)]

    async def until_known(self, names: set[str]) -> None:
        while set(await self.answers(4)) != names:
            pass

    def _connect(self, instance: Instance) -> grpc.aio.Channel:
        self.connected.append(instance.id)
        return self.channels[instance.id]


async def fleet_of(fleet: Fleet, *names: str) -> None:
    for name in names:
        await fleet.add(name)
    await fleet.until_known(set(names))
