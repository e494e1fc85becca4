"""Server that passes every request over HTTP/1.1 on: requests and responses pass as they come."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Final

import aiohttp
from aiohttp import web
from yarl import URL

from servanda.documents import parse_payload
from servanda.errors import LimitError, RecordingError, VerificationError
from servanda.pact.media import is_json
from servanda.transports.http.decoding import decoded

BODY_BYTES: Final = 4 * 1024 * 1024
"""Bytes of a body that are kept to be looked at; a longer one passes, and nothing is known of its members."""
_CHUNK: Final = 64 * 1024
_GRACE_SECONDS: Final = 5.0
# https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1; the others are about this connection as well.
HOP_BY_HOP: Final = frozenset(
    {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "host", "expect"}
)
"""Headers that are about one connection, in lower case."""
_AUTOMATIC: Final = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")


class Body:
    """The beginning of a body that passes."""

    def __init__(self) -> None:
        self._content: bytearray | None = bytearray()

    async def through(self, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """Yield what passes, and keep it."""
        async for chunk in chunks:
            if self._content is not None:
                self._content += chunk
                if len(self._content) > BODY_BYTES:
                    self._content = None
            yield chunk

    def value(self, headers: Mapping[str, str]) -> tuple[bool, object]:
        """Return whether the members of the body are known, and the JSON; of an empty body that is ``None``."""
        if self._content is None:
            return False, None
        if not self._content:
            return True, None
        if not is_json(headers.get("Content-Type", "")):
            return False, None
        try:
            codings = headers.get("Content-Encoding", "").split(",")
            return True, parse_payload(decoded(bytes(self._content), codings, BODY_BYTES))
        except (ValueError, LimitError, VerificationError):
            return False, None


@dataclass(frozen=True, slots=True)
class Exchanged:
    """A request that passed, and its answer.

    Attributes:
        request: The request.
        sent: Its body.
        status: Status of the answer; 502 if the target gave none.
        is_answered: Whether the target gave an answer.
        headers: Headers of the answer.
        received: Body of the answer.
        added: Headers that the request got besides its own.
    """

    request: web.BaseRequest
    sent: Body
    status: int
    headers: Mapping[str, str]
    received: Body
    is_answered: bool = True
    added: Mapping[str, str] = field(default_factory=dict)


class PassingServer:
    """A server that passes every request on.

    Args:
        name: What it is called in the answers that it gives itself.
        target: Gives the URL that the next request goes to; its path comes before that of the request.
        note: Told of each request that was passed on as a whole, or that nobody answered.
        added: Gives the headers that a request gets besides its own.
    """

    def __init__(
        self,
        name: str,
        target: Callable[[], str],
        note: Callable[[Exchanged], None],
        added: Callable[[web.BaseRequest], Mapping[str, str]] = lambda _: {},
    ) -> None:
        self._name, self._target, self._noted, self._added = name, target, note, added
        self._session: aiohttp.ClientSession | None = None
        # Nothing is unpacked or added on the way.
        server = web.Server(self._handle, access_log=None, auto_decompress=False)
        self._runner = web.ServerRunner(server, shutdown_timeout=_GRACE_SECONDS)

    async def start(self, host: str, port: int) -> int:
        """Listen, on a free port if ``port`` is 0, and return the port.

        Raises:
            RecordingError: The port cannot be bound.
        """
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=10)
        self._session = aiohttp.ClientSession(
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=timeout,
            skip_auto_headers=_AUTOMATIC,
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        try:
            await site.start()
        except OSError as error:
            raise RecordingError(f"cannot listen: {error.strerror}", where=f"{host}:{port}") from error
        bound: int = self._runner.addresses[0][1]
        return bound

    async def stop(self) -> None:
        """Let requests end for a few seconds, then serve no longer."""
        await self._runner.cleanup()
        if self._session is not None:
            await self._session.close()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        if "upgrade" in request.headers.get("Connection", "").lower():
            return web.Response(status=501, text=f"{self._name} passes no upgraded connections, such as WebSockets\n")
        sent, received, response = Body(), Body(), web.StreamResponse()
        added = self._added(request)
        try:
            async with self._asked(request, sent, added) as answer:
                response.set_status(answer.status, answer.reason)
                for name, value in answer.headers.items():
                    if name.lower() not in HOP_BY_HOP:
                        response.headers.add(name, value)
                await response.prepare(request)
                async for chunk in received.through(answer.content.iter_chunked(_CHUNK)):
                    await response.write(chunk)
                await response.write_eof()
        except (TimeoutError, aiohttp.ClientError) as error:
            if not response.prepared:
                none = web.Response(status=502, text=f"{self._name}: no answer of the target: {error}\n")
                self._noted(Exchanged(request, sent, none.status, {}, received, is_answered=False, added=added))
                return none
            if request.transport is not None:
                request.transport.abort()  # what breaks off on one side breaks off on the other
            return response
        self._noted(Exchanged(request, sent, response.status, response.headers, received, added=added))
        return response

    def _asked(
        self, request: web.BaseRequest, sent: Body, added: Mapping[str, str]
    ) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        assert self._session is not None, "started before"  # noqa: S101 - for the type checker
        url = URL(self._target().rstrip("/") + request.raw_path, encoded=True)
        body = sent.through(request.content.iter_chunked(_CHUNK)) if request.body_exists else None
        headers = [(name, value) for name, value in request.headers.items() if name.lower() not in HOP_BY_HOP]
        headers += added.items()
        return self._session.request(request.method, url, headers=headers, data=body, allow_redirects=False)
