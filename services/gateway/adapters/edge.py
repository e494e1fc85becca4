"""The gateway's HTTP application."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

import grpc
from google.protobuf.descriptor import ServiceDescriptor

from platformkit.openapi import document
from platformkit.transcoding import EdgeRequest, HttpEdge, HttpResponse, Middleware, json_response, through
from services.gateway.adapters.routes import Routes

CLIENT_ADDRESS: Final = "x-client-address"
"""Metadata that tells a service the IP address of whoever called the gateway; auth counts attempts by it."""
OPENAPI_PATH: Final = "/openapi.json"
TITLE: Final = "gateway"
VERSION: Final = "1"


def gateway(
    routes: Routes,
    channel_of: Callable[[str], grpc.aio.Channel],
    pipeline: Sequence[Middleware] = (),
) -> HttpEdge:
    """Return the application: HTTP in, calls out; and what it answers as an OpenAPI document at /openapi.json.

    Args:
        routes: Which interfaces are reached, by which paths.
        channel_of: The channel to an interface, by its full name.
        pipeline: What a request passes on its way.
    """

    async def openapi(_: EdgeRequest) -> HttpResponse:
        return _described(routes.interfaces)

    return HttpEdge(routes.match, through(channel_of), pipeline, {OPENAPI_PATH: openapi}, told=_told)


def _told(request: EdgeRequest) -> tuple[tuple[str, str], ...]:
    return ((CLIENT_ADDRESS, request.peer),) if request.peer else ()


@lru_cache(maxsize=1)
def _described(interfaces: tuple[ServiceDescriptor, ...]) -> HttpResponse:
    return json_response(document(interfaces, TITLE, VERSION, ["/"], access_tokens=True))
