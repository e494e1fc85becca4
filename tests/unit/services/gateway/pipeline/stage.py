"""A stage of the pipeline at work, for tests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from plt.audit.v1 import audit_pb2
from plt.identity.v1 import identity_pb2

from platformkit.context import Principal, current
from platformkit.status import ServiceError
from platformkit.transcoding import (
    EdgeRequest,
    HttpEdge,
    HttpRequest,
    HttpResponse,
    Invocation,
    Middleware,
    Reply,
    Router,
    routes_of,
)

ROUTER = Router(
    [
        *routes_of(identity_pb2.DESCRIPTOR.services_by_name["IdentityService"]),
        *routes_of(audit_pb2.DESCRIPTOR.services_by_name["AuditService"]),
    ]
)
USER = identity_pb2.User(user_id="7", etag="a1")


class Behind:
    """What is behind a stage: the rpcs, the last call and its principal."""

    def __init__(self, failure: ServiceError | None = None) -> None:
        self.failure = failure
        self.seen: list[Invocation] = []
        self.principals: list[Principal | None] = []

    async def __call__(self, invocation: Invocation) -> Reply:
        self.seen.append(invocation)
        self.principals.append(current().principal)
        if self.failure is not None:
            raise self.failure
        name = invocation.route.method.name
        answers = {
            "GetUser": identity_pb2.GetUserResponse(user=USER),
            "UpdateUser": identity_pb2.UpdateUserResponse(user=USER),
            "ListUsers": identity_pb2.ListUsersResponse(users=[USER] * 100),
        }
        return Reply(answers.get(name, identity_pb2.CreateUserResponse()))


async def through(
    *stages: Middleware,
    verb: str = "GET",
    path: str = "/v1/users/7",
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    peer: str = "192.0.2.1",
    behind: Behind | None = None,
) -> HttpResponse:
    """Return the response to a request that passes these stages."""
    edge = HttpEdge(ROUTER.match, behind or Behind(), stages)
    return await edge.handle(HttpRequest(verb, path, "", headers or {}, body), peer)


def reason(response: HttpResponse) -> str:
    """Return why a request was refused."""
    details: list[dict[str, Any]] = json.loads(response.body)["error"]["details"]
    return str(details[0]["reason"])


class Seen:
    """A stage that remembers the requests that reach it."""

    def __init__(self) -> None:
        self.requests: list[EdgeRequest] = []

    async def __call__(self, request: EdgeRequest, handler: Any) -> HttpResponse:
        self.requests.append(request)
        response: HttpResponse = await handler(request)
        return response
