"""The HTTP fallback: a generated stub's calls as the requests that google.api.http maps them to."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import grpc
from typing_extensions import override

from platformkit.channels.base import UnaryChannel
from platformkit.channels.call import Incoming, Metadata, Outgoing
from platformkit.channels.errors import deadline_exceeded, failed, unreachable
from platformkit.channels.liveness import LIVENESS_PATH
from platformkit.channels.methods import HEALTH_CHECK, method_of
from platformkit.context import NAMES
from platformkit.status import ServiceError, rpc_error
from platformkit.status.document import parse_status
from platformkit.transcoding import HttpRequest, Route, decode_response, encode_request, routes_of
from platformkit.transcoding.metadata import (
    TIMEOUT_HEADER,
    TRAILING_PREFIX,
    headers_of,
    metadata_of,
    timeout_header,
)

if TYPE_CHECKING:
    # At run time the first call imports it: a service that calls nobody over HTTP starts a quarter faster without.
    import aiohttp

CONNECT_SECONDS: Final = 2.0
IDLE_SECONDS: Final = 3.0
"""Less than servers keep an idle connection, so that a call is not sent into one that is being closed."""


class HttpChannel(UnaryChannel):
    """Carries unary calls of generated stubs over HTTP/1.1 with JSON.

    The descriptors of what is called have to be imported, as those of a generated stub are.

    Args:
        base_url: Where the HTTP edge of the service is, without a path: ``http://127.0.0.1:8080``.
        session: Session to use; by default the channel has its own and closes it with itself.
    """

    def __init__(self, base_url: str, session: aiohttp.ClientSession | None = None) -> None:
        super().__init__()
        self._base_url = base_url.rstrip("/")
        self._session = session
        self._owned: aiohttp.ClientSession | None = None
        self._routes: dict[str, Route] = {}

    @override
    async def send(self, outgoing: Outgoing) -> Incoming:
        path = outgoing.method.path
        if path == HEALTH_CHECK:
            # Whatever comes back shows that somebody is there, which is all that this check is made for over HTTP.
            await self._in_time(HttpRequest("GET", LIVENESS_PATH), outgoing)
            return Incoming(outgoing.method.deserialize(b""))
        try:
            route = self._route(path)
            request = encode_request(route, outgoing.request)
        except ServiceError as error:
            raise rpc_error(error.to_status()) from error
        return _incoming(route, *await self._in_time(request, outgoing))

    @override
    async def close(self, grace: float | None = None) -> None:
        await super().close(grace)
        owned, self._owned = self._owned, None
        if owned is not None:
            await owned.close()

    def _route(self, path: str) -> Route:
        route = self._routes.get(path)
        if route is None:
            method = method_of(path)
            routes = routes_of(method.containing_service) if method is not None else ()
            route = next((candidate for candidate in routes if candidate.rpc == path), None)
            if route is None:
                raise ServiceError(
                    grpc.StatusCode.UNIMPLEMENTED,
                    f"google.api.http maps {path} to no request",
                    reason="NO_HTTP_MAPPING",
                )
            self._routes[path] = route
        return route

    async def _in_time(self, request: HttpRequest, outgoing: Outgoing) -> tuple[int, dict[str, str], bytes]:
        try:
            async with asyncio.timeout(outgoing.timeout):
                return await self._exchange(request, outgoing)
        except TimeoutError:
            raise deadline_exceeded(outgoing.method.path) from None

    async def _exchange(self, request: HttpRequest, outgoing: Outgoing) -> tuple[int, dict[str, str], bytes]:
        import aiohttp  # noqa: PLC0415 - see above
        from yarl import URL  # noqa: PLC0415 - comes with aiohttp

        session = self._session or self._own_session()
        url = f"{self._base_url}{request.path}" + (f"?{request.query}" if request.query else "")
        headers = {**request.headers, **_headers(outgoing)}
        try:
            async with session.request(
                request.verb,
                # Encoded already, and by stricter rules than URL has.
                URL(url, encoded=True),
                headers=headers,
                data=request.body or None,
                allow_redirects=False,
            ) as response:
                body = await response.read()
                return response.status, {name.lower(): _latin(value) for name, value in response.headers.items()}, body
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise unreachable(f"cannot connect to {self._base_url}: {error}") from error
        except ValueError as error:
            # Before anything was sent: metadata with a line break or a zero in it, which gRPC refuses as well.
            message = f"the metadata of the call cannot be headers: {error}"
            raise failed(grpc.StatusCode.INVALID_ARGUMENT, message, "MALFORMED_METADATA") from error
        except aiohttp.ClientError as error:
            message = f"the connection to {self._base_url} broke before it answered: {error!r}"
            raise failed(grpc.StatusCode.UNAVAILABLE, message, "CONNECTION_LOST") from error

    def _own_session(self) -> aiohttp.ClientSession:
        import aiohttp  # noqa: PLC0415 - see above

        if self._owned is None:
            self._owned = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(keepalive_timeout=IDLE_SECONDS),
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._owned


def _headers(outgoing: Outgoing) -> dict[str, str]:
    headers = headers_of((key, value) for key, value in outgoing.metadata if key not in NAMES)
    headers |= {key: value for key, value in outgoing.metadata if key in NAMES and isinstance(value, str)}
    if outgoing.timeout is not None:
        headers[TIMEOUT_HEADER] = timeout_header(outgoing.timeout)
    return headers


def _latin(value: str) -> str:
    # Bytes that are no UTF-8 come as halves of surrogate pairs, which nobody could send on.
    return value if value.isascii() else value.encode("utf-8", "surrogateescape").decode("latin-1")


def _incoming(route: Route, status: int, headers: dict[str, str], body: bytes) -> Incoming:
    if status != 200:
        raise _error(status, headers, body)
    try:
        response = decode_response(route, body)
        initial: Metadata = metadata_of(headers)
        return Incoming(response, initial, metadata_of(headers, TRAILING_PREFIX))
    except ServiceError as error:
        raise rpc_error(error.to_status()) from error


def _error(status: int, headers: dict[str, str], body: bytes) -> grpc.aio.AioRpcError:
    error = rpc_error(parse_status(status, body))
    trailing: Any = error.trailing_metadata()
    with suppress(ServiceError):  # what is malformed beside an error must not hide it
        for key, value in metadata_of(headers, TRAILING_PREFIX):
            trailing.add(key, value)
    return error
