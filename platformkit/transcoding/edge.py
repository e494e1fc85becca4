"""The HTTP edge: an ASGI application that answers what the routes of the moment answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from typing import Final

import grpc

from platformkit.context import NAMES, Context, Payload, current, entered, received, remaining
from platformkit.status import ServiceError, out_of_time
from platformkit.telemetry import get_logger
from platformkit.transcoding.asgi import Receive, Scope, Send, answer, lifespan, request_of
from platformkit.transcoding.edge_request import CallerGoneError, EdgeRequest, Handler, Middleware, WholeBody
from platformkit.transcoding.errors import method_not_allowed, unsupported_media_type
from platformkit.transcoding.invocation import Invocation, Invoke
from platformkit.transcoding.message import JSON_CONTENT_TYPE, HttpRequest, HttpResponse
from platformkit.transcoding.metadata import TRAILING_PREFIX, Metadata, headers_of, metadata_of, timeout_of
from platformkit.transcoding.refusal import cut_off, failure_of_call, identified, refusal, unexpected
from platformkit.transcoding.request import decode_request
from platformkit.transcoding.request_record import answered, counted, request_span
from platformkit.transcoding.response import encode_response
from platformkit.transcoding.router import Match

BODY_LIMIT: Final = 1024 * 1024
TIMEOUT_SECONDS: Final = 15.0


class HttpEdge:
    """Answers HTTP requests by calling rpcs; every failure is one error document, with the id of its request.

    A request gets its id, its deadline and its route, passes the pipeline, and is read and answered. Every response
    leaves by one exit, whatever it answers: with the request id, and after one line in the log.

    Args:
        match: Returns the route for a verb and a path, or raises ServiceError.
        call: Makes the call, see ``through``.
        pipeline: What a request passes on its way to its route, outermost first. A stage may answer by itself, raise a
            ServiceError, or change the request and the response; what is behind it never raises, so it sees the
            response to a failure like any other. The body is read behind the last stage, unless one asks for it.
        extra_paths: Answers to GET on paths that are no rpc.
        told: Metadata that the edge itself tells whoever answers a call.
        body_limit: Longest body, in bytes.
        timeout_seconds: Time for a request, with whatever it calls on its way; a caller may ask for less.
        trusted: Whether the caller is another service, whose gRPC metadata is passed on, and who is told the metadata
            of the answer. The edge towards the outside is not.
    """

    def __init__(  # noqa: PLR0913 - the parts of the edge and its limits, given once where a process is wired
        self,
        match: Callable[[str, str], Match],
        call: Invoke,
        pipeline: Sequence[Middleware] = (),
        extra_paths: Mapping[str, Handler] | None = None,
        *,
        told: Callable[[EdgeRequest], Metadata] = lambda _: (),
        body_limit: int = BODY_LIMIT,
        timeout_seconds: float = TIMEOUT_SECONDS,
        trusted: bool = False,
    ) -> None:
        self._match = match
        self._call = call
        self._extra_paths = dict(extra_paths or {})
        self._told = told
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
            await lifespan(receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1003})
        else:
            await answer(request_of(scope, receive, self._body_limit), self._handle, receive, send)

    async def handle(self, request: HttpRequest, peer: str = "") -> HttpResponse:
        """Return the response to a request that is there as a whole; never raises, but when it is cancelled.

        Args:
            request: The request.
            peer: IP address of whoever sent it.
        """
        body = WholeBody(request.body)
        return await self._handle(EdgeRequest(request.verb, request.path, request.query, request.headers, body, peer))

    async def _handle(self, request: EdgeRequest) -> HttpResponse:
        with entered(self._context(request)):
            with suppress(ServiceError):
                # Without a route, the refusal comes where the route would: behind the pipeline.
                request = replace(request, match=self._match(request.verb, request.path))
            with request_span(request) as recorded:
                response = await self._answered(request)
                answered(recorded, response)
        return response

    async def _answered(self, request: EdgeRequest) -> HttpResponse:
        started = time.perf_counter()
        response = identified(await self._handler(request))
        seconds = round(time.perf_counter() - started, 6)
        counted(request, response, seconds)
        self._log.info(
            "request",
            verb=request.verb,
            path=request.path,
            rpc=request.match.route.rpc if request.match is not None else "",
            peer=request.peer,
            status=int(response.status),
            seconds=seconds,
        )
        return response

    def _context(self, request: EdgeRequest) -> Context:
        seconds = self._timeout_seconds
        # What is malformed is refused on the way to the route, where every middleware sees the refusal.
        with suppress(ServiceError):
            wanted = timeout_of(request.headers)
            seconds = seconds if wanted is None else min(seconds, wanted)
        return replace(received(request.headers.items(), seconds), payload=Payload())

    async def _guarded(self, handler: Handler, request: EdgeRequest) -> HttpResponse:
        try:
            return await handler(request)
        except ServiceError as error:
            return refusal(error)
        except grpc.aio.AioRpcError as error:
            return failure_of_call(error, self._trusted)
        except CallerGoneError:
            raise
        except asyncio.CancelledError:
            # Only who cancels this very task ends the request; a call that ends by itself is a failure like others.
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            self._log.warning("call cancelled", verb=request.verb, path=request.path)
            return cut_off()
        except Exception:  # noqa: BLE001 - the last line before the caller: nobody above could answer
            self._log.exception("unexpected error", verb=request.verb, path=request.path)
            return unexpected()

    async def _answer(self, request: EdgeRequest) -> HttpResponse:
        extra = self._extra_paths.get(request.path)
        if extra is not None:
            if request.verb != "GET":
                raise method_not_allowed(request.verb, request.path, ("GET",))
            return await extra(request)
        match = request.match or self._match(request.verb, request.path)
        timeout_of(request.headers)
        if remaining() == 0:
            # As gRPC, which looks at nothing of a call for which nobody waits any more.
            raise out_of_time()
        body = b""
        if match.route.body and not request.body.empty:
            _require_json(request.headers.get("content-type", JSON_CONTENT_TYPE))
            body = await request.body.read()
        message = decode_request(match, request.query, body)
        if (payload := current().payload) is not None:
            payload.message = message
        # The context travels under names of its own, and nobody can pass another one off beside it.
        passed_on = metadata_of(request.headers) if self._trusted else ()
        metadata = (*((key, value) for key, value in passed_on if key not in NAMES), *self._told(request))
        reply = await self._call(Invocation(match.route, message, metadata, remaining() or 0.0))
        headers = {"content-type": JSON_CONTENT_TYPE}
        if self._trusted:
            headers |= headers_of(reply.initial) | headers_of(reply.trailing, TRAILING_PREFIX)
        return HttpResponse(HTTPStatus.OK, headers, encode_response(match.route, reply.message))


async def _passed_through(middleware: Middleware, handler: Handler, request: EdgeRequest) -> HttpResponse:
    return await middleware(request, handler)


def _require_json(content_type: str) -> None:
    kind, *parameters = (part.strip().lower() for part in content_type.split(";"))
    charsets = {part.partition("=")[2].strip('" ') for part in parameters if part.startswith("charset")}
    if kind != JSON_CONTENT_TYPE or charsets - {"utf-8", "utf8"}:
        raise unsupported_media_type(content_type)
