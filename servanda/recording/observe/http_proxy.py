"""Proxy for HTTP/1.1: requests and responses pass as they come, and bodies in JSON are looked at."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import aiohttp
from aiohttp import web
from yarl import URL

from servanda.documents import parse_payload
from servanda.errors import LimitError, RecordingError, VerificationError
from servanda.interfaces.protobuf.usage.routes import Route
from servanda.interfaces.protobuf.usage.values import of_json
from servanda.interfaces.usage.exchange import Shape, Side
from servanda.pact.descriptors import MessageType
from servanda.pact.media import is_json
from servanda.recording.observe import shapes
from servanda.recording.observe.collector import Collector, Passed, enum_values
from servanda.recording.observe.shapes import TooManyMembersError
from servanda.transports.http.decoding import decoded
from servanda.verdict import Transport

BODY_BYTES: Final = 4 * 1024 * 1024
"""Bytes of a body that are kept to be looked at; a longer one passes, and nothing is noted of its members."""
_CHUNK: Final = 64 * 1024
_GRACE_SECONDS: Final = 5.0
# https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1; the others are about this connection as well.
_HOP_BY_HOP: Final = frozenset(
    {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "host", "expect"}
)
_AUTOMATIC: Final = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")
_MASKS: Final = ("$fields", "fields", "read_mask", "readMask", "x-goog-fieldmask")


class _Body:
    """The beginning of a body that passes."""

    def __init__(self) -> None:
        self._content: bytearray | None = bytearray()

    async def through(self, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
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


class HttpProxy:
    """A server that passes every request on, and notes the described ones.

    Args:
        target: URL of the provider; its path comes before that of each request.
        collector: Where to note them.
    """

    def __init__(self, target: str, collector: Collector) -> None:
        self._target, self._collector = target.rstrip("/"), collector
        self._base = urlsplit(self._target).path
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
            return web.Response(
                status=501, text="servanda observe passes no upgraded connections, such as WebSockets\n"
            )
        sent, received, response = _Body(), _Body(), web.StreamResponse()
        try:
            async with self._asked(request, sent) as answer:
                response.set_status(answer.status, answer.reason)
                for name, value in answer.headers.items():
                    if name.lower() not in _HOP_BY_HOP:
                        response.headers.add(name, value)
                await response.prepare(request)
                async for chunk in received.through(answer.content.iter_chunked(_CHUNK)):
                    await response.write(chunk)
                await response.write_eof()
        except (TimeoutError, aiohttp.ClientError) as error:
            if not response.prepared:
                return web.Response(status=502, text=f"servanda observe: no answer of the target: {error}\n")
            if request.transport is not None:
                request.transport.abort()  # what breaks off on one side breaks off on the other
            return response
        self._note(request, sent, response, received)
        return response

    def _asked(self, request: web.BaseRequest, sent: _Body) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        assert self._session is not None, "started before"  # noqa: S101 - for the type checker
        url = URL(self._target + request.raw_path, encoded=True)
        body = sent.through(request.content.iter_chunked(_CHUNK)) if request.body_exists else None
        headers = [(name, value) for name, value in request.headers.items() if name.lower() not in _HOP_BY_HOP]
        return self._session.request(request.method, url, headers=headers, data=body, allow_redirects=False)

    def _note(self, request: web.BaseRequest, sent: _Body, response: web.StreamResponse, received: _Body) -> None:
        path = self._base + urlsplit(request.raw_path).path
        interfaces = self._collector.interfaces
        call = interfaces.request(request.method, path)
        if call is None:
            self._collector.pass_by()
            return
        route = interfaces.route(request.method, path)
        query = parse_qsl(urlsplit(request.raw_path).query, keep_blank_values=True)
        headers = {name.lower(): value for name, value in request.headers.items()}
        masks = [value for name, value in (*query, *headers.items()) if name in _MASKS]
        asked, answered = _types(route)
        is_sent, request_value = sent.value(request.headers)
        is_received, response_value = received.value(response.headers)
        self._collector.add(
            Passed(
                call,
                Transport.HTTP,
                response.status,
                tuple(sorted({name for name, _ in query})),
                tuple(sorted(name for name in headers if name not in _HOP_BY_HOP)),
                _sent_shape(request_value, asked) if is_sent else None,
                Shape(shapes.of_json(response_value, answered)) if is_received else None,
                tuple(path for mask in masks for path in mask.split(",") if path),
                (*self._enums(asked, request_value, Side.WRITES), *self._enums(answered, response_value, Side.READS)),
            )
        )

    def _enums(self, message: MessageType | None, value: Any, side: Side) -> tuple[tuple[Side, str], ...]:
        if message is None:
            return ()
        return enum_values(of_json(message, value), self._collector.interfaces.catalogue.enums, side)


def _sent_shape(value: object, message: MessageType | None) -> Shape | None:
    try:
        return Shape(shapes.of_json(value, message, apart=True))
    except TooManyMembersError:
        return None


def _types(route: Route | None) -> tuple[MessageType | None, MessageType | None]:
    """Return the messages that the bodies of a request to an rpc and of its answer are."""
    if route is None:
        return None, None
    asked = _part(route.method.input_type, "" if route.body == "*" else route.body)
    return asked, _part(route.method.output_type, route.response_body)


def _part(message: MessageType, field: str) -> MessageType | None:
    return message.fields_by_name[field].message_type if field else message
