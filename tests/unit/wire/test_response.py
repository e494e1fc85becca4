from __future__ import annotations

import pytest

from servanda.wire import OverlongError, Request, Response, UnansweredError
from servanda.wire.response import Reading
from tests.unit.wire.conftest import Server

GET = Request("GET", "/")
EARLY = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n"


def read(data: bytes, *, size: int = 1 << 20, head_only: bool = False, most_bytes: int = 100) -> Reading:
    """Read it in pieces of a size, until it is whole or the connection ends."""
    reading = Reading(most_bytes, head_only=head_only)
    for start in range(0, len(data), size):
        if not reading.is_whole:
            reading.feed(data[start : start + size])
    reading.end()
    return reading


@pytest.mark.parametrize("size", [1, 7, 1000])
@pytest.mark.parametrize(
    ("data", "response"),
    [
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-A: 1\r\nx-a: 2\r\n\r\nok",
            Response(200, "OK", (("content-length", "2"), ("x-a", "1"), ("x-a", "2")), b"ok"),
        ),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\no\r\n1;a=b\r\nk\r\n0\r\nX-Later: 1\r\n\r\n",
            Response(200, "OK", (("transfer-encoding", "chunked"),), b"ok"),
        ),
        (b"HTTP/1.0 404 Not Found\r\n\r\nuntil the end", Response(404, "Not Found", (), b"until the end")),
        (b"HTTP/1.1 299\r\nContent-Length: 0\r\n\r\n", Response(299, "", (("content-length", "0"),), b"")),
        (
            EARLY + b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
            Response(200, "OK", (("content-length", "0"),), b""),
        ),
        (b"HTTP/1.1 204 No\r\nContent-Length: 9\r\n\r\n", Response(204, "No", (("content-length", "9"),), b"")),
        (b"HTTP/1.1 304 No\r\nContent-Length: 9\r\n\r\n", Response(304, "No", (("content-length", "9"),), b"")),
        (
            b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
            Response(101, "Switching Protocols", (("connection", "Upgrade"), ("upgrade", "websocket")), b""),
        ),
        (b"HTTP/1.1 200 OK\nContent-Length: 2\n\nok", Response(200, "OK", (("content-length", "2"),), b"ok")),
        (
            "HTTP/1.1 200 OK\r\nX-A: Zürich\r\nContent-Length: 0\r\n\r\n".encode("latin-1"),
            Response(200, "OK", (("x-a", "Zürich"), ("content-length", "0")), b""),
        ),
    ],
)
def test_a_response_is_read_however_it_arrives(data: bytes, response: Response, size: int) -> None:
    reading = read(data, size=size)
    assert reading.is_whole
    assert reading.response() == response


@pytest.mark.parametrize("data", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok"])
def test_what_ends_before_its_end_is_not_whole(data: bytes) -> None:
    assert not read(data).is_whole


def test_a_chunked_body_without_its_last_chunk_is_not_whole() -> None:
    assert not read(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\no\r\n").is_whole


@pytest.mark.parametrize("data", [b"SSH-2.0-OpenSSH\r\n", b"\x15\x03\x01", b"HTTP/1.1 OK\r\n\r\n", b"<html>"])
def test_what_is_no_http_is_told_so(data: bytes) -> None:
    with pytest.raises(UnansweredError, match="the answer is no HTTP"):
        read(data)


def test_headers_without_end_are_refused() -> None:
    with pytest.raises(UnansweredError, match="the headers of the answer are longer than"):
        read(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 20_000, size=4096)


def test_a_body_that_is_too_long_is_refused_before_its_end() -> None:
    with pytest.raises(OverlongError, match="longer than 100 bytes"):
        read(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + b"." * 101)


@pytest.mark.parametrize("junk", [b"junk", b"HTTP/1.1 500 No\r\nContent-Length: 3\r\n\r\nbad"])
def test_what_follows_a_response_is_none_of_it_and_ends_the_connection(junk: bytes) -> None:
    reading = read(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok" + junk)
    assert not reading.can_follow
    assert reading.response() == Response(200, "OK", (("content-length", "2"),), b"ok")


@pytest.mark.parametrize("says", [b"Connection: close\r\nContent-Length: 2\r\n", b"", b"Content-Length: 2\r\n"])
def test_a_connection_is_kept_as_the_response_says(says: bytes) -> None:
    assert read(b"HTTP/1.1 200 OK\r\n" + says + b"\r\nok").can_follow == (says == b"Content-Length: 2\r\n")


async def test_the_answer_to_head_has_no_body(server: Server) -> None:
    server.answers = [b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"]
    response = await server.client().send(Request("HEAD", "/"))
    assert (response.status, response.body) == (200, b"")


async def test_a_body_that_nobody_wants_is_not_waited_for(server: Server) -> None:
    server.answers = [b"HTTP/1.1 503 Later\r\nContent-Length: 5000\r\n\r\nand so on"]
    assert (await server.client().send(GET, head_only=True)).status == 503
