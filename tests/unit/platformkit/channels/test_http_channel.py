"""What only the HTTP fallback can do or fail at."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import grpc
import pytest
from aiohttp import web
from plt.identity.v1 import identity_pb2, identity_pb2_grpc

from platformkit.channels import HttpChannel, UnreachableError
from platformkit.status import ServiceError

GET = identity_pb2.GetUserRequest(user_id="7")


@asynccontextmanager
async def answering(response: web.Response) -> AsyncIterator[str]:
    async def handle(_: web.BaseRequest) -> web.Response:
        return response

    runner = web.ServerRunner(web.Server(handle))
    await runner.setup()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        await web.SockSite(runner, listening).start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            await runner.cleanup()


async def failure(base_url: str, request: Any = GET, method: str = "GetUser") -> grpc.aio.AioRpcError:
    async with HttpChannel(base_url) as channel:
        stub: Any = identity_pb2_grpc.IdentityServiceStub(channel)
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await getattr(stub, method)(request)
    return caught.value


async def test_an_address_that_nobody_listens_on_is_a_call_that_did_not_happen() -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        error = await failure(f"http://127.0.0.1:{reserved.getsockname()[1]}")
    assert isinstance(error, UnreachableError)
    assert error.code() is grpc.StatusCode.UNAVAILABLE


async def test_a_connection_that_breaks_is_a_call_that_may_have_happened() -> None:
    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    async with server:
        error = await failure(
            f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}",
            identity_pb2.CreateUserRequest(user=identity_pb2.User(email="a@example.com")),
            "CreateUser",
        )
    assert not isinstance(error, UnreachableError)
    assert ServiceError.from_rpc_error(error).reason == "CONNECTION_LOST"


@pytest.mark.parametrize(
    ("response", "code"),
    [
        pytest.param(web.Response(status=502, text="<html>"), grpc.StatusCode.UNAVAILABLE, id="a-proxy-fails"),
        pytest.param(web.Response(status=301, headers={"location": "/"}), grpc.StatusCode.UNKNOWN, id="redirect"),
        pytest.param(web.Response(text="hello"), grpc.StatusCode.INTERNAL, id="no-json"),
        pytest.param(web.Response(text="[]"), grpc.StatusCode.INTERNAL, id="another-kind-of-json"),
        pytest.param(web.Response(text='{"user": 5}'), grpc.StatusCode.INTERNAL, id="another-message"),
        pytest.param(web.Response(text=r'{"user": {"email": "\ud800"}}'), grpc.StatusCode.INTERNAL, id="no-unicode"),
        pytest.param(web.Response(text=r'{"\ud800": 1}'), grpc.StatusCode.INTERNAL, id="a-name-that-is-no-unicode"),
        pytest.param(web.Response(text="[" * 100_000), grpc.StatusCode.INTERNAL, id="deep"),
        pytest.param(web.Response(status=204), grpc.StatusCode.UNKNOWN, id="a-success-without-an-answer"),
        pytest.param(web.Response(status=500, text="[" * 100_000), grpc.StatusCode.INTERNAL, id="a-deep-error"),
        pytest.param(
            web.Response(status=500, text='{"error": {"status": "OK", "message": ""}}'),
            grpc.StatusCode.INTERNAL,
            id="an-error-that-is-none",
        ),
        pytest.param(
            web.Response(status=400, text=r'{"error": {"status": "INVALID_ARGUMENT", "message": "\ud800"}}'),
            grpc.StatusCode.INVALID_ARGUMENT,
            id="an-error-that-is-no-unicode",
        ),
        pytest.param(
            web.Response(status=404, headers={"grpc-trailer-x-bin": "%"}), grpc.StatusCode.NOT_FOUND, id="no-base64"
        ),
    ],
)
async def test_an_answer_that_is_not_ours_is_an_error_of_a_call(response: web.Response, code: grpc.StatusCode) -> None:
    async with answering(response) as base_url:
        assert (await failure(base_url)).code() is code


@pytest.mark.parametrize("value", ["a\nb", "a\r\nhost: b", "\0"])
async def test_metadata_that_cannot_be_a_header_is_an_invalid_argument(value: str) -> None:
    async with answering(web.Response(text="{}")) as base_url, HttpChannel(base_url) as channel:
        call = identity_pb2_grpc.IdentityServiceStub(channel).GetUser(GET, metadata=(("note", value),))
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await call
    error = ServiceError.from_rpc_error(caught.value)
    assert (error.code, error.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "MALFORMED_METADATA")


async def test_a_header_that_is_no_text_can_be_sent_on() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ngrpc-metadata-note: \xff\xfe\r\ncontent-length: 2\r\n\r\n{}")
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server, HttpChannel(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}") as channel:
        call = identity_pb2_grpc.IdentityServiceStub(channel).GetUser(GET)
        await call
        metadata = dict(await call.initial_metadata())
    assert str(metadata["note"]).encode("latin-1") == b"\xff\xfe"


async def test_what_a_newer_server_adds_is_left_out() -> None:
    body = '{"user": {"userId": "7", "nickname": "x", "status": "USER_STATUS_ASLEEP"}, "more": []}'
    async with answering(web.Response(text=body)) as base_url, HttpChannel(base_url) as channel:
        answer = await identity_pb2_grpc.IdentityServiceStub(channel).GetUser(GET)
    assert answer == identity_pb2.GetUserResponse(user=identity_pb2.User(user_id="7"))


async def test_an_empty_field_of_the_path_is_an_invalid_argument() -> None:
    error = ServiceError.from_rpc_error(await failure("http://127.0.0.1:1", identity_pb2.GetUserRequest()))
    assert error.code is grpc.StatusCode.INVALID_ARGUMENT
    assert [violation.field for violation in error.violations] == ["user_id"]


async def test_a_method_that_maps_to_no_request_is_unimplemented() -> None:
    async with HttpChannel("http://127.0.0.1:1") as channel:
        call = channel.unary_unary("/grpc.health.v1.Health/NoSuch")
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await call(GET)
    assert ServiceError.from_rpc_error(caught.value).reason == "NO_HTTP_MAPPING"


@pytest.mark.parametrize("kind", ["unary_stream", "stream_unary", "stream_stream"])
async def test_a_streaming_call_is_refused_when_it_is_made(kind: str) -> None:
    async with HttpChannel("http://127.0.0.1:1") as channel:
        call = getattr(channel, kind)("/acme.v1.Service/Stream")
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            call(GET)
    assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED


async def test_a_session_that_was_given_is_left_open() -> None:
    async with aiohttp.ClientSession() as session:
        await HttpChannel("http://127.0.0.1:1", session).close()
        assert not session.closed


async def test_a_call_takes_nothing_along_from_the_one_before() -> None:
    cookies: list[str | None] = []

    async def handle(request: web.BaseRequest) -> web.Response:
        cookies.append(request.headers.get("cookie"))
        return web.Response(text="{}", headers={"set-cookie": "session=1; Path=/"})

    runner = web.ServerRunner(web.Server(handle))
    await runner.setup()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        await web.SockSite(runner, listening).start()
        # By its name: of an address no cookie would be kept anyway.
        async with HttpChannel(f"http://localhost:{listening.getsockname()[1]}") as channel:
            stub: Any = identity_pb2_grpc.IdentityServiceStub(channel)
            for _ in range(2):
                await stub.GetUser(GET)
        await runner.cleanup()
    assert cookies == [None, None]
