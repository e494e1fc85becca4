import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import grpc
import pytest
from plt.audit.v1 import audit_pb2, audit_pb2_grpc
from plt.auth.v1 import auth_pb2
from plt.identity.v1 import identity_pb2
from plt.notification.v1 import notification_pb2

from platformkit.channels import MemoryChannel
from platformkit.context import current
from platformkit.discovery import MemoryRegistry
from platformkit.tokens import InternalTokens, MemoryCallerKeys
from platformkit.transcoding import EdgeRequest, Handler, HttpEdge, HttpRequest, HttpResponse, Middleware
from services.gateway.adapters.clients import Clients
from services.gateway.adapters.edge import OPENAPI_PATH, gateway
from services.gateway.adapters.routes import Routes
from services.gateway.pipeline.protection import PROTECTION, protect

IDENTITY = identity_pb2.DESCRIPTOR.services_by_name["IdentityService"]
AUDIT = audit_pb2.DESCRIPTOR.services_by_name["AuditService"]
AUTH = auth_pb2.DESCRIPTOR.services_by_name["AuthService"]
NOTIFICATION = notification_pb2.DESCRIPTOR.services_by_name["NotificationService"]
PATH = "/v1/audit/entries"


class Backend(audit_pb2_grpc.AuditServiceServicer):
    """Knows the trail of one subject, and the ids of the requests that asked for it."""

    # Nobody asks for them.
    ListDeadLetters: Any = audit_pb2_grpc.AuditServiceServicer.ListDeadLetters
    RedriveDeadLetters: Any = audit_pb2_grpc.AuditServiceServicer.RedriveDeadLetters

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.addresses: list[object] = []

    async def ListEntries(
        self,
        request: audit_pb2.ListEntriesRequest,
        context: grpc.aio.ServicerContext[audit_pb2.ListEntriesRequest, audit_pb2.ListEntriesResponse],
    ) -> audit_pb2.ListEntriesResponse:
        metadata = dict(context.invocation_metadata() or ())
        self.asked.append(str(metadata["x-request-id"]))
        self.addresses.append(metadata.get("x-client-address"))
        if request.subject == "nobody":
            await context.abort(grpc.StatusCode.NOT_FOUND, "no such subject")
        return audit_pb2.ListEntriesResponse(entries=[audit_pb2.Entry(subject=request.subject)])


@pytest.fixture
def backend() -> Backend:
    return Backend()


def edge(backend: Backend, pipeline: Sequence[Middleware] = (protect,)) -> HttpEdge:
    channel = MemoryChannel()
    audit_pb2_grpc.add_AuditServiceServicer_to_server(backend, channel.server)
    return gateway(Routes([AUDIT]), lambda _: channel, pipeline)


async def get(edge: HttpEdge, path: str, query: str = "", **headers: str) -> HttpResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await edge.handle(HttpRequest("GET", path, query, named))


def error(response: HttpResponse) -> tuple[int, str, str]:
    body = json.loads(response.body)["error"]
    assert body["code"] == response.status
    return response.status, body["status"], body["details"][0]["reason"] if body.get("details") else ""


async def test_a_request_is_answered_by_the_service_behind_its_route(backend: Backend) -> None:
    response = await get(edge(backend), PATH, query="subject=users/1")
    assert response.status == 200
    assert json.loads(response.body)["entries"][0]["subject"] == "users/1"


async def test_what_the_service_refuses_reaches_the_caller_as_the_error_document(backend: Backend) -> None:
    response = await get(edge(backend), PATH, query="subject=nobody")
    assert error(response)[:2] == (404, "NOT_FOUND")


async def test_a_path_without_a_route_is_not_found(backend: Backend) -> None:
    assert error(await get(edge(backend), "/v1/nothing")) == (404, "NOT_FOUND", "ROUTE_NOT_FOUND")


async def test_a_service_without_a_live_instance_is_away_and_not_unknown() -> None:
    clients = Clients(MemoryRegistry(), InternalTokens("gateway", MemoryCallerKeys()).prove)
    try:
        response = await get(gateway(Routes([IDENTITY]), clients.channel), "/v1/users")
    finally:
        await clients.close()
    assert error(response) == (503, "UNAVAILABLE", "NO_INSTANCE")


async def test_the_id_of_a_request_goes_to_the_service_and_back_to_the_caller(backend: Backend) -> None:
    response = await get(edge(backend), PATH, x_request_id="request-7")
    assert backend.asked == ["request-7"]
    assert response.headers["x-request-id"] == "request-7"


async def test_a_service_is_told_the_address_of_the_caller_and_not_what_the_caller_says_it_is(backend: Backend) -> None:
    request = HttpRequest("GET", PATH, "", {"x-client-address": "forged", "grpc-metadata-x-client-address": "forged"})
    await edge(backend).handle(request, "192.0.2.7")
    assert backend.addresses == ["192.0.2.7"]


async def test_a_request_without_an_id_is_given_one(backend: Backend) -> None:
    response = await get(edge(backend), PATH)
    assert backend.asked == [response.headers["x-request-id"]]


@pytest.mark.parametrize("path", [PATH, "/v1/nothing", OPENAPI_PATH])
async def test_every_answer_of_the_pipeline_is_protected(backend: Backend, path: str) -> None:
    response = await get(edge(backend), path)
    assert response.headers.items() >= PROTECTION.items()


async def test_the_pipeline_is_passed_in_its_order_and_within_the_request(backend: Backend) -> None:
    passed: list[tuple[str, str]] = []

    def stage(name: str) -> Middleware:
        async def middleware(request: EdgeRequest, handler: Handler) -> HttpResponse:
            passed.append((name, current().request_id))
            return await handler(request)

        return middleware

    await get(edge(backend, [stage("outer"), stage("inner")]), PATH, x_request_id="r")
    assert passed == [("outer", "r"), ("inner", "r")]


async def test_metadata_of_the_caller_stays_outside(backend: Backend) -> None:
    await get(edge(backend), PATH, grpc_metadata_x_request_id="forged", x_request_id="own")
    assert backend.asked == ["own"]


async def test_the_document_describes_the_routes_of_the_moment(backend: Backend) -> None:
    routes = Routes([IDENTITY])
    served = gateway(routes, lambda _: MemoryChannel())
    before = json.loads((await get(served, OPENAPI_PATH)).body)
    routes.show([AUDIT.full_name])
    after = json.loads((await get(served, OPENAPI_PATH)).body)
    assert before["openapi"].startswith("3.1")
    letters = "/v1/audit/deadLetters"
    assert set(after["paths"]) - set(before["paths"]) == {PATH, letters, f"{letters}:redrive"}


async def test_the_document_is_the_agreed_one_but_for_its_prose() -> None:
    served = gateway(Routes([IDENTITY, AUDIT, AUTH, NOTIFICATION]), lambda _: MemoryChannel())
    answer = json.loads((await get(served, OPENAPI_PATH)).body)
    agreed = json.loads((Path(__file__).parents[5] / "contracts/openapi/gateway.json").read_text())
    assert without_prose(answer) == without_prose(agreed)


def without_prose(document: object) -> object:
    if isinstance(document, list):
        return [without_prose(part) for part in document]
    if not isinstance(document, dict):
        return document
    # Of texts only: a schema may well have a property of that name.
    prose = {"description", "summary"}
    return {k: without_prose(v) for k, v in document.items() if not (k in prose and isinstance(v, str))}
