"""What only the channel in memory can do."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import grpc
import pytest
from plt.identity.v1 import identity_pb2, identity_pb2_grpc

from platformkit.channels import MemoryChannel, UnreachableError
from platformkit.context import Context, current, entered

GET = identity_pb2.GetUserRequest(user_id="7")


class Servicer(identity_pb2_grpc.IdentityServiceServicer):
    """Keeps what it is given."""

    def __init__(self) -> None:
        self.requests: list[identity_pb2.GetUserRequest] = []
        self.response = identity_pb2.GetUserResponse()
        self.request_id = "not called"

    async def GetUser(self, request: identity_pb2.GetUserRequest, context: Any) -> identity_pb2.GetUserResponse:
        self.requests.append(request)
        self.request_id = current().request_id
        return self.response

    async def _fail(self, request: Any, context: Any) -> Any:
        context.set_code(grpc.StatusCode.DATA_LOSS)
        context.set_details("gone")

    CreateUser = ListUsers = UpdateUser = DeactivateUser = _fail


class Recorder(grpc.aio.ServerInterceptor):
    """Remembers which methods passed it."""

    def __init__(self, name: str, seen: list[str]) -> None:
        self.name = name
        self.seen = seen

    async def intercept_service(
        self, continuation: Callable[[Any], Awaitable[Any]], handler_call_details: grpc.HandlerCallDetails
    ) -> Any:
        self.seen.append(f"{self.name} {handler_call_details.method.rpartition('/')[2]}")
        return await continuation(handler_call_details)


def served(servicer: Servicer, *interceptors: grpc.aio.ServerInterceptor) -> tuple[MemoryChannel, Any]:
    channel = MemoryChannel(interceptors)
    identity_pb2_grpc.add_IdentityServiceServicer_to_server(servicer, channel.server)
    return channel, identity_pb2_grpc.IdentityServiceStub(channel)


async def test_caller_and_servicer_share_no_message() -> None:
    servicer = Servicer()
    _, stub = served(servicer)
    answer = await stub.GetUser(GET)
    assert servicer.requests[0] == GET
    assert servicer.requests[0] is not GET
    assert answer is not servicer.response


async def test_caller_and_servicer_share_no_context() -> None:
    servicer = Servicer()
    _, stub = served(servicer)
    with entered(Context(request_id="the caller's")):
        await stub.GetUser(GET)
    assert servicer.request_id == ""


async def test_a_call_passes_the_interceptors_in_their_order() -> None:
    seen: list[str] = []
    _, stub = served(Servicer(), Recorder("first", seen), Recorder("second", seen))
    await stub.GetUser(GET)
    assert seen == ["first GetUser", "second GetUser"]


async def test_a_code_that_the_servicer_sets_is_the_callers_error() -> None:
    _, stub = served(Servicer())
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await stub.ListUsers(identity_pb2.ListUsersRequest())
    assert (caught.value.code(), caught.value.details()) == (grpc.StatusCode.DATA_LOSS, "gone")


async def test_a_servicer_reads_back_what_it_has_said_of_its_call() -> None:
    seen: list[object] = []

    class Forgetful(Servicer):
        async def GetUser(self, request: identity_pb2.GetUserRequest, context: Any) -> Any:
            seen.extend((context.code(), context.details(), context.trailing_metadata(), context.done()))
            context.set_code(grpc.StatusCode.DATA_LOSS)
            context.set_details("gone")
            context.set_trailing_metadata((("cost", "3"),))
            seen.extend((context.code(), context.details(), context.trailing_metadata(), context.done()))
            return self.response

    _, stub = served(Forgetful())
    with pytest.raises(grpc.aio.AioRpcError):
        await stub.GetUser(GET)
    at_first = [grpc.StatusCode.OK, "", (), False]
    assert seen == [*at_first, grpc.StatusCode.DATA_LOSS, "gone", (("cost", "3"),), False]


async def test_the_callers_error_names_what_the_servicer_raised() -> None:
    class Wrong(Servicer):
        async def GetUser(self, request: identity_pb2.GetUserRequest, context: Any) -> Any:
            raise ValueError("a bug")

    _, stub = served(Wrong())
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await stub.GetUser(GET)
    assert isinstance(caught.value.__cause__, ValueError)


async def test_a_method_that_nobody_serves_is_unimplemented() -> None:
    stub: Any = identity_pb2_grpc.IdentityServiceStub(MemoryChannel())
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await stub.GetUser(GET)
    assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED


async def test_a_channel_that_is_set_unreachable_cannot_be_connected_to() -> None:
    channel, stub = served(Servicer())
    channel.reachable = False
    assert channel.get_state() is grpc.ChannelConnectivity.TRANSIENT_FAILURE
    with pytest.raises(UnreachableError):
        await stub.GetUser(GET)


async def test_whoever_waits_for_another_state_waits_until_the_channel_is_closed() -> None:
    channel = MemoryChannel()
    waiting = asyncio.ensure_future(channel.wait_for_state_change(grpc.ChannelConnectivity.READY))
    await channel.wait_for_state_change(grpc.ChannelConnectivity.IDLE)
    await asyncio.sleep(0)
    assert not waiting.done()
    await channel.close()
    await waiting


class Waiting(Servicer):
    """Waits for as long as it may, and notes how its call ended."""

    def __init__(self) -> None:
        super().__init__()
        self.entered = asyncio.Event()
        self.ends: list[tuple[grpc.StatusCode, bool, bool]] = []

    async def GetUser(self, request: identity_pb2.GetUserRequest, context: Any) -> identity_pb2.GetUserResponse:
        context.add_done_callback(lambda ended: self.ends.append((ended.code(), ended.cancelled(), ended.done())))
        self.entered.set()
        await asyncio.Event().wait()
        return self.response


async def test_a_servicer_whose_time_is_up_hears_that_its_call_ended_and_was_not_cancelled() -> None:
    servicer = Waiting()
    _, stub = served(servicer)
    with pytest.raises(grpc.aio.AioRpcError):
        await stub.GetUser(GET, timeout=0.01)
    assert servicer.ends == [(grpc.StatusCode.DEADLINE_EXCEEDED, False, True)]


async def test_a_servicer_whose_caller_gives_up_hears_that_its_call_was_cancelled() -> None:
    servicer = Waiting()
    _, stub = served(servicer)
    call = stub.GetUser(GET)
    await servicer.entered.wait()
    call.cancel()
    assert await call.code() is grpc.StatusCode.CANCELLED
    assert servicer.ends == [(grpc.StatusCode.CANCELLED, True, True)]
