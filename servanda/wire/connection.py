"""One connection, and the exchanges on it, one after the other."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import Final, Protocol

from servanda.wire.errors import UnansweredError
from servanda.wire.response import Reading, Response

_PIECE: Final = 1 << 16
# As much as a system takes at once, whether or not anybody reads it.
_AT_ONCE: Final = 1 << 14


class Pipe(Protocol):
    """Bytes to a server, and from it."""

    @property
    def is_quiet(self) -> bool:
        """Tell whether it is open, and nothing came that nobody asked for."""

    async def send(self, data: bytes) -> None:
        """Send all of it."""

    async def receive(self) -> bytes:
        """Return what came, as soon as there is something; nothing at the end."""

    def close(self) -> None:
        """Close it; what was not read is lost."""


class PlainPipe:
    """A connected socket, as it is: most are for one short request, and a transport costs more than that."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected

    @property
    def is_quiet(self) -> bool:
        """Tell whether it is open, and nothing came that nobody asked for."""
        try:
            self._socket.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    async def send(self, data: bytes) -> None:
        """Send all of it."""
        await asyncio.get_running_loop().sock_sendall(self._socket, data)

    async def receive(self) -> bytes:
        """Return what came, as soon as there is something; nothing at the end."""
        return await asyncio.get_running_loop().sock_recv(self._socket, _PIECE)

    def close(self) -> None:
        """Close it; what was not read is lost."""
        self._socket.close()


class EncryptedPipe:
    """A connection by TLS."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @property
    def is_quiet(self) -> bool:
        """Tell whether it is open; what came that nobody asked for would be taken for an answer that is none."""
        return not (self._reader.at_eof() or self._writer.is_closing())

    async def send(self, data: bytes) -> None:
        """Send all of it."""
        self._writer.write(data)
        await self._writer.drain()

    async def receive(self) -> bytes:
        """Return what came, as soon as there is something; nothing at the end."""
        return await self._reader.read(_PIECE)

    def close(self) -> None:
        """Close it, without a farewell, which some servers never answer."""
        self._writer.transport.abort()


class Connection:
    """A connection to a server.

    Args:
        pipe: What it goes through.
    """

    def __init__(self, pipe: Pipe) -> None:
        self._pipe = pipe
        self._can_follow = False

    @property
    def can_be_used_again(self) -> bool:
        """Tell whether another request can be sent on it."""
        return self._can_follow and self._pipe.is_quiet

    async def ask(self, request: bytes, reading: Reading) -> Response:
        """Send a request, and return the response; the connection is closed if no other can follow.

        Raises:
            UnansweredError: It ends without one, or what comes is none.
            OverlongError: The body of the response is longer than the limit.
        """
        self._can_follow = can_follow = False
        rest: asyncio.Task[None] | None = None
        try:
            if len(request) <= _AT_ONCE:
                # A server may answer, and close the connection, before it has read all of it.
                with contextlib.suppress(ConnectionError):
                    await self._pipe.send(request)
            else:
                rest = asyncio.create_task(self._pipe.send(request))
            while not reading.is_whole:
                if not (data := await self._pipe.receive()):
                    break
                reading.feed(data)
            can_follow = reading.can_follow
        except OSError as error:
            raise _ended(reading, error.strerror or str(error)) from error
        finally:
            if rest is not None:
                rest.cancel()
                await asyncio.gather(rest, return_exceptions=True)
            if not can_follow:
                self.close()
        self._can_follow = can_follow
        reading.end()
        if not reading.is_whole:
            raise _ended(reading, "the server closed it")
        return reading.response()

    def close(self) -> None:
        """Close it; what was sent and not read is lost."""
        self._can_follow = False
        self._pipe.close()


def _ended(reading: Reading, why: str) -> UnansweredError:
    missing = "complete response" if reading.has_head else "response"
    return UnansweredError(f"the connection ended without a {missing}: {why}")
