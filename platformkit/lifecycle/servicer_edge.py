"""The HTTP edge of a service that answers over gRPC: the same servicers, behind the same guard."""

from __future__ import annotations

from platformkit.channels import MemoryChannel
from platformkit.lifecycle.application import Asgi, Servicer
from platformkit.lifecycle.guard import Guard
from platformkit.transcoding import HttpEdge, Router, routes_of, through


def servicer_edge(servicers: tuple[Servicer, ...], outages: tuple[type[Exception], ...]) -> Asgi:
    """Return an edge with the routes of these servicers; it needs no gRPC port to be open.

    Args:
        servicers: What to serve.
        outages: Errors that mean that a store is away.
    """
    channel = MemoryChannel(interceptors=[Guard(outages)])
    for servicer in servicers:
        servicer.add(servicer.implementation, channel.server)
    router = Router(tuple(route for servicer in servicers for route in routes_of(servicer.descriptor)))
    return HttpEdge(lambda: router, through(lambda _: channel), trusted=True)
