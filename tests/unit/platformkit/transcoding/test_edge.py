"""The HTTP edge: one answer to everything that may arrive."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import replace
from typing import Any

import grpc
import httpx
import pytest
from plt.identity.v1 import identity_pb2

from platformkit.context import REQUEST_ID_HEADER, Context, Trace, current, remaining
from platformkit.status import ServiceError, rpc_error
from platformkit.transcoding import (
    Handler,
    HttpEdge,
    HttpRequest,
    HttpResponse,
    Invocation,
    Middleware,
    Reply,
    Router,
    json_response,
    routes_of,
)

JSON = {"content-type": "application/json"}
ROUTER = Router(routes_of(identity_pb2.DESCRIPTOR.services_by_name["IdentityService"]))


class Calls:
    """Answers calls as it is told, and remembers them."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.failure = failure
        self.seen: list[Invocation] = []
        self.contexts: list[Context] = []
        self.entered = asyncio.Event()
        self.cancelled = asyncio.Event()

    async def __call__(self, invocation: Invocation) -> Reply:
        self.seen.append(invocation)
        self.contexts.append(current())
        if self.failure is not None:
            raise self.failure
        return Reply(identity_pb2.GetUserResponse(user=identity_pb2.User(user_id="7")), (("cost", "3"),), (("n", "1"),))

    async def for_ever(self, _: Invocation) -> Reply:
        self.entered.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled.set()
            raise
        raise AssertionError


def error_of(response: HttpResponse) -> dict[str, Any]:
    assert response.headers["content-type"] == "application/json"
    error: dict[str, Any] = json.loads(response.body)["error"]
    assert error["code"] == response.status
    return error


async def answer(
    verb: str, path: str, *, edge: HttpEdge | None = None, headers: Mapping[str, str] = JSON, body: bytes = b""
) -> HttpResponse:
    edge = edge or HttpEdge(lambda: ROUTER, Calls())
    path, _, query = path.partition("?")
    return await edge.handle(HttpRequest(verb, path, query, headers, body))


async def test_a_route_answers_with_the_json_of_its_message() -> None:
    response = await answer("GET", "/v1/users/7")
    assert (response.status, json.loads(response.body)) == (200, {"user": {"userId": "7"}})


@pytest.mark.parametrize(
    ("verb", "path", "headers", "body", "status"),
    [
        pytest.param("GET", "/v2", {}, b"", 404, id="unknown-route"),
        pytest.param("OPTIONS", "/v1/users", {}, b"", 405, id="unknown-verb"),
        pytest.param("GET", "/v1/users?a=1", {}, b"", 400, id="unknown-parameter"),
        pytest.param("POST", "/v1/users", JSON, b"{", 400, id="no-json"),
        pytest.param("POST", "/v1/users", {"content-type": "text/xml"}, b"{}", 415, id="other-media-type"),
        pytest.param("POST", "/v1/users", {"content-type": ""}, b"{}", 415, id="empty-media-type"),
        pytest.param(
            "POST", "/v1/users", {"content-type": "application/json; charset=latin-1"}, b"{}", 415, id="other-charset"
        ),
        pytest.param("GET", "/v1/users/7", {"grpc-timeout": "soon"}, b"", 400, id="malformed-timeout"),
    ],
)
async def test_a_bad_request_is_told_so_in_an_error_document(
    verb: str, path: str, headers: dict[str, str], body: bytes, status: int
) -> None:
    response = await answer(verb, path, headers=headers, body=body)
    assert error_of(response)["code"] == status


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "Application/JSON", "application/json; charset=UTF-8", 'application/json;charset="utf-8"'],
)
async def test_json_in_utf8_is_read_however_it_is_declared(content_type: str) -> None:
    response = await answer("POST", "/v1/users", headers={"content-type": content_type}, body=b"{}")
    assert response.status == 200


async def test_a_body_without_a_declared_type_is_read_as_json() -> None:
    assert (await answer("POST", "/v1/users", headers={}, body=b"{}")).status == 200


@pytest.mark.parametrize(
    "failure",
    [
        pytest.param(ServiceError(grpc.StatusCode.ABORTED, "stale", reason="ETAG_STALE"), id="service-error"),
        pytest.param(
            rpc_error(ServiceError(grpc.StatusCode.ABORTED, "stale", reason="ETAG_STALE").to_status()), id="rpc-error"
        ),
    ],
)
async def test_the_error_of_a_call_is_the_answer(failure: Exception) -> None:
    response = await answer("GET", "/v1/users/7", edge=HttpEdge(lambda: ROUTER, Calls(failure)))
    error = error_of(response)
    assert (response.status, error["status"], error["message"]) == (409, "ABORTED", "stale")
    assert error["details"][0]["reason"] == "ETAG_STALE"


async def test_an_unexpected_error_is_told_to_nobody_outside() -> None:
    response = await answer("GET", "/v1/users/7", edge=HttpEdge(lambda: ROUTER, Calls(KeyError("secret"))))
    assert error_of(response)["status"] == "INTERNAL"
    assert b"secret" not in response.body


async def test_a_middleware_sees_the_request_first_and_the_response_last() -> None:
    order: list[str] = []

    def middleware(name: str) -> Middleware:
        async def run(request: HttpRequest, handler: Handler) -> HttpResponse:
            order.append(f"{name} in")
            response = await handler(replace(request, path="/v1/users/7"))
            order.append(f"{name} out")
            return replace(response, headers={**response.headers, "seen-by": name})

        return run

    edge = HttpEdge(lambda: ROUTER, Calls(), [middleware("outer"), middleware("inner")])
    response = await answer("GET", "/elsewhere", edge=edge)
    assert (response.status, response.headers["seen-by"]) == (200, "outer")
    assert order == ["outer in", "inner in", "inner out", "outer out"]


async def test_a_middleware_may_refuse() -> None:
    async def refuse(request: HttpRequest, handler: Handler) -> HttpResponse:
        raise ServiceError(grpc.StatusCode.UNAUTHENTICATED, "who are you?", reason="TOKEN_MISSING")

    response = await answer("GET", "/v1/users/7", edge=HttpEdge(lambda: ROUTER, Calls(), [refuse]))
    assert error_of(response)["code"] == 401


async def test_an_extra_path_answers_to_get_alone() -> None:
    async def alive(_: HttpRequest) -> HttpResponse:
        return json_response({"alive": True})

    edge = HttpEdge(lambda: ROUTER, Calls(), extra_paths={"/livez": alive})
    assert json.loads((await answer("GET", "/livez", edge=edge)).body) == {"alive": True}
    refused = await answer("POST", "/livez", edge=edge)
    assert (refused.status, refused.headers["allow"]) == (405, "GET")


async def test_the_callers_request_id_is_kept_and_handed_on() -> None:
    calls = Calls()
    response = await answer(
        "GET", "/v1/users/7", edge=HttpEdge(lambda: ROUTER, calls), headers={REQUEST_ID_HEADER: "req-7"}
    )
    assert response.headers[REQUEST_ID_HEADER] == "req-7"
    assert calls.contexts[0].request_id == "req-7"
    assert current().request_id == ""


async def test_the_trace_of_the_caller_goes_on_and_its_principal_is_nobody_whatever_it_says() -> None:
    calls, parent = Calls(), f"00-{'a' * 32}-{'b' * 16}-01"
    headers = {"traceparent": parent, "tracestate": "rojo=1", "x-principal": "root"}
    await answer("GET", "/v1/users/7", edge=HttpEdge(lambda: ROUTER, calls), headers=headers)
    assert (calls.contexts[0].trace, calls.contexts[0].principal) == (Trace(parent, "rojo=1"), None)


async def test_a_middleware_has_no_more_time_than_the_caller_gives() -> None:
    left: list[float | None] = []

    async def note(request: HttpRequest, handler: Handler) -> HttpResponse:
        left.append(remaining())
        return await handler(request)

    edge = HttpEdge(lambda: ROUTER, Calls(), [note], timeout_seconds=60)
    await answer("GET", "/v1/users/7", edge=edge, headers={"grpc-timeout": "4S"})
    await answer("GET", "/v1/users/7", edge=edge, headers={"grpc-timeout": "0S"})
    await answer("GET", "/v1/users/7", edge=edge)
    assert left == [pytest.approx(4, abs=0.5), 0.0, pytest.approx(60, abs=0.5)]


async def test_metadata_of_a_service_cannot_pass_off_another_context() -> None:
    calls = Calls()
    edge = HttpEdge(lambda: ROUTER, calls, trusted=True)
    headers = {"grpc-metadata-x-request-id": "forged", REQUEST_ID_HEADER: "own", "grpc-metadata-tenant": "north"}
    await answer("GET", "/v1/users/7", edge=edge, headers=headers)
    assert (calls.seen[0].metadata, calls.contexts[0].request_id) == ((("tenant", "north"),), "own")


@pytest.mark.parametrize("given", [{}, {REQUEST_ID_HEADER: "a b\x00"}, {REQUEST_ID_HEADER: "x" * 500}])
async def test_a_request_without_a_fit_id_is_given_one(given: dict[str, str]) -> None:
    response = await answer("GET", "/v2", headers=given)
    assert response.headers[REQUEST_ID_HEADER] not in {"", *given.values()}


async def test_a_stranger_sends_no_metadata_and_is_told_none() -> None:
    calls = Calls()
    response = await answer(
        "GET", "/v1/users/7", edge=HttpEdge(lambda: ROUTER, calls), headers={"grpc-metadata-user": "root"}
    )
    assert "user" not in dict(calls.seen[0].metadata)
    assert "grpc-metadata-cost" not in response.headers


async def test_a_service_sends_metadata_and_is_told_it() -> None:
    calls = Calls()
    edge = HttpEdge(lambda: ROUTER, calls, trusted=True)
    response = await answer("GET", "/v1/users/7", edge=edge, headers={"grpc-metadata-user": "root"})
    assert dict(calls.seen[0].metadata)["user"] == "root"
    assert (response.headers["grpc-metadata-cost"], response.headers["grpc-trailer-n"]) == ("3", "1")


@pytest.mark.parametrize(("asked", "given"), [("2S", 2.0), ("500m", 0.5), ("9H", 15.0)])
async def test_a_caller_may_ask_for_less_time_but_not_for_more(asked: str, given: float) -> None:
    calls = Calls()
    await answer("GET", "/v1/users/7", edge=HttpEdge(lambda: ROUTER, calls), headers={"grpc-timeout": asked})
    assert calls.seen[0].timeout == pytest.approx(given, abs=0.5)


async def test_the_routes_of_the_moment_count() -> None:
    router = Router(())
    edge = HttpEdge(lambda: router, Calls())
    assert (await answer("GET", "/v1/users/7", edge=edge)).status == 404
    router = ROUTER
    assert (await answer("GET", "/v1/users/7", edge=edge)).status == 200


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "chunked"])
async def test_a_body_that_is_too_long_is_refused(announced: bool) -> None:
    calls = Calls()
    edge = HttpEdge(lambda: ROUTER, calls, body_limit=10)

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b'{"a":1}'

    async with httpx.AsyncClient(transport=httpx.ASGITransport(edge), base_url="http://edge") as client:
        response = await client.post("/v1/users", content=b" " * 11 if announced else chunks(), headers=JSON)
    assert response.status_code == 413
    assert response.json()["error"]["details"][0]["reason"] == "BODY_TOO_LARGE"
    assert response.headers[REQUEST_ID_HEADER]
    assert calls.seen == []


async def test_the_path_arrives_as_it_was_sent() -> None:
    calls = Calls()
    edge = HttpEdge(lambda: ROUTER, calls)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(edge), base_url="http://edge") as client:
        response = await client.get("/v1/users/a%2Fb")
    assert response.status_code == 200
    assert calls.seen[0].message == identity_pb2.GetUserRequest(user_id="a/b")


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
    await HttpEdge(lambda: ROUTER, calls.for_ever)(scope, receive, send)
    assert calls.cancelled.is_set()
    assert sent == []
