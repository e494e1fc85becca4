"""What only the channel in memory can do."""

from __future__ import annotations

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
