"""The HTTP edge: one answer to everything that may arrive."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import grpc
import pytest
from plt.identity.v1 import identity_pb2

from platformkit.context import REQUEST_ID_HEADER, Trace, current, remaining
from platformkit.status import ServiceError, rpc_error
from platformkit.transcoding import (
    EdgeRequest,
    Handler,
    HttpEdge,
    HttpRequest,
    HttpResponse,
    Invocation,
    Match,
    Middleware,
    Reply,
    Router,
    json_response,
    routes_of,
)
from tests.unit.platformkit.transcoding.calls import Calls

JSON = {"content-type": "application/json"}
ROUTER = Router(routes_of(identity_pb2.DESCRIPTOR.services_by_name["IdentityService"]))


def error_of(response: HttpResponse) -> dict[str, Any]:
    assert response.headers["content-type"] == "application/json"
    error: dict[str, Any] = json.loads(response.body)["error"]
    assert error["code"] == response.status
    return error


async def answer(
    verb: str, path: str, *, edge: HttpEdge | None = None, headers: Mapping[str, str] = JSON, body: bytes = b""
) -> HttpResponse:
    edge = edge or HttpEdge(ROUTER.match, Calls())
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
    response = await answer("GET", "/v1/users/7", edge=HttpEdge(ROUTER.match, Calls(failure)))
    error = error_of(response)
    assert (response.status, error["status"], error["message"]) == (409, "ABORTED", "stale")
    assert error["details"][0]["reason"] == "ETAG_STALE"


async def test_an_unexpected_error_is_told_to_nobody_outside() -> None:
    response = await answer("GET", "/v1/users/7", edge=HttpEdge(ROUTER.match, Calls(KeyError("secret"))))
    assert error_of(response)["status"] == "INTERNAL"
    assert b"secret" not in response.body


async def test_a_middleware_sees_the_request_first_and_the_response_last() -> None:
    order: list[str] = []

    def middleware(name: str) -> Middleware:
        async def run(request: EdgeRequest, handler: Handler) -> HttpResponse:
            order.append(f"{name} in")
            response = await handler(replace(request, path="/v1/users/7", match=None))
            order.append(f"{name} out")
            return replace(response, headers={**response.headers, "seen-by": name})

        return run

    edge = HttpEdge(ROUTER.match, Calls(), [middleware("outer"), middleware("inner")])
    response = await answer("GET", "/elsewhere", edge=edge)
    assert (response.status, response.headers["seen-by"]) == (200, "outer")
    assert order == ["outer in", "inner in", "inner out", "outer out"]


async def test_a_middleware_may_refuse() -> None:
    async def refuse(request: EdgeRequest, handler: Handler) -> HttpResponse:
        raise ServiceError(grpc.StatusCode.UNAUTHENTICATED, "who are you?", reason="TOKEN_MISSING")

    response = await answer("GET", "/v1/users/7", edge=HttpEdge(ROUTER.match, Calls(), [refuse]))
    assert error_of(response)["code"] == 401


async def test_an_extra_path_answers_to_get_alone() -> None:
    async def alive(_: EdgeRequest) -> HttpResponse:
        return json_response({"alive": True})

    edge = HttpEdge(ROUTER.match, Calls(), extra_paths={"/livez": alive})
    assert json.loads((await answer("GET", "/livez", edge=edge)).body) == {"alive": True}
    refused = await answer("POST", "/livez", edge=edge)
    assert (refused.status, refused.headers["allow"]) == (405, "GET")


async def test_the_callers_request_id_is_kept_and_handed_on() -> None:
    calls = Calls()
    response = await answer(
        "GET", "/v1/users/7", edge=HttpEdge(ROUTER.match, calls), headers={REQUEST_ID_HEADER: "req-7"}
    )
    assert response.headers[REQUEST_ID_HEADER] == "req-7"
    assert calls.contexts[0].request_id == "req-7"
    assert current().request_id == ""


async def test_the_trace_of_the_caller_goes_on_and_its_principal_is_nobody_whatever_it_says() -> None:
    calls, parent = Calls(), f"00-{'a' * 32}-{'b' * 16}-01"
    headers = {"traceparent": parent, "tracestate": "rojo=1", "x-principal": "root"}
    await answer("GET", "/v1/users/7", edge=HttpEdge(ROUTER.match, calls), headers=headers)
    assert (calls.contexts[0].trace, calls.contexts[0].principal) == (Trace(parent, "rojo=1"), None)


async def test_a_middleware_has_no_more_time_than_the_caller_gives() -> None:
    left: list[float | None] = []

    async def note(request: EdgeRequest, handler: Handler) -> HttpResponse:
        left.append(remaining())
        return await handler(request)

    edge = HttpEdge(ROUTER.match, Calls(), [note], timeout_seconds=60)
    await answer("GET", "/v1/users/7", edge=edge, headers={"grpc-timeout": "4S"})
    await answer("GET", "/v1/users/7", edge=edge, headers={"grpc-timeout": "0S"})
    await answer("GET", "/v1/users/7", edge=edge)
    assert left == [pytest.approx(4, abs=0.5), 0.0, pytest.approx(60, abs=0.5)]


async def test_metadata_of_a_service_cannot_pass_off_another_context() -> None:
    calls = Calls()
    edge = HttpEdge(ROUTER.match, calls, trusted=True)
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
        "GET", "/v1/users/7", edge=HttpEdge(ROUTER.match, calls), headers={"grpc-metadata-user": "root"}
    )
    assert "user" not in dict(calls.seen[0].metadata)
    assert "grpc-metadata-cost" not in response.headers


async def test_a_service_sends_metadata_and_is_told_it() -> None:
    calls = Calls()
    edge = HttpEdge(ROUTER.match, calls, trusted=True)
    response = await answer("GET", "/v1/users/7", edge=edge, headers={"grpc-metadata-user": "root"})
    assert dict(calls.seen[0].metadata)["user"] == "root"
    assert (response.headers["grpc-metadata-cost"], response.headers["grpc-trailer-n"]) == ("3", "1")


@pytest.mark.parametrize(("asked", "given"), [("2S", 2.0), ("500m", 0.5), ("9H", 15.0)])
async def test_a_caller_may_ask_for_less_time_but_not_for_more(asked: str, given: float) -> None:
    calls = Calls()
    await answer("GET", "/v1/users/7", edge=HttpEdge(ROUTER.match, calls), headers={"grpc-timeout": asked})
    assert calls.seen[0].timeout == pytest.approx(given, abs=0.5)


@pytest.mark.parametrize("path", ["/v1/users/7", "/v1/users/7?no_such=1"])
async def test_a_request_whose_time_is_up_when_it_arrives_is_not_begun_whatever_it_says(path: str) -> None:
    calls = Calls()
    edge = HttpEdge(ROUTER.match, calls, trusted=True)
    error = error_of(await answer("GET", path, edge=edge, headers={"grpc-timeout": "1n"}))
    assert (error["code"], error["status"], error["message"]) == (504, "DEADLINE_EXCEEDED", "Deadline Exceeded")
    assert calls.seen == []


async def test_the_routes_of_the_moment_count() -> None:
    routers = [Router(())]

    def match(verb: str, path: str) -> Match:
        return routers[-1].match(verb, path)

    edge = HttpEdge(match, Calls())
    assert (await answer("GET", "/v1/users/7", edge=edge)).status == 404
    routers.append(ROUTER)
    assert (await answer("GET", "/v1/users/7", edge=edge)).status == 200


async def test_a_call_that_ends_by_itself_is_a_failure_that_the_caller_may_repeat() -> None:
    async def cancelled(_: Invocation) -> Reply:
        raise asyncio.CancelledError

    response = await answer("GET", "/v1/users/7", edge=HttpEdge(ROUTER.match, cancelled))
    assert (response.status, error_of(response)["details"][0]["reason"]) == (503, "SERVICE_CANCELLED")


@pytest.mark.parametrize(
    "failure",
    [
        pytest.param(
            grpc.aio.AioRpcError(
                grpc.StatusCode.UNAVAILABLE, grpc.aio.Metadata(), grpc.aio.Metadata(), "connect to 10.0.0.7:5051"
            ),
            id="by-grpc",
        ),
        pytest.param(
            rpc_error(
                ServiceError(grpc.StatusCode.UNAVAILABLE, "10.0.0.7:5051 is away", reason="UNREACHABLE").to_status()
            ),
            id="by-a-channel",
        ),
    ],
)
async def test_hosts_and_ports_are_told_to_services_and_to_no_stranger(failure: Exception) -> None:
    outside = await answer("GET", "/v1/users/7", edge=HttpEdge(ROUTER.match, Calls(failure)))
    inside = await answer("GET", "/v1/users/7", edge=HttpEdge(ROUTER.match, Calls(failure), trusted=True))
    assert (outside.status, inside.status) == (503, 503)
    assert b"10.0.0.7" not in outside.body
    assert b"10.0.0.7" in inside.body


@pytest.mark.parametrize(("fact", "header"), [("30", "30"), ("-1", None), ("soon", None), ("", None)])
async def test_when_to_try_again_is_a_header_as_well(fact: str, header: str | None) -> None:
    failure = ServiceError(
        grpc.StatusCode.RESOURCE_EXHAUSTED, "later", reason="LOCKED", metadata={"retry_after_seconds": fact}
    )
    response = await answer("GET", "/v1/users/7", edge=HttpEdge(ROUTER.match, Calls(failure)))
    assert (response.status, response.headers.get("retry-after")) == (429, header)
