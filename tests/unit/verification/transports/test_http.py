from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from servanda.pact import HttpInteraction
from servanda.verdict import Reason, ReasonKind
from servanda.verification.transports import HttpTransport
from tests.samples.library.contracts import a_book_over_http, contract


@dataclass
class Provider:
    """Answers every connection with the same bytes and keeps what it was sent."""

    answer: bytes = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
    address: str = ""
    received: list[bytes] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.received.append(await reader.read(65536))
        writer.write(self.answer)
        await writer.drain()
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
        transport = HttpTransport(provider.address, 1.0)
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
