"""The HTTP edge of a service that answers over gRPC: the same servicers, behind the same guard."""

from __future__ import annotations

from collections.abc import Mapping

from platformkit.channels import MemoryChannel
from platformkit.lifecycle.application import Asgi, Servicer
from platformkit.lifecycle.guard import Guard
from platformkit.tokens import InternalTokens
from platformkit.transcoding import Handler, HttpEdge, Router, routes_of, through


def servicer_edge(
    servicers: tuple[Servicer, ...],
    outages: tuple[type[Exception], ...],
    paths: Mapping[str, Handler] | None = None,
    tokens: InternalTokens | None = None,
) -> Asgi:
    """Return an edge with the routes of these servicers; it needs no gRPC port to be open.

    Args:
        servicers: What to serve.
        outages: Errors that mean that a store is away.
        paths: Answers to GET on paths that are no rpc.
        tokens: Verifies who calls an rpc; None to let everybody call.
    """
    channel = MemoryChannel(interceptors=[Guard(outages, tokens, "http")])
    for servicer in servicers:
        servicer.add(servicer.implementation, channel.server)
    router = Router(tuple(route for servicer in servicers for route in routes_of(servicer.descriptor)))
    return HttpEdge(router.match, through(lambda _: channel), extra_paths=paths, trusted=True)
