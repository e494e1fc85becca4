"""ASGI 3 on the one side, requests and responses of the edge on the other."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, Final

from platformkit.transcoding.edge_request import ArrivingBody, Body, CallerGoneError, Chunk, EdgeRequest, WholeBody
from platformkit.transcoding.message import HttpResponse

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

# What a caller that sends too much is heard out for, so that it hears the refusal.
DISCARD_BYTES: Final = 16 * 1024 * 1024
DISCARD_SECONDS: Final = 2.0

# RFC 9110, section 5.5: a field value holds no control character but the tab.
_NO_VALUE: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def request_of(scope: Scope, receive: Receive, body_limit: int) -> EdgeRequest:
    """Return the request of a scope; its body is read when it is asked for.

    Args:
        scope: Of ASGI, of the type "http".
        receive: Of ASGI.
        body_limit: Longest body, in bytes.
    """
    headers = _headers(scope)
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    client = scope.get("client")
    return EdgeRequest(
        verb=scope["method"].upper(),
        path=raw.decode("latin-1"),
        query=scope["query_string"].decode("latin-1"),
        headers=headers,
        body=_body(headers, receive, body_limit),
        peer=client[0] if client else "",
    )


async def answer(
    request: EdgeRequest, handle: Callable[[EdgeRequest], Awaitable[HttpResponse]], receive: Receive, send: Send
) -> None:
    """Answers a request, unless its caller goes away first: then the work on it is cancelled."""
    work = asyncio.ensure_future(handle(request))
    gone = asyncio.ensure_future(_gone(request.body, receive))
    try:
        await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            return
        response = work.result()
    except CallerGoneError:
        return
    finally:
        for task in (work, gone):
            task.cancel()
        await asyncio.gather(work, gone, return_exceptions=True)
    await _hear_out(request)
    await _send(send, response)


async def lifespan(receive: Receive, send: Send) -> None:
    """Says that there is nothing to do at start and at shutdown."""
    while True:
        event = await receive()
        await send({"type": f"{event['type']}.complete"})
        if event["type"] == "lifespan.shutdown":
            return


def _headers(scope: Scope) -> dict[str, str]:
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def _body(headers: Mapping[str, str], receive: Receive, limit: int) -> Body:
    announced = headers.get("content-length", "")
    length = int(announced) if announced.isascii() and announced.isdecimal() else None
    # RFC 9112, section 6.3: a request with neither header has no body.
    if "transfer-encoding" not in headers and not length:
        return WholeBody()

    async def next_chunk() -> Chunk:
        event = await receive()
        if event["type"] == "http.disconnect":
            raise CallerGoneError
        return event.get("body", b""), bool(event.get("more_body", False))

    return ArrivingBody(next_chunk, length, limit)


async def _gone(body: Body, receive: Receive) -> None:
    if isinstance(body, ArrivingBody):
        # Until then, whoever reads the body sees that the caller is gone.
        await body.ended.wait()
    while (await receive())["type"] != "http.disconnect":
        pass


async def _hear_out(request: EdgeRequest) -> None:
    # A connection that is closed with bytes unread takes the answer with it before the caller has seen it. Who waits
    # for a 100 has sent nothing yet, and to read on would invite it to.
    body = request.body
    if isinstance(body, ArrivingBody) and "expect" not in request.headers:
        try:
            await body.discard(DISCARD_BYTES, DISCARD_SECONDS)
        except CallerGoneError:
            return


async def _send(send: Send, response: HttpResponse) -> None:
    headers = {**response.headers, "content-length": str(len(response.body))}
    raw = [(name.encode("latin-1"), _sendable(value)) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": response.status, "headers": raw})
    await send({"type": "http.response.body", "body": response.body})


def _sendable(value: str) -> bytes:
    return _NO_VALUE.sub(" ", value).encode("latin-1", "backslashreplace")
