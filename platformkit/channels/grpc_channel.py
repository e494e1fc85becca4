"""gRPC itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import grpc

from platformkit.context import capped, handed_on

_Request = TypeVar("_Request")
_Response = TypeVar("_Response")

_OPTIONS: Final = (
    # A process that comes back on the same port is to be found at once, not after minutes of backing off.
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.min_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 2000),
    # Channels share neither connections nor the memory that one failed.
    ("grpc.use_local_subchannel_pool", 1),
    ("grpc.enable_http_proxy", 0),
)


def grpc_channel(address: str) -> grpc.aio.Channel:
    """Return a gRPC channel to ``host:port``, without TLS; every unary call hands on the context at hand."""
    return grpc.aio.insecure_channel(address, options=_OPTIONS, interceptors=[_HandOn()])


class _HandOn(grpc.aio.UnaryUnaryClientInterceptor):
    async def intercept_unary_unary(
        self,
        continuation: Callable[
            [grpc.aio.ClientCallDetails, _Request], Awaitable[grpc.aio.UnaryUnaryCall[_Request, _Response]]
        ],
        client_call_details: grpc.aio.ClientCallDetails,
        request: _Request,
    ) -> grpc.aio.UnaryUnaryCall[_Request, _Response]:
        details = grpc.aio.ClientCallDetails(
            client_call_details.method,
            capped(client_call_details.timeout),
            grpc.aio.Metadata(*handed_on(client_call_details.metadata)),
            client_call_details.credentials,
            client_call_details.wait_for_ready,
        )
        return await continuation(details, request)
