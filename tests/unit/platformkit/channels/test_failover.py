"""When a call goes to the fallback, and when it must not."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import grpc
import pytest
from plt.identity.v1 import identity_pb2, identity_pb2_grpc

from platformkit.channels import (
    BreakerState,
    CircuitBreaker,
    Failover,
    MemoryChannel,
    UnreachableError,
    grpc_channel,
    is_idempotent,
)
from platformkit.channels.call import Incoming, Outgoing
from platformkit.channels.errors import deadline_exceeded
from platformkit.channels.methods import HEALTH_CHECK, may_repeat

USER_ID = "7f1f0b5e-8a39-4d3c-9a7e-0d7d0f6b3a11"
CREATE = identity_pb2.CreateUserRequest(user=identity_pb2.User(email="ada@example.com"))
GET = identity_pb2.GetUserRequest(user_id=USER_ID)


class Servicer(identity_pb2_grpc.IdentityServiceServicer):
    """Counts calls; fails with the code that it is told, or takes as long as it is told."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.calls = 0
        self.code: grpc.StatusCode | None = None
        self.hangs = False
        self.entered = asyncio.Event()
        self.time_remaining: float | None = None
        self.meanwhile: Callable[[], None] = lambda: None

    async def GetUser(self, request: identity_pb2.GetUserRequest, context: Any) -> identity_pb2.GetUserResponse:
        await self._happen(context)
        return identity_pb2.GetUserResponse(user=identity_pb2.User(etag=self.name))

    async def CreateUser(self, request: Any, context: Any) -> identity_pb2.CreateUserResponse:
        await self._happen(context)
        return identity_pb2.CreateUserResponse(user=identity_pb2.User(etag=self.name))

    async def _unused(self, request: Any, context: Any) -> Any:
        await context.abort(grpc.StatusCode.UNIMPLEMENTED, "")

    ListUsers = UpdateUser = DeactivateUser = _unused

    async def _happen(self, context: Any) -> None:
        self.calls += 1
        self.meanwhile()
        self.time_remaining = context.time_remaining()
        self.entered.set()
        if self.hangs:
            await asyncio.Event().wait()
        if self.code is not None:
            await context.abort(self.code, f"{self.name} fails")


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


class Pair:
    """A primary and a fallback in memory."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.breaker = CircuitBreaker(failures=2, open_seconds=10.0, clock=self.clock)
        self.primary, self.fallback = Servicer("primary"), Servicer("fallback")
        self.primary_channel, self.fallback_channel = MemoryChannel(), MemoryChannel()
        identity_pb2_grpc.add_IdentityServiceServicer_to_server(self.primary, self.primary_channel.server)
        identity_pb2_grpc.add_IdentityServiceServicer_to_server(self.fallback, self.fallback_channel.server)
        self.channel = Failover(self.primary_channel, self.fallback_channel, self.breaker, self.clock)
        self.stub: Any = identity_pb2_grpc.IdentityServiceStub(self.channel)


@pytest.fixture
async def pair() -> Pair:
    return Pair()


async def test_the_primary_is_asked_while_it_answers(pair: Pair) -> None:
    assert (await pair.stub.CreateUser(CREATE)).user.etag == "primary"
    assert pair.fallback.calls == 0


@pytest.mark.parametrize("method", ["GetUser", "CreateUser"])
async def test_a_primary_that_cannot_be_connected_to_is_replaced_for_every_call(pair: Pair, method: str) -> None:
    pair.primary_channel.reachable = False
    response = await getattr(pair.stub, method)(GET if method == "GetUser" else CREATE)
    assert response.user.etag == "fallback"


async def test_a_call_that_may_have_happened_is_not_made_again(pair: Pair) -> None:
    pair.primary.code = grpc.StatusCode.UNAVAILABLE
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await pair.stub.CreateUser(CREATE)
    assert caught.value.details() == "primary fails"
    assert (pair.primary.calls, pair.fallback.calls) == (1, 0)


async def test_a_call_without_effects_is_made_again(pair: Pair) -> None:
    pair.primary.code = grpc.StatusCode.UNAVAILABLE
    assert (await pair.stub.GetUser(GET)).user.etag == "fallback"


async def test_a_spent_budget_leaves_the_failure_to_the_caller(pair: Pair) -> None:
    channel = Failover(pair.primary_channel, pair.fallback_channel, CircuitBreaker(failures=10**6), pair.clock)
    stub: Any = identity_pb2_grpc.IdentityServiceStub(channel)
    pair.primary.code = grpc.StatusCode.UNAVAILABLE
    for _ in range(4):
        await stub.GetUser(GET)
    with pytest.raises(grpc.aio.AioRpcError, match="primary fails"):
        await stub.GetUser(GET)
    assert (pair.primary.calls, pair.fallback.calls) == (5, 4)


async def test_a_primary_that_cannot_be_connected_to_costs_no_budget(pair: Pair) -> None:
    channel = Failover(pair.primary_channel, pair.fallback_channel, CircuitBreaker(failures=10**6), pair.clock)
    stub: Any = identity_pb2_grpc.IdentityServiceStub(channel)
    pair.primary_channel.reachable = False
    for _ in range(20):
        assert (await stub.GetUser(GET)).user.etag == "fallback"


@pytest.mark.parametrize(
    "code",
    [code for code in grpc.StatusCode if code not in {grpc.StatusCode.OK, grpc.StatusCode.UNAVAILABLE}],
    ids=lambda code: code.name,
)
async def test_an_answer_is_an_answer_even_if_it_is_an_error(pair: Pair, code: grpc.StatusCode) -> None:
    pair.primary.code = code
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await pair.stub.GetUser(GET)
    assert caught.value.code() is code
    assert pair.fallback.calls == 0


async def test_the_error_of_the_fallback_is_the_callers(pair: Pair) -> None:
    pair.primary_channel.reachable = False
    pair.fallback.code = grpc.StatusCode.NOT_FOUND
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await pair.stub.GetUser(GET)
    assert caught.value.details() == "fallback fails"


async def test_an_open_breaker_spares_the_primary(pair: Pair) -> None:
    pair.primary.code = grpc.StatusCode.UNAVAILABLE
    for _ in range(4):
        await pair.stub.GetUser(GET)
    assert (pair.primary.calls, pair.fallback.calls) == (2, 4)


async def test_an_open_breaker_lets_any_call_go_to_the_fallback(pair: Pair) -> None:
    pair.primary_channel.reachable = False
    for _ in range(2):
        await pair.stub.GetUser(GET)
    pair.primary_channel.reachable = True
    assert (await pair.stub.CreateUser(CREATE)).user.etag == "fallback"


async def test_after_its_time_the_breaker_lets_one_call_probe_the_primary(pair: Pair) -> None:
    pair.primary_channel.reachable = False
    for _ in range(2):
        await pair.stub.GetUser(GET)
    pair.primary_channel.reachable = True
    pair.clock.advance(10.0)
    assert (await pair.stub.CreateUser(CREATE)).user.etag == "primary"
    assert (await pair.stub.CreateUser(CREATE)).user.etag == "primary"


async def test_a_failover_without_a_breaker_of_its_own_gives_it_its_clock(pair: Pair) -> None:
    channel = Failover(pair.primary_channel, pair.fallback_channel, clock=pair.clock)
    stub: Any = identity_pb2_grpc.IdentityServiceStub(channel)
    pair.primary_channel.reachable = False
    for _ in range(5):
        await stub.GetUser(GET)
    pair.primary_channel.reachable = True
    assert (await stub.GetUser(GET)).user.etag == "fallback"
    pair.clock.advance(5.0)
    assert (await stub.GetUser(GET)).user.etag == "primary"


async def test_an_error_of_the_call_itself_does_not_open_the_breaker(pair: Pair) -> None:
    pair.primary.code = grpc.StatusCode.NOT_FOUND
    for _ in range(5):
        with pytest.raises(grpc.aio.AioRpcError):
            await pair.stub.GetUser(GET)
    assert pair.primary.calls == 5


async def test_an_error_of_the_call_itself_shows_that_the_primary_is_there(pair: Pair) -> None:
    for code in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.NOT_FOUND, grpc.StatusCode.UNAVAILABLE):
        pair.primary.code = code
        with suppress(grpc.aio.AioRpcError):
            await pair.stub.GetUser(GET)
    assert pair.breaker.state is BreakerState.CLOSED


async def test_a_primary_that_does_not_connect_in_time_is_replaced(pair: Pair) -> None:
    class Connecting(MemoryChannel):
        def get_state(self, try_to_connect: bool = False) -> grpc.ChannelConnectivity:
            return grpc.ChannelConnectivity.CONNECTING

        async def wait_for_state_change(self, last_observed_state: grpc.ChannelConnectivity) -> None:
            await asyncio.Event().wait()

    channel = Failover(Connecting(), pair.fallback_channel, connect_seconds=0.01)
    stub: Any = identity_pb2_grpc.IdentityServiceStub(channel)
    assert (await stub.CreateUser(CREATE)).user.etag == "fallback"


async def test_a_probe_that_is_cancelled_leaves_the_turn_to_the_next(pair: Pair) -> None:
    pair.primary_channel.reachable = False
    for _ in range(2):
        await pair.stub.GetUser(GET)
    pair.clock.advance(10.0)
    pair.primary_channel.reachable = pair.primary.hangs = True
    call = pair.stub.GetUser(GET)
    await pair.primary.entered.wait()
    call.cancel()
    assert await call.code() is grpc.StatusCode.CANCELLED
    pair.primary.hangs = False
    assert (await pair.stub.GetUser(GET)).user.etag == "primary"


async def test_the_fallback_gets_the_time_that_is_left_and_no_more(pair: Pair) -> None:
    pair.primary.code = grpc.StatusCode.UNAVAILABLE
    pair.primary.meanwhile = lambda: pair.clock.advance(7.0)
    await pair.stub.GetUser(GET, timeout=10.0)
    assert pair.fallback.time_remaining == pytest.approx(3.0, abs=0.5)


async def test_no_time_left_means_no_fallback(pair: Pair) -> None:
    pair.primary.code = grpc.StatusCode.UNAVAILABLE
    pair.primary.meanwhile = lambda: pair.clock.advance(20.0)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await pair.stub.GetUser(GET, timeout=10.0)
    assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    assert pair.fallback.calls == 0


class SilentChannel(MemoryChannel):
    """A channel to a process that accepts calls and says nothing, while its clock goes on."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        super().__init__()
        self.clock = clock
        self.seconds = seconds
        self.asked: list[str] = []

    async def send(self, outgoing: Outgoing) -> Incoming:
        self.asked.append(outgoing.method.path.rpartition("/")[2])
        self.clock.advance(self.seconds)
        raise deadline_exceeded(outgoing.method.path)


async def test_a_primary_that_keeps_silent_is_replaced_in_the_end(pair: Pair) -> None:
    primary = SilentChannel(pair.clock, 1.0)
    channel = Failover(primary, pair.fallback_channel, pair.breaker, pair.clock)
    stub: Any = identity_pb2_grpc.IdentityServiceStub(channel)
    for _ in range(2):
        with pytest.raises(grpc.aio.AioRpcError):
            await stub.GetUser(GET)
    assert (await stub.GetUser(GET)).user.etag == "fallback"


async def test_a_call_that_was_given_little_time_says_nothing_against_the_primary(pair: Pair) -> None:
    primary = SilentChannel(pair.clock, 0.5)
    channel = Failover(primary, pair.fallback_channel, pair.breaker, pair.clock)
    stub: Any = identity_pb2_grpc.IdentityServiceStub(channel)
    for _ in range(5):
        with pytest.raises(grpc.aio.AioRpcError):
            await stub.GetUser(GET)
    assert pair.breaker.state is BreakerState.CLOSED


async def test_a_call_that_may_not_be_repeated_is_not_sent_to_a_fallback_that_keeps_silent(pair: Pair) -> None:
    pair.primary_channel.reachable = False
    fallback = SilentChannel(pair.clock, 0.5)
    stub: Any = identity_pb2_grpc.IdentityServiceStub(Failover(pair.primary_channel, fallback, clock=pair.clock))
    with pytest.raises(UnreachableError, match="does not answer"):
        await stub.CreateUser(CREATE)
    assert fallback.asked == ["Check"]


async def test_a_fallback_that_keeps_silent_is_left_alone_for_a_while(pair: Pair) -> None:
    pair.primary_channel.reachable = False
    fallback = SilentChannel(pair.clock, 1.0)
    stub: Any = identity_pb2_grpc.IdentityServiceStub(
        Failover(
            pair.primary_channel, fallback, CircuitBreaker(failures=1, open_seconds=60, clock=pair.clock), pair.clock
        )
    )
    for _ in range(8):
        with pytest.raises(grpc.aio.AioRpcError):
            await stub.GetUser(GET)
    assert len(fallback.asked) == 5
    with pytest.raises(UnreachableError, match="neither of the two ways"):
        await stub.GetUser(GET)
    pair.clock.advance(5.0)
    with pytest.raises(grpc.aio.AioRpcError):
        await stub.GetUser(GET)
    assert len(fallback.asked) == 6


async def test_a_fallback_that_refuses_is_asked_again_at_once(pair: Pair) -> None:
    pair.primary_channel.reachable = pair.fallback_channel.reachable = False
    for _ in range(10):
        with pytest.raises(UnreachableError):
            await pair.stub.GetUser(GET)
    pair.fallback_channel.reachable = True
    assert (await pair.stub.GetUser(GET)).user.etag == "fallback"


async def test_a_grpc_port_that_nobody_listens_on_is_replaced(pair: Pair) -> None:
    with socket.socket() as reserved:
        # Bound and not listened on, so that connecting is refused for certain.
        reserved.bind(("127.0.0.1", 0))
        closed = grpc_channel(f"127.0.0.1:{reserved.getsockname()[1]}")
        async with Failover(closed, pair.fallback_channel) as channel:
            stub: Any = identity_pb2_grpc.IdentityServiceStub(channel)
            for _ in range(3):
                assert (await stub.CreateUser(CREATE)).user.etag == "fallback"


async def test_a_grpc_server_that_comes_back_is_used_again(pair: Pair) -> None:
    server = grpc.aio.server()
    identity_pb2_grpc.add_IdentityServiceServicer_to_server(pair.primary, server)
    with socket.socket() as reserved:
        reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        reserved.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{reserved.getsockname()[1]}"
        async with Failover(grpc_channel(address), pair.fallback_channel, CircuitBreaker(failures=10**6)) as channel:
            stub: Any = identity_pb2_grpc.IdentityServiceStub(channel)
            assert (await stub.CreateUser(CREATE)).user.etag == "fallback"
            server.add_insecure_port(address)
            await server.start()
            while (await stub.CreateUser(CREATE)).user.etag != "primary":
                pass
    await server.stop(0)


async def test_closing_it_closes_both(pair: Pair) -> None:
    await pair.channel.close()
    assert pair.primary_channel.get_state() is grpc.ChannelConnectivity.SHUTDOWN
    assert pair.fallback_channel.get_state() is grpc.ChannelConnectivity.SHUTDOWN


@pytest.mark.parametrize(
    ("method", "idempotent"),
    [("GetUser", True), ("ListUsers", True), ("DeactivateUser", True), ("CreateUser", False), ("UpdateUser", False)],
)
def test_the_interface_says_which_calls_may_be_repeated(method: str, idempotent: bool) -> None:
    assert is_idempotent(f"/plt.identity.v1.IdentityService/{method}") is idempotent


def test_a_call_that_nobody_described_may_not_be_repeated() -> None:
    assert not is_idempotent("/acme.v1.Unknown/Call")


@pytest.mark.parametrize(
    ("path", "request_", "allowed"),
    [
        ("/plt.identity.v1.IdentityService/GetUser", GET, True),
        ("/plt.identity.v1.IdentityService/CreateUser", CREATE, False),
        (
            "/plt.identity.v1.IdentityService/CreateUser",
            identity_pb2.CreateUserRequest(idempotency_key="k-1"),
            True,
        ),
        (HEALTH_CHECK, b"", True),
        ("/acme.v1.Unknown/Call", b"", False),
    ],
    ids=["read", "write", "write-with-a-key", "health-check", "unknown"],
)
def test_a_call_may_be_repeated_if_its_rpc_or_its_key_promises_so(
    path: str, request_: object, *, allowed: bool
) -> None:
    assert may_repeat(path, request_) is allowed
