"""What a caller may rely on, whatever channel its stub was made with."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import grpc
import pytest
from plt.identity.v1 import identity_pb2, identity_pb2_grpc

from platformkit.context import Context, Principal, Trace, deadline, entered
from platformkit.status import FieldViolation, ServiceError, rpc_error

Connect = Callable[[identity_pb2_grpc.IdentityServiceServicer], AbstractAsyncContextManager[grpc.aio.Channel]]

USER_ID = "7f1f0b5e-8a39-4d3c-9a7e-0d7d0f6b3a11"
TAKEN = ServiceError(
    grpc.StatusCode.ALREADY_EXISTS,
    "ada@example.com is taken",
    reason="EMAIL_TAKEN",
    metadata={"email": "ada@example.com"},
    violations=(FieldViolation("user.email", "is taken", "TAKEN"),),
)
PARENT = f"00-{'a' * 32}-{'b' * 16}-01"


class Servicer(identity_pb2_grpc.IdentityServiceServicer):
    """Answers as it is told, and remembers what it was told."""

    def __init__(self) -> None:
        self.metadata: dict[str, str | bytes] = {}
        self.created: list[identity_pb2.CreateUserRequest] = []
        self.listed: list[identity_pb2.ListUsersRequest] = []
        self.time_remaining: float | None = None
        self.cancelled = asyncio.Event()
        self.entered = asyncio.Event()
        self.may_end = asyncio.Event()

    async def GetUser(self, request: identity_pb2.GetUserRequest, context: Any) -> identity_pb2.GetUserResponse:
        self.metadata = dict(context.invocation_metadata())
        self.time_remaining = context.time_remaining()
        await context.send_initial_metadata((("served-by", "test"),))
        context.set_trailing_metadata((("cost", "3"), ("token-bin", b"\x00\xff")))
        return identity_pb2.GetUserResponse(user=identity_pb2.User(user_id=request.user_id, email="é@example.com"))

    async def CreateUser(self, request: identity_pb2.CreateUserRequest, context: Any) -> Any:
        self.created.append(request)
        error = rpc_error(TAKEN.to_status())
        await context.abort(error.code(), error.details(), tuple(error.trailing_metadata()))

    async def DeactivateUser(self, request: identity_pb2.DeactivateUserRequest, context: Any) -> Any:
        self.entered.set()
        try:
            await self.may_end.wait()
        except asyncio.CancelledError:
            self.cancelled.set()
            raise
        return identity_pb2.DeactivateUserResponse()

    async def UpdateUser(self, request: identity_pb2.UpdateUserRequest, context: Any) -> Any:
        raise ValueError("a bug")

    async def ListUsers(self, request: identity_pb2.ListUsersRequest, context: Any) -> Any:
        self.listed.append(request)
        await context.abort(grpc.StatusCode.PERMISSION_DENIED, "no details here")


async def test_a_call_answers_with_the_message_of_the_servicer(connect: Connect) -> None:
    async with connect(Servicer()) as channel:
        answer = await identity_pb2_grpc.IdentityServiceStub(channel).GetUser(
            identity_pb2.GetUserRequest(user_id=USER_ID)
        )
    assert answer == identity_pb2.GetUserResponse(user=identity_pb2.User(user_id=USER_ID, email="é@example.com"))


async def test_the_whole_request_reaches_the_servicer(connect: Connect) -> None:
    user = identity_pb2.User(email="é@example.com", labels={"team": "north"}, roles=[identity_pb2.ROLE_ADMIN])
    request, servicer = identity_pb2.CreateUserRequest(user=user, idempotency_key="k-1"), Servicer()
    async with connect(servicer) as channel:
        with pytest.raises(grpc.aio.AioRpcError):
            await identity_pb2_grpc.IdentityServiceStub(channel).CreateUser(request)
    assert servicer.created == [request]


async def test_a_request_that_is_no_body_reaches_the_servicer_too(connect: Connect) -> None:
    request, servicer = identity_pb2.ListUsersRequest(page_size=3, page_token="a b&c"), Servicer()
    async with connect(servicer) as channel:
        with pytest.raises(grpc.aio.AioRpcError):
            await identity_pb2_grpc.IdentityServiceStub(channel).ListUsers(request)
    assert servicer.listed == [request]


async def test_an_error_keeps_its_code_its_message_and_its_details(connect: Connect) -> None:
    async with connect(Servicer()) as channel:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await identity_pb2_grpc.IdentityServiceStub(channel).CreateUser(
                identity_pb2.CreateUserRequest(user=identity_pb2.User(email="ada@example.com"))
            )
    assert caught.value.code() is grpc.StatusCode.ALREADY_EXISTS
    assert caught.value.details() == TAKEN.message
    assert ServiceError.from_rpc_error(caught.value).to_status() == TAKEN.to_status()


async def test_an_error_without_details_stays_without_details(connect: Connect) -> None:
    async with connect(Servicer()) as channel:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await identity_pb2_grpc.IdentityServiceStub(channel).ListUsers(identity_pb2.ListUsersRequest())
    assert caught.value.code() is grpc.StatusCode.PERMISSION_DENIED
    assert caught.value.details() == "no details here"
    assert dict(caught.value.trailing_metadata()) == {}


async def test_what_a_servicer_raises_is_unknown_to_the_caller(connect: Connect) -> None:
    request = identity_pb2.UpdateUserRequest(user=identity_pb2.User(user_id=USER_ID))
    async with connect(Servicer()) as channel:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await identity_pb2_grpc.IdentityServiceStub(channel).UpdateUser(request)
    assert caught.value.code() is grpc.StatusCode.UNKNOWN
    assert caught.value.details() == "Unexpected <class 'ValueError'>: a bug"


async def test_the_callers_metadata_reaches_the_servicer(connect: Connect) -> None:
    servicer = Servicer()
    async with connect(servicer) as channel:
        await identity_pb2_grpc.IdentityServiceStub(channel).GetUser(
            identity_pb2.GetUserRequest(user_id=USER_ID), metadata=(("tenant", "north"), ("trace-bin", b"\x01\x00\xfe"))
        )
    assert servicer.metadata["tenant"] == "north"
    assert servicer.metadata["trace-bin"] == b"\x01\x00\xfe"


async def test_the_servicers_metadata_reaches_the_caller(connect: Connect) -> None:
    async with connect(Servicer()) as channel:
        call = identity_pb2_grpc.IdentityServiceStub(channel).GetUser(identity_pb2.GetUserRequest(user_id=USER_ID))
        await call
        initial, trailing = await call.initial_metadata(), await call.trailing_metadata()
    assert dict(initial)["served-by"] == "test"
    assert dict(trailing) == {"cost": "3", "token-bin": b"\x00\xff"}


async def test_the_context_reaches_the_servicer_but_for_the_principal_that_nobody_could_verify(
    connect: Connect,
) -> None:
    servicer = Servicer()
    with entered(Context("req-7", principal=Principal("ada"), trace=Trace(PARENT, "vendor=1"))):
        async with connect(servicer) as channel:
            await identity_pb2_grpc.IdentityServiceStub(channel).GetUser(identity_pb2.GetUserRequest(user_id=USER_ID))
    expected = {"x-request-id": "req-7", "traceparent": PARENT, "tracestate": "vendor=1"}
    assert expected.items() <= servicer.metadata.items()
    assert "ada" not in "".join(str(value) for value in servicer.metadata.values())


async def test_a_deadline_ends_the_call_on_both_sides(connect: Connect) -> None:
    servicer = Servicer()
    async with connect(servicer) as channel:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await identity_pb2_grpc.IdentityServiceStub(channel).DeactivateUser(
                identity_pb2.DeactivateUserRequest(user_id=USER_ID), timeout=0.3
            )
        await servicer.cancelled.wait()
    assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED


async def test_the_servicer_knows_the_time_that_is_left(connect: Connect) -> None:
    servicer = Servicer()
    async with connect(servicer) as channel:
        await identity_pb2_grpc.IdentityServiceStub(channel).GetUser(
            identity_pb2.GetUserRequest(user_id=USER_ID), timeout=9.0
        )
    assert servicer.time_remaining is not None
    assert 5.0 < servicer.time_remaining <= 9.1


async def test_a_call_may_not_outlast_the_request_that_it_is_made_for(connect: Connect) -> None:
    servicer = Servicer()
    async with connect(servicer) as channel:
        with deadline(5.0):
            await identity_pb2_grpc.IdentityServiceStub(channel).GetUser(
                identity_pb2.GetUserRequest(user_id=USER_ID), timeout=60.0
            )
    assert servicer.time_remaining is not None
    assert servicer.time_remaining <= 5.1


async def test_cancelling_a_call_cancels_the_servicer(connect: Connect) -> None:
    servicer = Servicer()
    async with connect(servicer) as channel:
        call = identity_pb2_grpc.IdentityServiceStub(channel).DeactivateUser(
            identity_pb2.DeactivateUserRequest(user_id=USER_ID)
        )
        waiting = asyncio.ensure_future(_answer(call))
        await servicer.entered.wait()
        call.cancel()
        await servicer.cancelled.wait()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert await call.code() is grpc.StatusCode.CANCELLED


async def test_cancelling_the_caller_cancels_the_servicer(connect: Connect) -> None:
    servicer = Servicer()
    async with connect(servicer) as channel:
        call = identity_pb2_grpc.IdentityServiceStub(channel).DeactivateUser(
            identity_pb2.DeactivateUserRequest(user_id=USER_ID)
        )
        waiting = asyncio.ensure_future(_answer(call))
        await servicer.entered.wait()
        waiting.cancel()
        await servicer.cancelled.wait()


async def test_a_call_that_succeeded_is_done_and_ok(connect: Connect) -> None:
    async with connect(Servicer()) as channel:
        call = identity_pb2_grpc.IdentityServiceStub(channel).GetUser(identity_pb2.GetUserRequest(user_id=USER_ID))
        await call
        assert call.done()
        assert not call.cancelled()
        assert await call.code() is grpc.StatusCode.OK


async def test_closing_a_channel_cancels_its_calls(connect: Connect) -> None:
    servicer = Servicer()
    async with connect(servicer) as channel:
        call = identity_pb2_grpc.IdentityServiceStub(channel).DeactivateUser(
            identity_pb2.DeactivateUserRequest(user_id=USER_ID)
        )
        waiting = asyncio.ensure_future(_answer(call))
        await servicer.entered.wait()
        await channel.close()
        await servicer.cancelled.wait()
        with pytest.raises((asyncio.CancelledError, grpc.aio.AioRpcError)):
            await waiting


async def test_closing_a_channel_with_grace_lets_its_calls_end(connect: Connect) -> None:
    servicer = Servicer()
    async with connect(servicer) as channel:
        call = identity_pb2_grpc.IdentityServiceStub(channel).DeactivateUser(
            identity_pb2.DeactivateUserRequest(user_id=USER_ID)
        )
        waiting = asyncio.ensure_future(_answer(call))
        await servicer.entered.wait()
        closing = asyncio.ensure_future(channel.close(10.0))
        servicer.may_end.set()
        assert await waiting == identity_pb2.DeactivateUserResponse()
        await closing


async def test_a_closed_channel_refuses_to_call(connect: Connect) -> None:
    async with connect(Servicer()) as channel:
        stub = identity_pb2_grpc.IdentityServiceStub(channel)
        await channel.close()
        with pytest.raises(grpc.aio.UsageError):
            await stub.GetUser(identity_pb2.GetUserRequest(user_id=USER_ID))


async def _answer(call: Any) -> Any:
    return await call
