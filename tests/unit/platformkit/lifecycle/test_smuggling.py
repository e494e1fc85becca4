"""Requests of which two hops could disagree where they end: each is refused, and nothing behind it is read."""

from __future__ import annotations

import pytest

from platformkit.lifecycle.http_limits import HttpLimits
from tests.unit.platformkit.lifecycle.test_http_protocol import GET, Port

END = b"0\r\n\r\n"
# What would be smuggled past a hop that sees the first request end before it.
NEXT = b"GET /unread HTTP/1.1\r\nhost: a\r\n\r\n"


def post(headers: bytes, body: bytes = b"") -> bytes:
    return b"POST /a HTTP/1.1\r\nhost: a\r\n" + headers + b"\r\n\r\n" + body


def chunked(body: bytes) -> bytes:
    return post(b"transfer-encoding: chunked", body)


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(post(b"content-length: 5\r\ntransfer-encoding: chunked", END), id="length-then-coding"),
        pytest.param(post(b"transfer-encoding: chunked\r\ncontent-length: 5", END), id="coding-then-length"),
        pytest.param(post(b"transfer-encoding: chunked, identity", END), id="chunked-is-not-last"),
        pytest.param(post(b"transfer-encoding: identity, chunked", END), id="another-coding-first"),
        pytest.param(post(b"transfer-encoding: chunked, chunked", END), id="chunked-twice-in-a-line"),
        pytest.param(post(b"transfer-encoding: chunked\r\ntransfer-encoding: chunked", END), id="chunked-twice"),
        pytest.param(post(b"transfer-encoding: chunked\r\ntransfer-encoding: identity", END), id="two-codings"),
        pytest.param(post(b"transfer-encoding: xchunked", END), id="prefix-of-a-coding"),
        pytest.param(post(b'transfer-encoding: "chunked"', END), id="quoted-coding"),
        pytest.param(post(b"transfer-encoding: \x0bchunked", END), id="vertical-tab"),
        pytest.param(post(b"transfer-encoding : chunked", END), id="space-before-the-colon"),
        pytest.param(post(b"transfer-encoding:\r\n chunked", END), id="folded-coding"),
        pytest.param(b"POST /a HTTP/1.0\r\ntransfer-encoding: chunked\r\n\r\n" + END, id="coding-in-http-1.0"),
        pytest.param(GET + b"a: b\r\n c: d\r\n\r\n", id="folded-header"),
        pytest.param(b"GET /a HTTP/1.1\r\n host: a\r\n\r\n", id="folded-first-header"),
        pytest.param(b"GET /a HTTP/1.1\nhost: a\n\n", id="line-feeds-alone"),
        pytest.param(GET + b"a: b\nc: d\r\n\r\n", id="line-feed-in-a-header"),
        pytest.param(GET + b"a: b\rc: d\r\n\r\n", id="carriage-return-in-a-header"),
        pytest.param(b"GET /a HTTP/1.1\n\rhost: a\r\n\r\n", id="line-feed-before-carriage-return"),
        pytest.param(post(b"content-length: 3\r\ncontent-length: 3", b"abc"), id="one-length-twice"),
        pytest.param(post(b"content-length: 3, 3", b"abc"), id="one-length-twice-in-a-line"),
        pytest.param(post(b"content-length: 0x3", b"abc"), id="hexadecimal-length"),
        pytest.param(post(b"content-length: -3", b"abc"), id="negative-length"),
        pytest.param(post(b"content-length: 1 3", b"abc"), id="length-with-a-space"),
        pytest.param(post(b"content-length: 1_0", b"abc"), id="length-with-an-underscore"),
        pytest.param(post(b"content-length: 99999999999999999999999", b"abc"), id="length-beyond-64-bits"),
        pytest.param(post(b"content-length: "), id="no-length"),
        pytest.param(post(b"content-length : 3", b"abc"), id="space-before-the-colon-of-a-length"),
        pytest.param(chunked(b"+3\r\nabc\r\n" + END), id="signed-chunk"),
        pytest.param(chunked(b"-3\r\nabc\r\n" + END), id="negative-chunk"),
        pytest.param(chunked(b"0x3\r\nabc\r\n" + END), id="prefixed-chunk"),
        pytest.param(chunked(b" 3\r\nabc\r\n" + END), id="space-before-a-chunk"),
        pytest.param(chunked(b"3 \r\nabc\r\n" + END), id="space-after-a-chunk"),
        pytest.param(chunked(b"fffffffffffffffff\r\nabc\r\n" + END), id="chunk-beyond-64-bits"),
        pytest.param(chunked(b"2\r\nabc\r\n" + END), id="longer-than-its-chunk"),
        pytest.param(chunked(b"3\nabc\n0\n\n"), id="chunks-with-line-feeds-alone"),
        pytest.param(chunked(b"3;a\nb\r\nabc\r\n" + END), id="line-feed-in-an-extension"),
        pytest.param(chunked(b"3\r\nabc\r\n0\r\ncontent-length: 9\r\n\r\n"), id="length-after-the-body"),
        pytest.param(b"GET /a HTTP/1.1\r\nhost: a, b\r\n\r\n", id="list-of-hosts"),
        pytest.param(b"GET /a HTTP/1.1\r\nhost: a@b\r\n\r\n", id="user-of-a-host"),
        pytest.param(b"GET /a b HTTP/1.1\r\nhost: a\r\n\r\n", id="space-in-the-target"),
        pytest.param(GET + b": x\r\n\r\n", id="header-without-a-name"),
        pytest.param(GET + b"a(b): x\r\n\r\n", id="no-token-as-a-name"),
        pytest.param(GET + b"a\xe9: x\r\n\r\n", id="name-beyond-ascii"),
        pytest.param(GET + b"abc\r\n\r\n", id="header-without-a-colon"),
        pytest.param(b"CONNECT a:1 HTTP/1.1\r\nhost: a\r\n\r\n", id="tunnel"),
    ],
)
async def test_a_request_without_one_end_is_refused_and_ends_the_connection(sent: bytes) -> None:
    async with Port(HttpLimits()).open() as connect, connect() as peer:
        await peer.send(sent + NEXT)
        assert await peer.refusal() == (400, "MALFORMED_HTTP")


@pytest.mark.parametrize(
    ("sent", "length"),
    [
        pytest.param(post(b"Transfer-Encoding: cHuNkEd", b"3\r\nabc\r\n" + END), 3, id="case-of-a-coding"),
        pytest.param(post(b"transfer-encoding:\tchunked", END), 0, id="tab-before-a-coding"),
        pytest.param(post(b"CONTENT-LENGTH: 3", b"abc"), 3, id="case-of-a-name"),
        pytest.param(post(b"transfer_encoding: chunked\r\ncontent-length: 3", b"abc"), 3, id="another-header"),
        pytest.param(chunked(b"3;a=b\r\nabc\r\n" + END), 3, id="extension"),
        pytest.param(GET + b"connection: upgrade\r\nupgrade: h2c\r\n\r\n", 0, id="upgrade-that-nobody-does"),
        pytest.param(b"GET /a HTTP/1.1\r\nhost: [::1]:8080\r\n\r\n", 0, id="address-as-a-host"),
    ],
)
async def test_what_has_one_end_is_read_to_it(sent: bytes, length: int) -> None:
    async with Port(HttpLimits()).open() as connect, connect() as peer:
        await peer.send(sent)
        status, _, body = await peer.response()
        assert (status, body) == (200, b'{"bytes":%d}' % length)
        await peer.send(NEXT)
        assert (await peer.response())[0] == 200
