"""Authorisation: whether the principal of a request may call its rpc."""

from __future__ import annotations

import grpc

from platformkit.context import current
from platformkit.status import ServiceError
from platformkit.transcoding import EdgeRequest, Handler, HttpResponse
from services.gateway.pipeline.access import access_of
from services.gateway.pipeline.authentication import unauthenticated


async def authorise(request: EdgeRequest, handler: Handler) -> HttpResponse:
    """Hand the request on if its principal may make it. An rpc that declares no access is closed to everybody.

    Raises:
        EdgeError: 401, nobody has proved who sends it.
        ServiceError: PERMISSION_DENIED, the principal may not.
    """
    policy, match = access_of(request), request.match
    if match is None or policy.is_public:
        return await handler(request)
    if policy.is_closed:
        message = "nobody outside may call this"
        raise ServiceError(grpc.StatusCode.PERMISSION_DENIED, message, reason="ACCESS_CLOSED")
    principal = current().principal
    if principal is None:
        raise unauthenticated("an access token is needed: authorization: Bearer ...")
    policy.require_at(principal, match.route, match.variables)
    return await handler(request)
