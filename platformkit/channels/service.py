"""A service, wherever its instances are."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Final

import grpc
from typing_extensions import override

from platformkit.channels.base import UnaryChannel
from platformkit.channels.budget import RetryBudget
from platformkit.channels.call import Incoming, Metadata, Outgoing, complete
from platformkit.channels.call_record import recorded_attempt, recorded_call
from platformkit.channels.endpoint import Endpoint, EndpointState
from platformkit.channels.errors import CALLER_UNPROVEN, UnreachableError, deadline_exceeded, unreachable
from platformkit.channels.failover import Failover
from platformkit.channels.fleet import PROBE_SECONDS, Fleet
from platformkit.channels.grpc_channel import grpc_channel
from platformkit.channels.http_channel import HttpChannel
from platformkit.channels.liveness import answers
from platformkit.channels.methods import may_repeat
from platformkit.channels.race import Race
from platformkit.context import moved_on, start_detached
from platformkit.discovery import Instance, InstanceStatus, Registry
from platformkit.status import ServiceError
from platformkit.telemetry import Gauge, Span, get_logger

DISCOVERY_SECONDS: Final = 2.0
GRACE_SECONDS: Final = 60.0
"""Longer than any instance drains: what it cannot end by then, it ends itself."""

HEDGE_SECONDS: Final = 0.5
"""How long a call that may be repeated waits for an instance before another one is asked as well."""

INSTANCES: Final = Gauge(
    "plt_channel_instances", "Instances of a service that were called, by whether they get calls", ("service", "state")
)

_CANCEL_AGAIN_SECONDS: Final = 1.0

REPETITIONS: Final = 100.0
"""Tokens of the budget for repetitions: half of them may be spent at once, as when an instance dies under load."""

Prove = Callable[[str, Metadata], Metadata]
"""Returns the metadata that proves to a service who calls it; given its name and the other metadata of the call."""


def _prove_nothing(_service: str, _metadata: Metadata) -> Metadata:
    return ()


def instance_channel(instance: Instance) -> grpc.aio.Channel:
    """Make the channel to an instance: gRPC with HTTP as the fallback, or HTTP alone if it has no gRPC port."""
    http = HttpChannel(instance.http_url)
    return http if instance.grpc_address is None else Failover(grpc_channel(instance.grpc_address), http)


class ServiceChannel(UnaryChannel):
    """A channel to the live instances of a service: each call goes to the one with the fewest on their way.

    An instance that cannot be reached is passed over, and so is one that is lost in the middle of a call that may be
    repeated; one that does not answer such a call soon is left to it while another one is asked as well, and the first
    answer counts. All of that lasts as long as the budget for repetitions. A call that may not be repeated is sent to
    one instance, which has answered something lately.

    An instance that answers nothing gets no calls until it answers a health check, and one that keeps failing or losing
    gets none for a while (`platformkit.channels.endpoint`). If no instance works as far as anybody knows, each may be
    called. Calls on their way to an instance that discovery drops are given time to end.

    Args:
        registry: Who knows the instances.
        service: Name of the service (``identity``) or of one of its interfaces (``plt.identity.v1.IdentityService``).
        prove: Proves who calls, see ``platformkit.tokens.InternalTokens``. Without it only services can be called that
            ask nobody for a proof.
        connect: Makes the channel to an instance.
        discovery_seconds: How long the first call waits for discovery to answer.
        grace_seconds: Time for calls on their way to an instance that discovery dropped.
        hedge_seconds: How long a call that may be repeated waits before another instance is asked as well.
        budget: Limits how many calls that may have happened are made again.
        clock: Seconds that never go backwards, by which instances are judged.
    """

    def __init__(  # noqa: PLR0913 - the limits of a channel, given once where a process is wired
        self,
        registry: Registry,
        service: str,
        prove: Prove = _prove_nothing,
        *,
        connect: Callable[[Instance], grpc.aio.Channel] = instance_channel,
        discovery_seconds: float = DISCOVERY_SECONDS,
        grace_seconds: float = GRACE_SECONDS,
        hedge_seconds: float = HEDGE_SECONDS,
        budget: RetryBudget | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self._registry = registry
        self._service = service
        self._prove = prove
        self._fleet = Fleet(connect, grace_seconds, clock)
        for state in EndpointState:
            INSTANCES.follow(partial(self._fleet.count, state), service, state.value)
        self._discovery_seconds = discovery_seconds
        self._hedge_seconds = hedge_seconds
        self._budget = budget or RetryBudget(REPETITIONS)
        self._known = asyncio.Event()
        self._watch: asyncio.Task[None] | None = None
        self._log = get_logger("channels")

    @override
    async def send(self, outgoing: Outgoing) -> Incoming:
        with recorded_call(outgoing.method.path) as recorded:
            return await self._first_answer(outgoing, recorded)

    async def _first_answer(self, outgoing: Outgoing, recorded: Span) -> Incoming:
        expiry = None if outgoing.timeout is None else time.monotonic() + outgoing.timeout
        await self._discovered(outgoing.timeout)
        repeatable = may_repeat(outgoing.method.path, outgoing.request)
        attempts: dict[asyncio.Task[Incoming], Endpoint] = {}
        last: grpc.aio.AioRpcError | None = None
        more = True
        async with Race() as race:
            while True:
                tried = attempts.values()
                if more and (endpoint := self._fleet.pick(tried)):
                    attempt = race.begin(self._recorded(recorded, len(attempts) + 1, endpoint, outgoing, expiry))
                    attempts[attempt] = endpoint
                elif not race.running:
                    raise last or unreachable(
                        f"no instance of {self._service} is alive; try again shortly", "NO_INSTANCE"
                    )
                hedged = more and repeatable and self._fleet.works(besides=tried)
                ended = await race.ended(self._hedge_seconds if hedged else None)
                if ended is None:
                    more = self._budget.spend()
                elif (error := _failure(ended)) is None:
                    self._budget.success()
                    _outpaced(attempts, ended)
                    return ended.result()
                elif self._may_go_on(error, repeatable=repeatable):
                    last, more = error, True
                elif error.code() is grpc.StatusCode.UNAVAILABLE and race.running:
                    last, more = error, False
                else:
                    raise error

    async def _recorded(
        self, recorded: Span, number: int, endpoint: Endpoint, outgoing: Outgoing, expiry: float | None
    ) -> Incoming:
        with recorded_attempt(recorded, outgoing.method.path, endpoint.instance, number):
            return await self._attempt(endpoint, replace(outgoing, metadata=moved_on(outgoing.metadata)), expiry)

    async def _attempt(self, endpoint: Endpoint, outgoing: Outgoing, expiry: float | None) -> Incoming:
        try:
            if not may_repeat(outgoing.method.path, outgoing.request):
                await self._require_sign_of_life(endpoint, _left(outgoing, expiry))
            left = _left(outgoing, expiry)
        except BaseException:
            # Nothing was tried, which whoever waits for this breaker's probe has to know.
            endpoint.breaker.abandon()
            raise
        method = outgoing.method
        call = endpoint.channel.unary_unary(method.path, method.serialize, method.deserialize)
        metadata = (*outgoing.metadata, *self._prove(endpoint.instance.service, outgoing.metadata))
        with endpoint.call():
            try:
                return await complete(call(outgoing.request, timeout=left, metadata=metadata))
            except grpc.aio.AioRpcError as error:
                raise _unproven(error, endpoint.instance) or error from None

    async def _require_sign_of_life(self, endpoint: Endpoint, left: float | None) -> None:
        # What is sent to an instance that hangs is lost to its caller, so that it has to show itself first.
        if endpoint.proven or not self._fleet.works(besides=(endpoint,)):
            return
        if not await answers(endpoint.channel, PROBE_SECONDS if left is None else min(left, PROBE_SECONDS)):
            endpoint.lost()
            raise unreachable(f"{endpoint.instance.id} does not answer", "INSTANCE_SILENT")

    def _nobody(self) -> grpc.aio.AioRpcError:
        return unreachable(f"no instance of {self._service} is alive; try again shortly", "NO_INSTANCE")

    def _may_go_on(self, error: grpc.aio.AioRpcError, *, repeatable: bool) -> bool:
        if isinstance(error, UnreachableError):
            return True
        return error.code() is grpc.StatusCode.UNAVAILABLE and repeatable and self._budget.spend()

    @override
    async def close(self, grace: float | None = None) -> None:
        await super().close(grace)
        if self._watch is not None:
            await _ended(self._watch)
        await self._fleet.close(grace)

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
            self._fleet.show(instance for instance in instances if self._is_ours(instance))
            self._known.set()

    def _is_ours(self, instance: Instance) -> bool:
        named = self._service == instance.service or self._service in instance.interfaces
        return named and instance.status is InstanceStatus.SERVING


def _unproven(error: grpc.aio.AioRpcError, instance: Instance) -> grpc.aio.AioRpcError | None:
    # Not the caller of this process is refused, but this process: the call did not happen, and another instance may
    # know the key by which this one may not be known.
    code = error.code()
    if code is not grpc.StatusCode.UNAUTHENTICATED or ServiceError.from_rpc_error(error).reason != CALLER_UNPROVEN:
        return None
    return unreachable(f"{instance.id} does not believe the internal token of this process")


async def _ended(watch: asyncio.Task[None]) -> None:
    while not watch.done():
        watch.cancel()
        # Once may not be enough: an error on the way out can take the place of the cancellation, and be retried.
        await asyncio.wait({watch}, timeout=_CANCEL_AGAIN_SECONDS)
    await asyncio.gather(watch, return_exceptions=True)


def _left(outgoing: Outgoing, expiry: float | None) -> float | None:
    left = None if expiry is None else expiry - time.monotonic()
    if left is not None and left <= 0:
        raise deadline_exceeded(outgoing.method.path)
    return left


def _failure(attempt: asyncio.Task[Incoming]) -> grpc.aio.AioRpcError | None:
    """Return the status with which an attempt failed; any other error is the channel's own and passes."""
    error = attempt.exception()
    if error is None or isinstance(error, grpc.aio.AioRpcError):
        return error
    raise error


def _outpaced(attempts: Mapping[asyncio.Task[Incoming], Endpoint], winner: asyncio.Task[Incoming]) -> None:
    """Let those know who were asked before the winner and have not answered yet."""
    for attempt, endpoint in attempts.items():
        if attempt is winner:
            return
        if not attempt.done():
            endpoint.breaker.failure()
