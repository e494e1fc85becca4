"""The HTTP port: what arrives is an answerable request within limits, or is refused in the one shape."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest
from structlog.testing import capture_logs

from platformkit.lifecycle.http_limits import HttpLimits
from platformkit.lifecycle.http_server import HttpServer
from platformkit.transcoding import EdgeRequest, HttpEdge, HttpResponse, json_response
from platformkit.transcoding.errors import not_found

GET = b"GET /a HTTP/1.1\r\nhost: a\r\n"
POST = b"POST /a HTTP/1.1\r\nhost: a\r\n"


class Port:
    """A port that answers every path with the length of the body, after `held` if that is set."""

    def __init__(self, limits: HttpLimits) -> None:
        self._limits = limits
        self.held: asyncio.Event | None = None
        self.asked = asyncio.Event()

    async def answer(self, request: EdgeRequest, _: Any) -> HttpResponse:
        self.asked.set()
        if request.path == "/unread":
            return json_response({})
        body = await request.body.read()
        if self.held is not None:
            await self.held.wait()
        return json_response({"bytes": len(body)})

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Callable[[], AbstractAsyncContextManager[Peer]]]:
        def nothing(verb: str, path: str) -> Any:
            raise not_found(path)

        async def never(_: Any) -> Any:
            raise AssertionError

        edge = HttpEdge(nothing, never, [self.answer])
        listener = socket.create_server(("127.0.0.1", 0))
        server = HttpServer(edge, listener, 1, self._limits)
        server.start()
        try:
            yield lambda: connected(listener.getsockname()[1])
        finally:
            if self.held is not None:
                self.held.set()
            await server.stop()
            listener.close()


class Peer:
    """Sends bytes, and reads responses."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def send(self, *parts: bytes) -> None:
        for part in parts:
            self._writer.write(part)
            await self._writer.drain()

    async def response(self) -> tuple[int, dict[str, str], bytes]:
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        status, *lines = head.strip().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines)
        body = await self._reader.readexactly(int(headers.get("content-length", "0")))
        return int(status.split()[1]), headers, body

    async def refusal(self) -> tuple[int, str]:
        """Return status and reason of a refusal, after which the connection is closed."""
        status, headers, body = await self.response()
        assert headers["connection"] == "close"
        assert headers["content-type"] == "application/json"
        assert headers["x-request-id"]
        assert await self._reader.read() == b""
        return status, json.loads(body)["error"]["details"][0]["reason"]

    async def closed(self) -> bool:
        return await self._reader.read() == b""


@asynccontextmanager
async def connected(port: int) -> AsyncIterator[Peer]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield Peer(reader, writer)
    finally:
        writer.close()


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        pytest.param(b"\x16\x03\x01\x02\x00\x01", (400, "MALFORMED_HTTP"), id="tls"),
        pytest.param(b"GET /a\r\n\r\n", (505, "HTTP_VERSION_NOT_SUPPORTED"), id="http-0.9"),
        pytest.param(b"GET /a HTTP/1.1\r\n\r\n", (400, "MALFORMED_HTTP"), id="no-host"),
        pytest.param(GET + b"host: b\r\n\r\n", (400, "MALFORMED_HTTP"), id="two-hosts"),
        pytest.param(b"GET /a HTTP/2.0\r\nhost: a\r\n\r\n", (505, "HTTP_VERSION_NOT_SUPPORTED"), id="http-2"),
        pytest.param(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", (400, "MALFORMED_HTTP"), id="http-2-preface"),
        pytest.param(GET + b"na me: x\r\n\r\n", (400, "MALFORMED_HTTP"), id="space-in-a-name"),
        pytest.param(GET + b"a: x\ry\r\n\r\n", (400, "MALFORMED_HTTP"), id="bare-carriage-return"),
        pytest.param(GET + b"a: x\x00y\r\n\r\n", (400, "MALFORMED_HTTP"), id="null-byte"),
        pytest.param(
            POST + b"content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n",
            (400, "MALFORMED_HTTP"),
            id="both-lengths",
        ),
        pytest.param(
            POST + b"content-length: 3\r\ncontent-length: 4\r\n\r\n", (400, "MALFORMED_HTTP"), id="two-lengths"
        ),
        pytest.param(POST + b"content-length: +3\r\n\r\n", (400, "MALFORMED_HTTP"), id="signed-length"),
        pytest.param(POST + b"transfer-encoding: gzip\r\n\r\n", (400, "MALFORMED_HTTP"), id="other-coding"),
        pytest.param(POST + b"transfer-encoding: chunked\r\n\r\nz\r\n", (400, "MALFORMED_HTTP"), id="no-chunk-size"),
        pytest.param(b"GET http://[ HTTP/1.1\r\nhost: a\r\n\r\n", (400, "MALFORMED_HTTP"), id="no-address"),
        pytest.param(b"GET /" + b"a" * 100 + b" HTTP/1.1\r\nhost: a\r\n\r\n", (414, "TARGET_TOO_LONG"), id="long-path"),
        pytest.param(GET + b"a: b\r\n" * 20 + b"\r\n", (431, "HEADERS_TOO_LARGE"), id="many-headers"),
        pytest.param(GET + b"a: " + b"b" * 250 + b"\r\n\r\n", (431, "HEADERS_TOO_LARGE"), id="long-header"),
    ],
)
async def test_what_is_no_answerable_request_is_refused_in_the_one_shape(
    sent: bytes, expected: tuple[int, str]
) -> None:
    with capture_logs() as lines:
        async with Port(HttpLimits(target_bytes=64, headers=10, header_bytes=200)).open() as connect, connect() as peer:
            await peer.send(sent)
            assert await peer.refusal() == expected
    refused = [line for line in lines if line["event"] == "connection refused"]
    assert [(line["status"], line["reason"], line["peer"]) for line in refused] == [(*expected, "127.0.0.1")]


async def test_a_header_line_without_an_end_is_refused_before_it_fills_the_memory() -> None:
    async with Port(HttpLimits(target_bytes=64, header_bytes=200)).open() as connect, connect() as peer:
        await peer.send(GET, b"a: ", *[b"b" * 100] * 5)
        assert await peer.refusal() == (431, "HEADERS_TOO_LARGE")


async def test_headers_that_do_not_arrive_in_time_are_refused() -> None:
    async with Port(HttpLimits(header_seconds=0.05)).open() as connect, connect() as peer:
        await peer.send(GET)
        assert await peer.refusal() == (408, "HEADERS_TOO_SLOW")


@pytest.mark.parametrize("begun", [b"", b"\r\n"], ids=["silent", "empty-lines"])
async def test_a_connection_that_begins_nothing_is_closed(begun: bytes) -> None:
    async with Port(HttpLimits(header_seconds=0.05)).open() as connect, connect() as peer:
        await peer.send(begun)
        assert await peer.closed()


@pytest.mark.parametrize("more", [b"", b"\r\n"], ids=["silent", "empty-lines"])
async def test_a_connection_that_is_idle_after_an_answer_is_closed(more: bytes) -> None:
    async with Port(HttpLimits(idle_seconds=0.05)).open() as connect, connect() as peer:
        await peer.send(GET, b"\r\n")
        assert (await peer.response())[0] == 200
        await peer.send(more)
        assert await peer.closed()


async def test_a_body_that_nobody_reads_ends_with_its_time() -> None:
    async with Port(HttpLimits(body_seconds=0.05)).open() as connect, connect() as peer:
        await peer.send(POST.replace(b"/a", b"/unread"), b"expect: 100-continue\r\ncontent-length: 9\r\n\r\n", b"1")
        assert (await peer.response())[0] == 200
        assert await peer.closed()


async def test_a_connection_answers_one_request_after_the_other() -> None:
    async with Port(HttpLimits()).open() as connect, connect() as peer:
        for size in (3, 0, 70_000):
            await peer.send(POST, f"content-length: {size}\r\n\r\n".encode(), b"x" * size)
            assert json.loads((await peer.response())[2]) == {"bytes": size}


async def test_a_refusal_is_never_taken_for_the_answer_of_an_earlier_request() -> None:
    port = Port(HttpLimits())
    port.held = asyncio.Event()
    async with port.open() as connect, connect() as peer:
        await peer.send(GET, b"\r\n")
        await port.asked.wait()
        await peer.send(b"no http\r\n\r\n")
        assert await peer.closed()


async def test_one_address_has_no_more_connections_than_it_may() -> None:
    async with Port(HttpLimits(connections_per_address=1)).open() as connect:
        async with connect() as first:
            await first.send(GET, b"\r\n")
            assert (await first.response())[0] == 200
            async with connect() as second:
                assert await second.refusal() == (503, "TOO_MANY_CONNECTIONS")
            await first.send(GET, b"connection: close\r\n\r\n")
            assert (await first.response())[0] == 200
            assert await first.closed()
        async with connect() as third:
            await third.send(GET, b"\r\n")
            assert (await third.response())[0] == 200


async def test_who_waits_for_a_100_is_invited_to_send_what_is_read() -> None:
    async with Port(HttpLimits()).open() as connect, connect() as peer:
        await peer.send(POST, b"expect: 100-continue\r\ncontent-length: 3\r\n\r\n")
        assert (await peer.response())[0] == 100
        await peer.send(b"abc")
        assert json.loads((await peer.response())[2]) == {"bytes": 3}
