"""A service, wherever its instances are."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Final

import grpc
from typing_extensions import override

from platformkit.channels.base import UnaryChannel
from platformkit.channels.budget import RetryBudget
from platformkit.channels.call import Incoming, Outgoing, complete
from platformkit.channels.errors import UnreachableError, deadline_exceeded, unreachable
from platformkit.channels.failover import Failover
from platformkit.channels.grpc_channel import grpc_channel
from platformkit.channels.http_channel import HttpChannel
from platformkit.channels.methods import is_idempotent
from platformkit.context import start_detached
from platformkit.discovery import Instance, InstanceStatus, Registry
from platformkit.telemetry import get_logger

DISCOVERY_SECONDS: Final = 2.0
GRACE_SECONDS: Final = 5.0


def instance_channel(instance: Instance) -> grpc.aio.Channel:
    """The channel to one instance: gRPC with HTTP as the fallback, or HTTP alone if it does not answer over gRPC."""
    http = HttpChannel(instance.http_url)
    return http if instance.grpc_address is None else Failover(grpc_channel(instance.grpc_address), http)


class ServiceChannel(UnaryChannel):
    """A channel to the live instances of a service, one after the other.

    An instance that cannot be reached is passed over, and so is one that is lost in the middle of a call that may be
    repeated, as long as the budget for repetitions lasts. Channels to instances are made with the first call and
    dropped when discovery drops the instance.

    Args:
        registry: Who knows the instances.
        service: Name of the service (``identity``) or of one of its interfaces (``plt.identity.v1.IdentityService``).
        connect: Makes the channel to an instance.
        discovery_seconds: How long the first call waits for discovery to answer.
        grace_seconds: Time for calls on their way to an instance that discovery dropped.
        budget: Limits how many calls that may have happened are made again.
    """

    def __init__(
        self,
        registry: Registry,
        service: str,
        *,
        connect: Callable[[Instance], grpc.aio.Channel] = instance_channel,
        discovery_seconds: float = DISCOVERY_SECONDS,
        grace_seconds: float = GRACE_SECONDS,
        budget: RetryBudget | None = None,
    ) -> None:
        super().__init__()
        self._registry = registry
        self._service = service
        self._connect = connect
        self._discovery_seconds = discovery_seconds
        self._grace_seconds = grace_seconds
        self._budget = budget or RetryBudget()
        self._channels: dict[Instance, grpc.aio.Channel] = {}
        self._instances: tuple[Instance, ...] = ()
        self._known = asyncio.Event()
        self._watch: asyncio.Task[None] | None = None
        self._farewells: set[asyncio.Task[None]] = set()
        self._turn = 0
        self._log = get_logger("channels")

    @override
    async def send(self, outgoing: Outgoing) -> Incoming:
        expiry = None if outgoing.timeout is None else time.monotonic() + outgoing.timeout
        await self._discovered(outgoing.timeout)
        last: grpc.aio.AioRpcError | None = None
        for instance in self._in_turn():
            method = outgoing.method
            left = None if expiry is None else expiry - time.monotonic()
            if left is not None and left <= 0:
                raise last or deadline_exceeded(method.path)
            call = self._channel(instance).unary_unary(method.path, method.serialize, method.deserialize)
            try:
                incoming = await complete(call(outgoing.request, timeout=left, metadata=tuple(outgoing.metadata)))
            except grpc.aio.AioRpcError as error:
                if not self._may_go_on(error, method.path):
                    raise
                last = error
            else:
                self._budget.success()
                return incoming
        raise last or unreachable(f"no instance of {self._service} is alive; try again shortly", "NO_INSTANCE")

    def _may_go_on(self, error: grpc.aio.AioRpcError, path: str) -> bool:
        if isinstance(error, UnreachableError):
            return True
        return error.code() is grpc.StatusCode.UNAVAILABLE and is_idempotent(path) and self._budget.spend()

    @override
    async def close(self, grace: float | None = None) -> None:
        await super().close(grace)
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
        channels, self._channels = tuple(self._channels.values()), {}
        await asyncio.gather(*(channel.close(grace) for channel in channels), *self._farewells)

    async def _discovered(self, left: float | None) -> None:
        if self._watch is not None and self._watch.done():
            # A registry is not supposed to end its watch; what it said last stays valid until it says more.
            self._log.warning("watch ended", service=self._service, error=repr(self._watch.exception()))
            self._watch = None
        if self._watch is None:
            self._watch = start_detached(self._follow(), f"watch {self._service}")
        if not self._known.is_set():
            limit = self._discovery_seconds if left is None else min(left, self._discovery_seconds)
            try:
                async with asyncio.timeout(limit):
                    await self._known.wait()
            except TimeoutError:
                raise unreachable(f"discovery has not said yet where {self._service} is", "NO_INSTANCE") from None

    async def _follow(self) -> None:
        async for instances in self._registry.watch():
            self._instances = tuple(instance for instance in instances if self._is_ours(instance))
            self._known.set()
            for instance in self._channels.keys() - set(self._instances):
                farewell = start_detached(self._channels.pop(instance).close(self._grace_seconds))
                self._farewells.add(farewell)
                farewell.add_done_callback(self._farewells.discard)

    def _is_ours(self, instance: Instance) -> bool:
        named = self._service == instance.service or self._service in instance.interfaces
        return named and instance.status is InstanceStatus.SERVING

    def _in_turn(self) -> tuple[Instance, ...]:
        instances = self._instances
        if not instances:
            return ()
        self._turn = (self._turn + 1) % len(instances)
        return instances[self._turn :] + instances[: self._turn]

    def _channel(self, instance: Instance) -> grpc.aio.Channel:
        if instance not in self._channels:
            self._channels[instance] = self._connect(instance)
        return self._channels[instance]
