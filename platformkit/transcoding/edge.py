"""The HTTP edge: an ASGI application that answers what the routes of the moment answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from typing import Any, Final

import grpc
from google.rpc import status_pb2

from platformkit.context import NAMES, REQUEST_ID_HEADER, Context, entered, received, remaining
from platformkit.status import ServiceError, error_document
from platformkit.status.codes import code_of_number, http_status
from platformkit.status.error import STATUS_DETAILS_KEY, status_of
from platformkit.telemetry import get_logger
from platformkit.transcoding.errors import EdgeError, body_too_large, method_not_allowed, unsupported_media_type
from platformkit.transcoding.invocation import Invocation, Invoke
from platformkit.transcoding.message import JSON_CONTENT_TYPE, HttpRequest, HttpResponse, json_response
from platformkit.transcoding.metadata import TRAILING_PREFIX, headers_of, metadata_of, timeout_of
from platformkit.transcoding.request import decode_request
from platformkit.transcoding.response import encode_response
from platformkit.transcoding.router import Router

Handler = Callable[[HttpRequest], Awaitable[HttpResponse]]
Middleware = Callable[[HttpRequest, Handler], Awaitable[HttpResponse]]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

BODY_LIMIT: Final = 1024 * 1024
TIMEOUT_SECONDS: Final = 15.0
# What a caller that sends too much is heard out for, so that it hears the refusal.
DISCARD_LIMIT: Final = 16 * BODY_LIMIT
DISCARD_SECONDS: Final = 2.0


class HttpEdge:
    """Answers HTTP requests by calling rpcs; every failure is one error document, with the id of its request.

    Args:
        router_source: The router of the moment.
        call: Makes the call, see ``through``.
        pipeline: What a request passes on its way to the routes, outermost first. A middleware may answer by itself,
            raise a ServiceError, or change the request and the response; what is behind it never raises, so it sees
            the response to a failure like any other.
        extra_paths: Answers to GET on paths that are no rpc.
        body_limit: Longest body, in bytes.
        timeout_seconds: Time for a request, with whatever it calls on its way; a caller may ask for less.
        trusted: Whether the caller is another service, whose gRPC metadata is passed on, and who is told the metadata
            of the answer. The edge towards the outside is not.
    """

    def __init__(  # noqa: PLR0913 - the parts of the edge and its limits, given once where a process is wired
        self,
        router_source: Callable[[], Router],
        call: Invoke,
        pipeline: Sequence[Middleware] = (),
        extra_paths: Mapping[str, Handler] | None = None,
        *,
        body_limit: int = BODY_LIMIT,
        timeout_seconds: float = TIMEOUT_SECONDS,
        trusted: bool = False,
    ) -> None:
        self._router_source = router_source
        self._call = call
        self._extra_paths = dict(extra_paths or {})
        self._body_limit = body_limit
        self._timeout_seconds = timeout_seconds
        self._trusted = trusted
        self._log = get_logger("http")
        self._handler: Handler = partial(self._guarded, self._answer)
        for middleware in reversed(pipeline):
            self._handler = partial(self._guarded, partial(_passed_through, middleware, self._handler))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI 3."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1003})
        else:
            await self._serve(scope, receive, send)

    async def handle(self, request: HttpRequest) -> HttpResponse:
        """The response to a request; never raises, but when it is cancelled."""
        with entered(self._context(request)) as context:
            started = time.perf_counter()
            response = await self._handler(request)
            self._log.info(
                "request",
                verb=request.verb,
                path=request.path,
                status=response.status,
                seconds=round(time.perf_counter() - started, 6),
            )
        return replace(response, headers={**response.headers, REQUEST_ID_HEADER: context.request_id})

    def _context(self, request: HttpRequest) -> Context:
        seconds = self._timeout_seconds
        # What is malformed is refused on the way to the route, where every middleware sees the refusal.
        with suppress(ServiceError):
            wanted = timeout_of(request.headers)
            seconds = seconds if wanted is None else min(seconds, wanted)
        return received(request.headers.items(), seconds)

    async def _guarded(self, handler: Handler, request: HttpRequest) -> HttpResponse:
        try:
            return await handler(request)
        except EdgeError as error:
            return _refusal(error)
        except ServiceError as error:
            return _error_response(error.to_status())
        except grpc.aio.AioRpcError as error:
            trailing = ((key, value) for key, value in error.trailing_metadata() or () if key != STATUS_DETAILS_KEY)
            return _error_response(status_of(error), headers_of(trailing, TRAILING_PREFIX) if self._trusted else {})
        except Exception:  # noqa: BLE001 - the last line before the caller: nobody above could answer
            self._log.exception("unexpected error", verb=request.verb, path=request.path)
            unexpected = ServiceError(
                grpc.StatusCode.INTERNAL, "an unexpected error; its request id finds it in the logs", reason="INTERNAL"
            )
            return _error_response(unexpected.to_status())

    async def _answer(self, request: HttpRequest) -> HttpResponse:
        extra = self._extra_paths.get(request.path)
        if extra is not None:
            if request.verb != "GET":
                raise method_not_allowed(request.verb, request.path, ("GET",))
            return await extra(request)
        match = self._router_source().match(request.verb, request.path)
        if match.route.body and request.body:
            _require_json(request.headers.get("content-type", JSON_CONTENT_TYPE))
        message = decode_request(match, request.query, request.body)
        # The context travels under names of its own, and nobody can pass another one off beside it.
        passed_on = metadata_of(request.headers) if self._trusted else ()
        metadata = tuple((key, value) for key, value in passed_on if key not in NAMES)
        timeout_of(request.headers)
        reply = await self._call(Invocation(match.route, message, metadata, remaining() or 0.0))
        headers = {"content-type": JSON_CONTENT_TYPE}
        if self._trusted:
            headers |= headers_of(reply.initial) | headers_of(reply.trailing, TRAILING_PREFIX)
        return HttpResponse(HTTPStatus.OK, headers, encode_response(match.route, reply.message))

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = _headers(scope)
        try:
            body = await _read(receive, self._body_limit, headers)
        except ConnectionResetError:
            return
        except EdgeError as error:
            await _discard_rest(receive)
            # No middleware sees it: it was not read to its end.
            identifier = received(headers.items()).request_id
            await _send(send, _refusal(error, {REQUEST_ID_HEADER: identifier}))
            return
        response = await _unless_gone(self.handle(_request(scope, headers, body)), receive)
        if response is not None:
            await _send(send, response)


async def _passed_through(middleware: Middleware, handler: Handler, request: HttpRequest) -> HttpResponse:
    return await middleware(request, handler)


def _refusal(error: EdgeError, headers: Mapping[str, str] | None = None) -> HttpResponse:
    document = error_document(error.to_status(), error.http)
    return json_response(document, error.http, {**error.headers, **(headers or {})})


def _error_response(status: status_pb2.Status, headers: Mapping[str, str] | None = None) -> HttpResponse:
    return json_response(error_document(status), http_status(code_of_number(status.code)), headers)


def _require_json(content_type: str) -> None:
    kind, *parameters = (part.strip().lower() for part in content_type.split(";"))
    charsets = {part.partition("=")[2].strip('" ') for part in parameters if part.startswith("charset")}
    if kind != JSON_CONTENT_TYPE or charsets - {"utf-8", "utf8"}:
        raise unsupported_media_type(content_type)


def _headers(scope: Scope) -> dict[str, str]:
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def _request(scope: Scope, headers: dict[str, str], body: bytes) -> HttpRequest:
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    return HttpRequest(
        scope["method"].upper(), raw.decode("latin-1"), scope["query_string"].decode("latin-1"), headers, body
    )


async def _read(receive: Receive, limit: int, headers: Mapping[str, str]) -> bytes:
    announced = headers.get("content-length", "0")
    if announced.isdecimal() and int(announced) > limit:
        raise body_too_large(limit)
    body = bytearray()
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            raise ConnectionResetError
        body += event.get("body", b"")
        if len(body) > limit:
            raise body_too_large(limit)
        if not event.get("more_body", False):
            return bytes(body)


async def _discard_rest(receive: Receive) -> None:
    # A connection that is closed with bytes unread takes the answer with it before the caller has seen it.
    left = DISCARD_LIMIT
    with suppress(TimeoutError):
        async with asyncio.timeout(DISCARD_SECONDS):
            while left > 0:
                event = await receive()
                left -= len(event.get("body", b""))
                if not event.get("more_body", False):
                    return


async def _unless_gone(answer: Awaitable[HttpResponse], receive: Receive) -> HttpResponse | None:
    """The answer; None, and the work on it cancelled, if the caller goes away first."""
    work, gone = asyncio.ensure_future(answer), asyncio.ensure_future(_disconnected(receive))
    try:
        await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
        return work.result() if work.done() else None
    finally:
        for task in (work, gone):
            task.cancel()
        await asyncio.gather(work, gone, return_exceptions=True)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send(send: Send, response: HttpResponse) -> None:
    headers = {**response.headers, "content-length": str(len(response.body))}
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": response.status, "headers": raw})
    await send({"type": "http.response.body", "body": response.body})


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        event = await receive()
        await send({"type": f"{event['type']}.complete"})
        if event["type"] == "lifespan.shutdown":
            return
