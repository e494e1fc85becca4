"""The provider: orders over HTTP, and their provider states; ``python -m bench.verification.provider PORT``.

It is as fast as one written in Python can be, so that it is the engines that are compared.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import cast

import uvloop
from httptools import HttpRequestParser

_ORDERS: dict[str, int] = {}
_REASONS = {200: b"OK", 404: b"Not Found"}


def _answer(method: bytes, path: str, body: bytes) -> tuple[int, object]:
    if method == b"POST":
        asked = json.loads(body)
        params = asked.get("params") or {}
        if asked["action"] == "setup":
            _ORDERS[str(params["id"])] = int(params["total"])
        return 200, {}
    number = path.rpartition("/")[2]
    return (200, {"id": number, "total": _ORDERS[number]}) if number in _ORDERS else (404, {})


class Requests(asyncio.Protocol):
    """The requests of one connection; the parser calls the methods that begin with ``on_``."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._parser = HttpRequestParser(self)
        self._path, self._body = b"", b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Read what arrives."""
        self._parser.feed_data(data)

    def on_message_begin(self) -> None:
        """Begin a request."""
        self._path, self._body = b"", b""

    def on_url(self, path: bytes) -> None:
        """Take a part of the path."""
        self._path += path

    def on_body(self, body: bytes) -> None:
        """Take a part of the body."""
        self._body += body

    def on_message_complete(self) -> None:
        """Answer."""
        status, document = _answer(self._parser.get_method(), self._path.decode(), self._body)
        content = json.dumps(document).encode()
        head = b"HTTP/1.1 %d %b\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        assert self._transport is not None
        self._transport.write(head % (status, _REASONS[status], len(content)) + content)


async def main(port: int) -> None:
    """Serve until this process is ended."""
    async with await asyncio.get_running_loop().create_server(Requests, "127.0.0.1", port, backlog=1024) as server:
        await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
