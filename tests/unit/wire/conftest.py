"""A server that answers as a test says."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from servanda.wire import Address, Client, Times

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@dataclass
class Server:
    """Keeps what each of its connections received.

    Attributes:
        answers: What the next requests get, in order; then :data:`OK`. Nothing at all ends the connection.
        closes: Whether a connection ends after an answer, which says nothing of it.
    """

    port: int = 0
    closes: bool = False
    answers: list[bytes] = field(default_factory=list)
    received: list[list[bytes]] = field(default_factory=list)
    serving: list[asyncio.Task[None] | None] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked: list[bytes] = []
        self.serving.append(asyncio.current_task())
        self.received.append(asked)
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                asked.append(await reader.readuntil(b"\r\n\r\n"))
                answer = self.answers.pop(0) if self.answers else OK
                writer.write(answer)
                await writer.drain()
                if self.closes or not answer or b"Content-Length" not in answer:
                    break
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    async def all_ended(self) -> None:
        """Wait for the end of every connection."""
        await asyncio.gather(*(task for task in self.serving if task is not None))

    def client(self, *, keeps: bool = False, seconds: float = 5, most_bytes: int = 1000) -> Client:
        address = Address.of(f"http://127.0.0.1:{self.port}")
        return Client(address, Times(seconds, seconds), most_bytes, keeps=keeps)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    served = Server()
    async with await asyncio.start_server(served.serve, "127.0.0.1", 0) as listening:
        served.port = listening.sockets[0].getsockname()[1]
        yield served
        await served.all_ended()
