"""gRPC itself."""

from __future__ import annotations

from typing import Any, Final

import grpc

from platformkit.context import capped, handed_on

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
    """Return a gRPC channel to ``host:port``, without TLS; every call hands on the context at hand."""
    interceptors = (_UnaryUnary(), _UnaryStream(), _StreamUnary(), _StreamStream())
    return grpc.aio.insecure_channel(address, options=_OPTIONS, interceptors=interceptors)


def _in_context(details: grpc.aio.ClientCallDetails) -> grpc.aio.ClientCallDetails:
    return grpc.aio.ClientCallDetails(
        details.method,
        capped(details.timeout),
        grpc.aio.Metadata(*handed_on(details.metadata)),
        details.credentials,
        details.wait_for_ready,
    )


# One class for each kind of call: a channel takes an interceptor for the first kind only that it is made for.
class _UnaryUnary(grpc.aio.UnaryUnaryClientInterceptor):
    async def intercept_unary_unary(
        self, continuation: Any, client_call_details: grpc.aio.ClientCallDetails, request: Any
    ) -> Any:
        return await continuation(_in_context(client_call_details), request)


class _UnaryStream(grpc.aio.UnaryStreamClientInterceptor):
    async def intercept_unary_stream(
        self, continuation: Any, client_call_details: grpc.aio.ClientCallDetails, request: Any
    ) -> Any:
        return await continuation(_in_context(client_call_details), request)


class _StreamUnary(grpc.aio.StreamUnaryClientInterceptor):
    async def intercept_stream_unary(
        self, continuation: Any, client_call_details: grpc.aio.ClientCallDetails, request_iterator: Any
    ) -> Any:
        return await continuation(_in_context(client_call_details), request_iterator)


class _StreamStream(grpc.aio.StreamStreamClientInterceptor):
    async def intercept_stream_stream(
        self, continuation: Any, client_call_details: grpc.aio.ClientCallDetails, request_iterator: Any
    ) -> Any:
        return await continuation(_in_context(client_call_details), request_iterator)
