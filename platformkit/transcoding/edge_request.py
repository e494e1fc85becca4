"""A request on its way through the edge: its head is there, its body may still be on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from platformkit.transcoding.errors import body_too_large, body_too_slow
from platformkit.transcoding.message import HttpResponse
from platformkit.transcoding.router import Match

BODY_SECONDS: Final = 10.0
"""Time for a body to arrive, from its first byte to its last."""

Chunk = tuple[bytes, bool]
"""Bytes of a body, and whether more follow."""


class CallerGoneError(Exception):
    """The caller went away while its body was on the way, so that nobody waits for an answer."""


class Body(Protocol):
    """Body of a request, read when somebody needs it: a stage that refuses a request by its head never does."""

    @property
    def empty(self) -> bool:
        """Tell whether there certainly is nothing to read."""
        ...

    async def read(self) -> bytes:
        """Return the whole body, as often as it is asked for.

        Raises:
            EdgeError: 413, it is too long; 408, it does not arrive in time.
            CallerGoneError: The caller went away.
        """
        ...


@dataclass(frozen=True, slots=True)
class WholeBody:
    """A body that is there.

    Attributes:
        content: Its bytes.
    """

    content: bytes = b""

    @property
    def empty(self) -> bool:
        """Tell whether it has no bytes."""
        return not self.content

    async def read(self) -> bytes:
        """Return it."""
        return self.content


class ArrivingBody:
    """A body that a connection still delivers.

    Args:
        receive: Waits for the next chunk; raises CallerGoneError when the caller goes away.
        announced: Bytes that ``content-length`` announces; None if it does not say.
        limit: Longest body, in bytes.
        seconds: Time for it to arrive.
    """

    def __init__(
        self, receive: Callable[[], Awaitable[Chunk]], announced: int | None, limit: int, seconds: float = BODY_SECONDS
    ) -> None:
        self._receive = receive
        self._announced = announced
        self._limit = limit
        self._seconds = seconds
        self._content: bytes | None = None
        self._one_reader = asyncio.Lock()
        self.ended = asyncio.Event()
        """Set when the connection has no more of this body to deliver."""

    @property
    def empty(self) -> bool:
        """Tell that there may be something: it was announced, or comes in chunks."""
        return False

    async def read(self) -> bytes:
        """Return the whole body, see `Body`."""
        async with self._one_reader:
            if self._content is None:
                self._content = await self._read()
            return self._content

    async def discard(self, limit: int, seconds: float) -> None:
        """Reads what is still to come, and forgets it; ends early after so many bytes or seconds."""
        left = limit
        try:
            async with asyncio.timeout(seconds):
                while left > 0 and not self.ended.is_set():
                    left -= len(await self._next())
        except TimeoutError:
            return

    async def _read(self) -> bytes:
        if self._announced is not None and self._announced > self._limit:
            raise body_too_large(self._limit)
        content = bytearray()
        try:
            async with asyncio.timeout(self._seconds):
                while not self.ended.is_set():
                    content += await self._next()
                    if len(content) > self._limit:
                        raise body_too_large(self._limit)
        except TimeoutError:
            raise body_too_slow(self._seconds) from None
        return bytes(content)

    async def _next(self) -> bytes:
        chunk, more = await self._receive()
        if not more:
            self.ended.set()
        return chunk


@dataclass(frozen=True, slots=True)
class EdgeRequest:
    """A request as the stages of a pipeline see it.

    Attributes:
        verb: Method, in capitals.
        path: Path as it stands in the request line, still percent-encoded, without the query.
        query: Query string without "?", still percent-encoded.
        headers: By name in small letters; of a repeated header the values are joined with ", ".
        body: The body; a stage that changes it puts a `WholeBody` in its place.
        peer: IP address of whoever connected; empty if that is not known. A proxy in between is the peer.
        match: The route that will answer, with its rpc and the options of that; None if no route does, and whoever asks
            for one is refused. A stage that changes verb or path sets it to None, and the route is looked for anew.
    """

    verb: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Body = WholeBody()
    peer: str = ""
    match: Match | None = None


Handler = Callable[[EdgeRequest], Awaitable[HttpResponse]]
"""Whatever is behind a stage; never raises, but when it is cancelled."""

Middleware = Callable[[EdgeRequest, Handler], Awaitable[HttpResponse]]
"""A stage: answers by itself, raises a ServiceError, or hands the request on and may change it and the response."""
