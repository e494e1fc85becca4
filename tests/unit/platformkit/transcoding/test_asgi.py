"""The edge behind a connection: bodies on their way, callers who leave, and what is sent back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from typing import Any

import grpc
import httpx2
import pytest
from plt.identity.v1 import identity_pb2
from structlog.testing import capture_logs

from platformkit.context import REQUEST_ID_HEADER
from platformkit.status import ServiceError
from platformkit.transcoding import (
    EdgeError,
    EdgeRequest,
    Handler,
    HttpEdge,
    HttpRequest,
    HttpResponse,
    Router,
    WholeBody,
    routes_of,
)
from platformkit.transcoding.edge_request import ArrivingBody
from tests.unit.platformkit.transcoding.calls import Calls

JSON = {"content-type": "application/json"}
ROUTER = Router(routes_of(identity_pb2.DESCRIPTOR.services_by_name["IdentityService"]))


async def served(edge: HttpEdge, events: Sequence[dict[str, Any]], **scope: Any) -> tuple[list[Any], int]:
    """Answer a request over ASGI; return what was sent, and how many events were waited for."""
    sent: list[Any] = []
    waited = 0

    async def receive() -> Any:
        nonlocal waited
        waited += 1
        if waited <= len(events):
            return events[waited - 1]
        return await asyncio.Event().wait()

    async def send(event: Any) -> None:
        sent.append(event)

    posted = {"type": "http", "method": "POST", "path": "/v1/users", "query_string": b"", "headers": []}
    await edge(posted | scope, receive, send)
    return sent, waited


CHUNKED = (b"transfer-encoding", b"chunked")


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "chunked"])
async def test_a_body_that_is_too_long_is_refused(announced: bool) -> None:
    calls = Calls()
    edge = HttpEdge(ROUTER.match, calls, body_limit=10)

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b'{"a":1}'

    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(edge), base_url="http://edge") as client:
        response = await client.post("/v1/users", content=b" " * 11 if announced else chunks(), headers=JSON)
    assert response.status_code == 413
    assert response.json()["error"]["details"][0]["reason"] == "BODY_TOO_LARGE"
    assert response.headers[REQUEST_ID_HEADER]
    assert calls.seen == []


async def test_the_path_arrives_as_it_was_sent() -> None:
    calls = Calls()
    edge = HttpEdge(ROUTER.match, calls)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(edge), base_url="http://edge") as client:
        response = await client.get("/v1/users/a%2Fb")
    assert response.status_code == 200
    assert calls.seen[0].message == identity_pb2.GetUserRequest(user_id="a/b")


async def test_a_stage_that_refuses_by_the_head_reads_no_body() -> None:
    async def refuse(request: EdgeRequest, handler: Handler) -> HttpResponse:
        raise ServiceError(grpc.StatusCode.UNAUTHENTICATED, "who are you?", reason="TOKEN_MISSING")

    headers = [(b"content-length", b"9"), (b"expect", b"100-continue")]
    sent, waited = await served(HttpEdge(ROUTER.match, Calls(), [refuse]), [], headers=headers)
    assert (sent[0]["status"], waited) == (401, 0)


async def test_a_body_that_is_announced_too_long_is_not_invited() -> None:
    headers = [(b"content-length", b"99"), (b"expect", b"100-continue")]
    sent, waited = await served(HttpEdge(ROUTER.match, Calls(), body_limit=10), [], headers=headers)
    assert (sent[0]["status"], waited) == (413, 0)


async def test_a_stage_may_read_the_body_and_put_another_in_its_place() -> None:
    calls = Calls()

    async def swap(request: EdgeRequest, handler: Handler) -> HttpResponse:
        document = json.loads(await request.body.read())
        return await handler(replace(request, body=WholeBody(json.dumps({"user": document}).encode())))

    events: list[dict[str, Any]] = [
        {"type": "http.request", "body": b'{"email":', "more_body": True},
        {"type": "http.request", "body": b'"a"}'},
    ]
    sent, _ = await served(HttpEdge(ROUTER.match, calls, [swap]), events, headers=[CHUNKED])
    assert sent[0]["status"] == 200
    assert calls.seen[0].message == identity_pb2.CreateUserRequest(user=identity_pb2.User(email="a"))


async def test_a_stage_knows_the_rpc_and_the_peer() -> None:
    seen: list[tuple[str, str]] = []

    async def note(request: EdgeRequest, handler: Handler) -> HttpResponse:
        seen.append((request.match.route.rpc if request.match else "", request.peer))
        return await handler(request)

    edge = HttpEdge(ROUTER.match, Calls(), [note])
    events = [{"type": "http.disconnect"}]
    await served(edge, events, method="GET", path="/v2", client=("192.0.2.7", 4711))
    await edge.handle(HttpRequest("GET", "/v1/users/7"), "192.0.2.8")
    assert seen == [("", "192.0.2.7"), ("/plt.identity.v1.IdentityService/GetUser", "192.0.2.8")]


async def test_a_refused_body_passes_the_pipeline_like_any_other_response() -> None:
    async def sign(request: EdgeRequest, handler: Handler) -> HttpResponse:
        response = await handler(request)
        return replace(response, headers={**response.headers, "signed": str(response.status)})

    edge = HttpEdge(ROUTER.match, Calls(), [sign], body_limit=10)
    with capture_logs() as lines:
        sent, _ = await served(edge, [{"type": "http.request", "body": b" " * 11}], headers=[CHUNKED])
    assert (b"signed", b"413") in sent[0]["headers"]
    assert [(line["event"], line["status"]) for line in lines] == [("request", 413)]


async def test_a_body_that_does_not_arrive_in_time_is_refused() -> None:
    async def never() -> tuple[bytes, bool]:
        await asyncio.Event().wait()
        raise AssertionError

    with pytest.raises(EdgeError) as caught:
        await ArrivingBody(never, None, 10, seconds=0.0).read()
    assert (caught.value.http, caught.value.reason) == (408, "BODY_TOO_SLOW")


async def test_a_header_that_cannot_be_sent_as_it_is_does_not_cost_the_answer() -> None:
    async def odd(request: EdgeRequest, handler: Handler) -> HttpResponse:
        return HttpResponse(200, {"x-name": "\u4e2d\r\nx: y"})

    sent, _ = await served(HttpEdge(ROUTER.match, Calls(), [odd]), [], method="GET")
    assert (b"x-name", b"\\u4e2d  x: y") in sent[0]["headers"]


@pytest.mark.parametrize("read", [True, False], ids=["body-on-its-way", "waiting-for-the-answer"])
async def test_a_caller_who_goes_away_is_not_answered(read: bool) -> None:
    events: list[dict[str, Any]] = [
        {"type": "http.request", "body": b"{", "more_body": read},
        {"type": "http.disconnect"},
    ]
    sent, _ = await served(HttpEdge(ROUTER.match, Calls().for_ever), events[not read :], headers=[CHUNKED][:read])
    assert sent == []


async def test_a_caller_who_goes_away_takes_the_call_along() -> None:
    calls = Calls()
    events: Iterator[dict[str, Any]] = iter([{"type": "http.request", "body": b""}, {"type": "http.disconnect"}])
    sent: list[Any] = []

    async def receive() -> Any:
        event = next(events)
        if event["type"] == "http.disconnect":
            await calls.entered.wait()
        return event

    async def send(event: Any) -> None:
        sent.append(event)

    scope = {"type": "http", "method": "GET", "path": "/v1/users/7", "query_string": b"", "headers": []}
    await HttpEdge(ROUTER.match, calls.for_ever)(scope, receive, send)
    assert calls.cancelled.is_set()
    assert sent == []
