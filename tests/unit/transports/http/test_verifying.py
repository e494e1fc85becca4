from __future__ import annotations

import asyncio
import contextlib
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from servanda.configuration import Connection, Limits
from servanda.errors import ContractError, LimitError
from servanda.transports.http.interaction import HttpInteraction
from servanda.transports.http.verifying import HttpVerifier
from servanda.verdict import Reason, ReasonKind
from tests.samples.library.contracts import a_book_over_http, contract


@dataclass
class Provider:
    """Answers every connection with the same bytes and keeps what it was sent."""

    answer: bytes = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
    goes_on: bytes = b""
    address: str = ""
    received: list[bytes] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.received.append(await reader.read(65536))
        writer.write(self.answer)
        with contextlib.suppress(ConnectionError):
            while self.goes_on:
                writer.write(self.goes_on)
                await writer.drain()
                await asyncio.sleep(0)
        writer.close()


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    served = Provider()
    async with await asyncio.start_server(served.serve, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()[:2]
        served.address = f"{host}:{port}"
        yield served


@pytest.fixture
def ask(provider: Provider, tmp_path: Path) -> Callable[..., Awaitable[tuple[Reason, ...]]]:
    async def send(**request: object) -> tuple[Reason, ...]:
        interaction = contract(tmp_path, a_book_over_http(request=request, response={"status": 404})).interactions[0]
        assert isinstance(interaction, HttpInteraction)
        transport = HttpVerifier(provider.address, Limits(answer_seconds=10, answer_bytes=10_000))
        try:
            return await transport.verify(interaction)
        finally:
            await transport.close()

    return send


Ask = Callable[..., Awaitable[tuple[Reason, ...]]]


async def test_the_request_is_that_of_the_contract_and_nothing_more(provider: Provider, ask: Ask) -> None:
    body = {"content": {"a": 1}, "contentType": "application/json", "encoded": False}
    headers = {"X-Trace": ["1", "2"]}
    assert await ask(method="POST", path="/a%2Fb/c:d", query={"q": ["x y", "&"]}, headers=headers, body=body) == ()
    head, _, sent = provider.received[0].partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    assert first == "POST /a%2Fb/c:d?q=x+y&q=%26 HTTP/1.1"
    assert sorted(lines) == sorted(
        [f"Host: {provider.address}", "X-Trace: 1, 2", "Content-Type: application/json", f"Content-Length: {len(sent)}"]
    )
    assert sent == b'{"a": 1}'


async def test_cookies_are_sent_in_one_line(provider: Provider, ask: Ask) -> None:
    assert await ask(method="GET", path="/", headers={"Cookie": ["a=1", "b=2"]}) == ()
    assert b"\r\nCookie: a=1; b=2\r\n" in provider.received[0]


async def test_a_redirect_is_an_answer_of_its_own(provider: Provider, ask: Ask) -> None:
    provider.answer = b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"
    (reason,) = await ask(method="GET", path="/")
    assert (reason.path, reason.expected, reason.actual) == ("status", "404", "302")


async def test_a_connection_that_ends_without_a_response_is_no_answer(provider: Provider, ask: Ask) -> None:
    provider.answer = b""
    (reason,) = await ask(method="GET", path="/")
    assert reason.kind is ReasonKind.NO_ANSWER


async def test_a_closed_port_is_a_failed_connection(provider: Provider, ask: Ask) -> None:
    provider.address = "127.0.0.1:1"
    (reason,) = await ask(method="GET", path="/")
    assert reason.kind is ReasonKind.TRANSPORT
    assert "http://127.0.0.1:1" in reason.message


async def test_a_connection_that_is_never_made_is_a_failed_one(tmp_path: Path) -> None:
    ended = asyncio.Event()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        await writer.wait_closed()
        ended.set()

    (interaction,) = contract(tmp_path, a_book_over_http(response={"status": 404})).interactions
    assert isinstance(interaction, HttpInteraction)
    async with await asyncio.start_server(listen, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()[:2]
        transport = HttpVerifier(f"https://{host}:{port}", Limits(answer_seconds=0.4))
        (reason,) = await transport.verify(interaction)
        await transport.close()
        await ended.wait()
    told = f"no connection to https://{host}:{port} within 0.2 s"
    assert (reason.kind, reason.message) == (ReasonKind.TRANSPORT, told)


CHUNKED = b"HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n"


async def test_an_answer_that_never_ends_is_no_answer(provider: Provider, tmp_path: Path) -> None:
    provider.answer, provider.goes_on = CHUNKED, b"1\r\n.\r\n"
    interaction = contract(tmp_path, a_book_over_http(response={"status": 404})).interactions[0]
    assert isinstance(interaction, HttpInteraction)
    transport = HttpVerifier(provider.address, Limits(answer_seconds=0.2))
    (reason,) = await transport.verify(interaction)
    await transport.close()
    assert (reason.kind, reason.message) == (ReasonKind.NO_ANSWER, "no complete response within 0.2 s")


async def test_headers_that_never_end_are_no_answer(provider: Provider, ask: Ask) -> None:
    provider.answer, provider.goes_on = b"HTTP/1.1 404 Not Found\r\n", b"X-A: b\r\n"
    (reason,) = await ask(method="GET", path="/")
    assert reason.kind is ReasonKind.NO_ANSWER


async def test_an_answer_without_bounds_is_not_read_to_its_end(provider: Provider, ask: Ask) -> None:
    provider.answer, provider.goes_on = CHUNKED, b"400\r\n" + b"." * 1024 + b"\r\n"
    with pytest.raises(LimitError, match="limit of 10000 bytes"):
        await ask(method="GET", path="/")


async def test_a_compressed_answer_counts_as_long_as_it_becomes(provider: Provider, ask: Ask) -> None:
    body = gzip.compress(b"\0" * 1_000_000)
    head = f"HTTP/1.1 404 Not Found\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n"
    provider.answer = head.encode() + body
    with pytest.raises(LimitError, match="limit of 10000 bytes"):
        await ask(method="GET", path="/")


async def test_an_answer_that_is_not_coded_as_it_says_breaks_the_contract(provider: Provider, ask: Ask) -> None:
    provider.answer = b"HTTP/1.1 404 Not Found\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}"
    (reason,) = await ask()
    assert (reason.kind, reason.path) == (ReasonKind.MISMATCH, "header.content-encoding")
    assert reason.message == "the body of the answer does not have its declared content coding gzip"


async def test_a_path_without_a_slash_gets_one(provider: Provider, ask: Ask) -> None:
    assert await ask(method="GET", path="books") == ()
    assert provider.received[0].startswith(b"GET /books HTTP/1.1\r\n")


@pytest.mark.parametrize(("value", "sent"), [("Zürich", b"Z\xfcrich"), ("北京", "北京".encode())])
async def test_a_header_outside_of_ascii_is_sent(provider: Provider, ask: Ask, value: str, sent: bytes) -> None:
    assert await ask(method="GET", path="/", headers={"X-City": [value]}) == ()
    assert b"X-City: " + sent + b"\r\n" in provider.received[0]


@pytest.mark.parametrize(
    "request_",
    [
        {"method": "GET", "path": "/", "headers": {"X-A": ["a\r\nX-B: b"]}},
        {"method": "GET", "path": "/", "headers": {"X A": ["a"]}},
        {"method": "GET IT", "path": "/"},
        {"method": "GET", "path": "/\x00"},
    ],
)
async def test_what_is_no_request_is_no_fault_of_the_provider(
    provider: Provider, ask: Ask, request_: dict[str, object]
) -> None:
    with pytest.raises(ContractError, match="the request cannot be sent as it is written"):
        await ask(**request_)
    assert provider.received in ([], [b""])


async def test_a_provider_that_closes_the_connection_after_an_answer_does_not_break_the_next_interaction(
    tmp_path: Path,
) -> None:
    closed: asyncio.Queue[None] = asyncio.Queue()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        # As uvicorn does after an error that the application answered with 500: nothing says that it will close.
        writer.write(b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        await reader.read(1)
        writer.close()
        await writer.wait_closed()
        closed.put_nowait(None)

    interaction = contract(tmp_path, a_book_over_http(response={"status": 500})).interactions[0]
    assert isinstance(interaction, HttpInteraction)
    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()[:2]
        transport = HttpVerifier(f"{host}:{port}", Limits(answer_seconds=5))
        told = [await transport.verify(interaction) for _ in range(3)]
        await transport.close()
        for _ in told:
            await closed.get()
    assert told == [(), (), ()]


async def test_configured_headers_replace_those_of_the_contract(provider: Provider, tmp_path: Path) -> None:
    request = {"method": "GET", "path": "/", "headers": {"authorization": ["Bearer example"], "X-A": ["1"]}}
    interaction = contract(tmp_path, a_book_over_http(request=request, response={"status": 404})).interactions[0]
    assert isinstance(interaction, HttpInteraction)
    way = Connection(headers={"Authorization": "Bearer t0p"})
    transport = HttpVerifier(f"http://{provider.address}/api/", Limits(answer_seconds=5), way)
    assert await transport.verify(interaction) == ()
    await transport.close()
    first, *lines = provider.received[0].decode().strip().split("\r\n")
    assert first == "GET /api/ HTTP/1.1"
    assert sorted(lines) == ["Authorization: Bearer t0p", f"Host: {provider.address}", "X-A: 1"]


async def test_the_user_in_an_address_is_sent_unless_a_header_names_one(provider: Provider, tmp_path: Path) -> None:
    interaction = contract(tmp_path, a_book_over_http(response={"status": 404})).interactions[0]
    assert isinstance(interaction, HttpInteraction)
    for way in (Connection(), Connection(headers={"authorization": "Bearer t0p"})):
        transport = HttpVerifier(f"http://ada:pass@{provider.address}", Limits(answer_seconds=5), way)
        assert await transport.verify(interaction) == ()
        await transport.close()
    sent = [
        [line for line in each.split(b"\r\n") if line.lower().startswith(b"authorization")]
        for each in provider.received
    ]
    assert sent == [[b"Authorization: Basic YWRhOnBhc3M="], [b"authorization: Bearer t0p"]]


@pytest.mark.parametrize("body", [None, {"content": None}])
async def test_null_is_sent_only_where_a_contract_declares_json(provider: Provider, ask: Ask, body: object) -> None:
    assert await ask(method="POST", path="/", body=body) == ()
    assert await ask(method="POST", path="/", headers={"Content-Type": ["application/json"]}, body=body) == ()
    without, declared = provider.received
    assert without.endswith(b"Content-Length: 0\r\n\r\n")
    assert b"content-type" not in without.lower()
    assert declared.endswith(b"\r\n\r\nnull")


async def test_the_host_of_the_contract_is_sent_in_place_of_that_of_the_address(provider: Provider, ask: Ask) -> None:
    assert await ask(method="GET", path="/", headers={"host": ["shop.example"]}) == ()
    lines = provider.received[0].decode().lower().split("\r\n")
    assert [line for line in lines if line.startswith("host:")] == ["host: shop.example"]
