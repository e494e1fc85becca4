"""A call as its caller sees it, before and after its end."""

from __future__ import annotations

import asyncio
import gc
import weakref

import grpc
import pytest

from platformkit.channels import MemoryChannel
from platformkit.channels.call import Incoming, TaskCall
from platformkit.channels.errors import failed

TRAILING = (("cost", "3"), ("token-bin", b"\x00"))


def call_of(outcome: Incoming | Exception | None, timeout: float | None = None) -> TaskCall:
    """Return a call that has answered, has failed or (None) was cancelled."""
    task: asyncio.Future[Incoming] = asyncio.get_running_loop().create_future()
    if outcome is None:
        task.cancel()
    elif isinstance(outcome, Incoming):
        task.set_result(outcome)
    else:
        task.set_exception(outcome)
    return TaskCall(task, timeout)


async def test_a_call_that_answered_shows_what_came_with_the_answer() -> None:
    call = call_of(Incoming("response", (("served-by", "test"),), TRAILING))
    assert await call == "response"
    assert tuple(await call.initial_metadata()) == (("served-by", "test"),)
    assert tuple(await call.trailing_metadata()) == TRAILING
    assert (await call.code(), await call.details(), call.done()) == (grpc.StatusCode.OK, "", True)


async def test_a_call_that_failed_shows_what_came_with_the_error() -> None:
    initial, trailing = grpc.aio.Metadata(("served-by", "test")), grpc.aio.Metadata(*TRAILING)
    call = call_of(grpc.aio.AioRpcError(grpc.StatusCode.ABORTED, initial, trailing, details="stale"))
    assert tuple(await call.initial_metadata()) == (("served-by", "test"),)
    assert tuple(await call.trailing_metadata()) == TRAILING
    assert (await call.code(), await call.details()) == (grpc.StatusCode.ABORTED, "stale")
    with pytest.raises(grpc.aio.AioRpcError):
        await call


async def test_an_error_that_says_nothing_has_empty_details_and_no_metadata() -> None:
    call = call_of(grpc.aio.AioRpcError(grpc.StatusCode.ABORTED, grpc.aio.Metadata(), grpc.aio.Metadata()))
    assert await call.details() == ""
    assert (tuple(await call.initial_metadata()), tuple(await call.trailing_metadata())) == ((), ())


async def test_a_call_that_was_cancelled_shows_that_and_no_metadata() -> None:
    call = call_of(None)
    assert (await call.code(), call.cancelled()) == (grpc.StatusCode.CANCELLED, True)
    assert await call.details() == "Locally cancelled by application!"
    assert (tuple(await call.initial_metadata()), tuple(await call.trailing_metadata())) == ((), ())


async def test_the_time_that_is_left_falls_to_zero_and_not_below() -> None:
    assert call_of(None).time_remaining() is None
    assert call_of(None, -1.0).time_remaining() == 0.0
    assert call_of(None, 60.0).time_remaining() == pytest.approx(60.0, abs=1)


async def test_a_callback_is_told_of_the_end_with_the_call() -> None:
    call, told = call_of(Incoming("response")), asyncio.Event()
    seen: list[object] = []
    call.add_done_callback(seen.append)
    call.add_done_callback(lambda _: told.set())
    await told.wait()
    assert seen == [call]


async def test_whoever_asks_how_a_call_ended_waits_for_its_end() -> None:
    task: asyncio.Future[Incoming] = asyncio.get_running_loop().create_future()
    call = TaskCall(task, None)
    asked = asyncio.ensure_future(call.code())
    asyncio.get_running_loop().call_soon(task.set_result, Incoming("response"))
    assert await asked is grpc.StatusCode.OK


async def test_a_mistake_of_the_channel_itself_is_not_taken_for_an_answer() -> None:
    with pytest.raises(ZeroDivisionError):
        await call_of(ZeroDivisionError()).code()


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("unary_stream", "server streaming"),
        ("stream_unary", "client streaming"),
        ("stream_stream", "bidirectional streaming"),
    ],
)
async def test_a_stream_is_refused_by_its_name_and_with_what_to_do(kind: str, said: str) -> None:
    async with MemoryChannel() as channel:
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            getattr(channel, kind)("/p.S/M")()
    assert refused.value.code() is grpc.StatusCode.UNIMPLEMENTED
    expected = f"MemoryChannel carries unary calls only, and /p.S/M is {said}; call it over gRPC"
    assert refused.value.details() == expected


class Answer:
    """An answer that tells when nobody holds it any more."""

    def __init__(self, _: bytes) -> None:
        pass


async def test_a_channel_keeps_nothing_of_a_call_that_ended() -> None:
    channel = MemoryChannel()

    async def answer(request: bytes, _: object) -> bytes:
        return request

    handlers = {"M": grpc.unary_unary_rpc_method_handler(answer, bytes, bytes)}
    channel.server.add_registered_method_handlers("p.S", handlers)
    kept = weakref.ref(await channel.unary_unary("/p.S/M", bytes, Answer)(b"request"))
    # The loop itself holds what it has just handed out.
    await asyncio.sleep(0)
    gc.collect()
    assert kept() is None


async def test_a_call_without_serializers_carries_bytes_as_they_are() -> None:
    channel = MemoryChannel()

    async def echo(request: bytes, _: object) -> bytes:
        return request + b"!"

    handlers = {"M": grpc.unary_unary_rpc_method_handler(echo, bytes, bytes)}
    channel.server.add_registered_method_handlers("p.S", handlers)
    assert await channel.unary_unary("/p.S/M")(b"request") == b"request!"


def test_an_error_of_the_transport_tells_its_reason() -> None:
    assert (
        b"CONNECTION_LOST"
        in dict(failed(grpc.StatusCode.UNAVAILABLE, "m", "CONNECTION_LOST").trailing_metadata())[
            "grpc-status-details-bin"
        ]
    )
