"""Streams, which only gRPC itself carries."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
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

        handlers: dict[str, Any] = {
            "/echo/unary_unary": grpc.unary_unary_rpc_method_handler(one),
            "/echo/unary_stream": grpc.unary_stream_rpc_method_handler(several),
            "/echo/stream_unary": grpc.stream_unary_rpc_method_handler(one),
            "/echo/stream_stream": grpc.stream_stream_rpc_method_handler(several),
        }
        found: grpc.RpcMethodHandler[Any, Any] = handlers[handler_call_details.method]
        return found


@asynccontextmanager
async def echo() -> AsyncIterator[grpc.aio.Channel]:
    server = grpc.aio.server()
    server.add_generic_rpc_handlers((Echo(),))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    async with grpc_channel(f"127.0.0.1:{port}") as channel:
        yield channel
    await server.stop(None)


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
