"""Streams, which only gRPC itself carries."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import grpc
import pytest

from platformkit.channels import grpc_channel
from platformkit.context import Context, deadline, entered


class Echo(grpc.GenericRpcHandler):
    """Answers every kind of call with the request id that came with it and whether it has a deadline."""

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler[Any, Any] | None:
        async def one(_: Any, context: Any) -> bytes:
            limited = context.time_remaining() is not None
            return f"{dict(context.invocation_metadata())['x-request-id']} {limited}".encode()

        async def several(request: Any, context: Any) -> AsyncIterator[bytes]:
            yield await one(request, context)

        async def never(_: Any, __: Any) -> bytes:
            await asyncio.Event().wait()
            return b""

        handlers: dict[str, Any] = {
            "/echo/never": grpc.unary_unary_rpc_method_handler(never),
            "/echo/unary_unary": grpc.unary_unary_rpc_method_handler(one),
            "/echo/unary_stream": grpc.unary_stream_rpc_method_handler(several),
            "/echo/stream_unary": grpc.stream_unary_rpc_method_handler(one),
            "/echo/stream_stream": grpc.stream_stream_rpc_method_handler(several),
        }
        found: grpc.RpcMethodHandler[Any, Any] = handlers[handler_call_details.method]
        return found


@asynccontextmanager
async def echo_server() -> AsyncIterator[int]:
    server = grpc.aio.server()
    server.add_generic_rpc_handlers((Echo(),))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    yield port
    await server.stop(None)


@asynccontextmanager
async def echo() -> AsyncIterator[grpc.aio.Channel]:
    async with echo_server() as port, grpc_channel(f"127.0.0.1:{port}") as channel:
        yield channel


@asynccontextmanager
async def way_to(port: int, frozen: asyncio.Event) -> AsyncIterator[int]:
    """A port that leads to another one and swallows everything that comes from there once it is frozen."""

    ended: list[asyncio.Event] = []

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while received := await reader.read(65536):
                if not frozen.is_set():
                    writer.write(received)
        writer.close()

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ended.append(end := asyncio.Event())
        back, forth = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(carry(reader, forth), carry(back, writer))
        end.set()

    async with await asyncio.start_server(connect, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]
        server.close()
        for end in ended:
            await end.wait()


@pytest.mark.parametrize("kind", ["unary_unary", "unary_stream", "stream_unary", "stream_stream"])
async def test_every_kind_of_call_hands_on_the_context(kind: str) -> None:
    async with echo() as channel:
        with entered(Context("r-7")), deadline(10):
            request: Any = iter([b"request"]) if kind.startswith("stream") else b"request"
            call = getattr(channel, kind)(f"/echo/{kind}")(request)
            answer = [part async for part in call] if kind.endswith("stream") else [await call]
    assert answer == [b"r-7 True"]


async def test_a_proxy_for_the_outside_has_no_part_in_calls_between_services(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as nobody:
        # Bound and not listened on, so that whoever goes by the proxy is refused.
        nobody.bind(("127.0.0.1", 0))
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{nobody.getsockname()[1]}")
        async with echo() as channel:
            with entered(Context("r-7")):
                call: Any = channel.unary_unary("/echo/unary_unary")
                assert await call(b"request", timeout=10) == b"r-7 True"


async def test_calls_to_a_process_that_is_frozen_do_not_wait_for_their_deadlines() -> None:
    frozen = asyncio.Event()
    async with (
        echo_server() as server,
        way_to(server, frozen) as port,
        grpc_channel(f"127.0.0.1:{port}", ping_seconds=0.2) as channel,
    ):
        with entered(Context("r-7")):
            first: Any = channel.unary_unary("/echo/unary_unary")
            assert await first(b"request") == b"r-7 False"
            second: Any = channel.unary_unary("/echo/never")
            call = second(b"request")
            frozen.set()
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await call
    assert caught.value.code() is grpc.StatusCode.UNAVAILABLE
