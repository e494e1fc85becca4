"""A client of one server."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from servanda.wire.address import Address
from servanda.wire.connecting import connect
from servanda.wire.connection import Connection, EncryptedPipe, PlainPipe
from servanda.wire.errors import LateError, UnansweredError, UnreachableError
from servanda.wire.request import Request
from servanda.wire.response import Reading, Response

_Found: TypeAlias = tuple[int, int, int, Any]
"""Family, kind and protocol of a socket, and the address to connect it to."""


@dataclass(frozen=True, slots=True)
class Times:
    """Times that a client waits.

    Attributes:
        answer: Seconds until the whole answer is there, the connection included.
        connection: Seconds of these until there is a connection.
    """

    answer: float
    connection: float


class Client:
    """Sends requests to one server.

    Args:
        address: Where it is; its target is nothing to the client.
        times: How long it waits.
        most_bytes: How long the body of an answer may be.
        tls: What certificates are checked by, if the address is one of HTTPS.
        keeps: Whether a connection is used for more than one request. A server may close one at any time, and nobody
            can tell whether the next request was read before that: it is sent again, on another connection, unless a
            byte of an answer came. So only requests that may be sent twice can go to a client that keeps connections.
    """

    def __init__(
        self, address: Address, times: Times, most_bytes: int, *, tls: ssl.SSLContext | None = None, keeps: bool = False
    ) -> None:
        self._address = address
        self._times = times
        self._most_bytes = most_bytes
        self._tls = tls
        self._keeps = keeps
        self._kept: Connection | None = None
        self._found: deque[_Found] = deque()

    async def send(self, request: Request, *, head_only: bool = False) -> Response:
        """Send a request, and return the response.

        Args:
            request: What is sent.
            head_only: Whether the answer is there with its headers, and the body is left unread.

        Raises:
            UnsendableError: There is no such request in HTTP.
            UnreachableError: There is no connection in time.
            LateError: There is no complete answer in time.
            UnansweredError: The connection ended before there was one, or what came is none.
            OverlongError: The body of the answer is longer than the limit.
        """
        data = request.encoded(self._address.authority)
        reading = Reading(self._most_bytes, head_only=head_only or request.method == "HEAD")
        try:
            async with asyncio.timeout(self._times.answer):
                if (kept := self._taken()) is not None:
                    try:
                        return await self._ask(kept, data, reading)
                    except UnansweredError:
                        if reading.has_begun:
                            raise
                return await self._ask(await self._connected(), data, reading)
        except TimeoutError:
            missing = "complete response" if reading.has_head else "response"
            raise LateError(f"no {missing} within {self._times.answer:g} s") from None

    async def close(self) -> None:
        """Close the connection that was kept."""
        if self._kept is not None:
            self._kept.close()
            # The loop lets go of it in its next round.
            await asyncio.sleep(0)

    def _taken(self) -> Connection | None:
        kept, self._kept = self._kept, None
        if kept is None or kept.can_be_used_again:
            return kept
        kept.close()
        return None

    async def _ask(self, connection: Connection, data: bytes, reading: Reading) -> Response:
        response = await connection.ask(data, reading)
        if self._keeps:
            self._kept = connection
        else:
            connection.close()
        return response

    async def _connected(self) -> Connection:
        until = asyncio.get_running_loop().time() + self._times.connection
        try:
            return await self._connection(until)
        except TimeoutError as error:
            if error.errno:
                raise self._unreachable(error) from error
            what = f"no connection to {self._address.origin} within {self._times.connection:g} s"
            raise UnreachableError(what) from None
        except OSError as error:
            raise self._unreachable(error) from error

    def _unreachable(self, error: OSError) -> UnreachableError:
        return UnreachableError(f"no connection to {self._address.origin}: {error.strerror or error}")

    async def _connection(self, until: float) -> Connection:
        if not self._found:
            async with asyncio.timeout_at(until):
                self._found.extend(await self._addresses())
        for _ in range(len(self._found) - 1):
            try:
                return await self._open(self._found[0], until)
            except OSError:
                self._found.rotate(-1)  # the one that answers stays the first
        return await self._open(self._found[0], until)

    async def _addresses(self) -> Iterator[_Found]:
        # As bytes it is not taken for a name in another alphabet, which it is no more.
        host, port = self._address.host.encode("ascii"), self._address.port
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        return ((family, kind, number, where) for family, kind, number, _, where in found)

    async def _open(self, found: _Found, until: float) -> Connection:
        *how, where = found
        opened = socket.socket(*how)
        try:
            opened.setblocking(False)
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            await connect(opened, where, until)
            if self._tls is None:
                return Connection(PlainPipe(opened))
            async with asyncio.timeout_at(until):
                streams = await asyncio.open_connection(sock=opened, ssl=self._tls, server_hostname=self._address.host)
        except BaseException:
            opened.close()
            raise
        return Connection(EncryptedPipe(*streams))
