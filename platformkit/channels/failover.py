"""Two ways to one instance: a primary, and a fallback for when the primary cannot be connected to."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Final

import grpc
from typing_extensions import override

from platformkit.channels.base import UnaryChannel
from platformkit.channels.breaker import CircuitBreaker
from platformkit.channels.budget import RetryBudget
from platformkit.channels.call import Incoming, Outgoing, complete
from platformkit.channels.errors import UnreachableError, deadline_exceeded, unreachable
from platformkit.channels.liveness import answers
from platformkit.channels.methods import may_repeat
from platformkit.telemetry import get_logger

CONNECT_SECONDS: Final = 1.0


class Failover(UnaryChannel):
    """Calls the primary, and the fallback if that is safe.

    It is safe if the call certainly did not happen (the primary could not be connected to, or the breaker is open), or
    if the primary fails with UNAVAILABLE, the rpc's ``idempotency_level`` allows to repeat it and the budget has not
    been spent on such repetitions. The fallback gets what is left of the caller's time. Both channels are closed with
    this one.

    Silence is dearer than a refusal: a channel that answered nothing for a second until the caller's time was up counts
    as failed, and a fallback that keeps silent again and again is left alone for a while too. A call that may not be
    repeated is sent to a fallback only after that has answered a health check.

    Args:
        primary: Asked first.
        fallback: Asked otherwise.
        breaker: Keeps calls from a primary that fails all the time.
        clock: Seconds that never go backwards.
        connect_seconds: Time to connect to the primary, and for a fallback to show that it answers; a connection that
            is refused fails at once.
        budget: Limits how many calls that may have happened are made again.
    """

    def __init__(
        self,
        primary: grpc.aio.Channel,
        fallback: grpc.aio.Channel,
        breaker: CircuitBreaker | None = None,
        clock: Callable[[], float] = time.monotonic,
        *,
        connect_seconds: float = CONNECT_SECONDS,
        budget: RetryBudget | None = None,
    ) -> None:
        super().__init__()
        self._primary = primary
        self._fallback = fallback
        self._breaker = breaker or CircuitBreaker(clock=clock)
        self._fallback_breaker = CircuitBreaker(clock=clock)
        self._clock = clock
        self._connect_seconds = connect_seconds
        self._budget = budget or RetryBudget()
        self._log = get_logger("channels")

    @override
    async def send(self, outgoing: Outgoing) -> Incoming:
        expiry = None if outgoing.timeout is None else self._clock() + outgoing.timeout
        if self._breaker.allow():
            incoming = await self._try_primary(outgoing, expiry)
            if incoming is not None:
                return incoming
        self._log.warning("fallback", method=outgoing.method.path, breaker=self._breaker.state.value)
        return await self._try_fallback(outgoing, expiry)

    @override
    async def close(self, grace: float | None = None) -> None:
        await super().close(grace)
        await asyncio.gather(self._primary.close(grace), self._fallback.close(grace))

    async def _try_primary(self, outgoing: Outgoing, expiry: float | None) -> Incoming | None:
        """Return the primary's answer; None if the fallback may be asked in its place."""
        began = self._clock()
        try:
            if not await self._connected(self._left(outgoing, expiry)):
                self._breaker.failure()
                return None
            incoming = await self._over(self._primary, outgoing, expiry)
        except grpc.aio.AioRpcError as error:
            if not self._silent(error, began) and error.code() is not grpc.StatusCode.UNAVAILABLE:
                self._breaker.success()
                raise
            self._breaker.failure()
            if isinstance(error, UnreachableError):
                return None
            again = error.code() is grpc.StatusCode.UNAVAILABLE and self._repeatable(outgoing)
            if again and self._budget.spend():
                return None
            raise
        except BaseException:
            # Cancelled, for instance: the breaker has to know that nobody is trying any more.
            self._breaker.abandon()
            raise
        self._breaker.success()
        self._budget.success()
        return incoming

    async def _try_fallback(self, outgoing: Outgoing, expiry: float | None) -> Incoming:
        if not self._fallback_breaker.allow():
            raise unreachable("neither of the two ways to the instance answers", "INSTANCE_SILENT")
        began = self._clock()
        try:
            await self._require_alive(outgoing, expiry)
            incoming = await self._over(self._fallback, outgoing, expiry)
        except grpc.aio.AioRpcError as error:
            if self._silent(error, began):
                self._fallback_breaker.failure()
            else:
                # A refusal costs no time, so that it may be asked for again.
                self._fallback_breaker.success()
            raise
        except BaseException:
            self._fallback_breaker.abandon()
            raise
        self._fallback_breaker.success()
        return incoming

    async def _require_alive(self, outgoing: Outgoing, expiry: float | None) -> None:
        if self._repeatable(outgoing):
            return
        left = self._left(outgoing, expiry)
        if not await answers(
            self._fallback, self._connect_seconds if left is None else min(left, self._connect_seconds)
        ):
            raise unreachable("the fallback does not answer", "INSTANCE_SILENT")

    def _silent(self, error: grpc.aio.AioRpcError, began: float) -> bool:
        if isinstance(error, UnreachableError) or error.code() is grpc.StatusCode.DEADLINE_EXCEEDED:
            return self._clock() - began >= self._connect_seconds
        return False

    def _repeatable(self, outgoing: Outgoing) -> bool:
        return may_repeat(outgoing.method.path, outgoing.request)

    async def _over(self, channel: grpc.aio.Channel, outgoing: Outgoing, expiry: float | None) -> Incoming:
        method = outgoing.method
        call = channel.unary_unary(method.path, method.serialize, method.deserialize)
        return await complete(
            call(outgoing.request, timeout=self._left(outgoing, expiry), metadata=tuple(outgoing.metadata))
        )

    def _left(self, outgoing: Outgoing, expiry: float | None) -> float | None:
        if expiry is None:
            return None
        left = expiry - self._clock()
        if left <= 0:
            raise deadline_exceeded(outgoing.method.path)
        return left

    async def _connected(self, left: float | None) -> bool:
        # Asked before the call is sent, because afterwards gRPC tells nobody whether it was.
        limit = self._connect_seconds if left is None else min(left, self._connect_seconds)
        try:
            async with asyncio.timeout(limit):
                return await _settled(self._primary) is grpc.ChannelConnectivity.READY
        except TimeoutError:
            return False


async def _settled(channel: grpc.aio.Channel) -> grpc.ChannelConnectivity:
    state = channel.get_state(try_to_connect=True)
    while state in {grpc.ChannelConnectivity.IDLE, grpc.ChannelConnectivity.CONNECTING}:
        await channel.wait_for_state_change(state)
        state = channel.get_state(try_to_connect=True)
    return state
