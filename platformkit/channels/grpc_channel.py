"""gRPC itself."""

from __future__ import annotations

from typing import Any, Final

import grpc

from platformkit.context import capped, handed_on

METADATA_BYTES: Final = 64 * 1024
"""Metadata that is accepted with a call or an answer."""

PING_SECONDS: Final = 3.0
"""How often a server with calls on their way is asked for a sign of life, and how long it has to give one."""

_OPTIONS: Final = (
    # A process that comes back on the same port is to be found at once, not after minutes of backing off.
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.min_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 2000),
    # Channels share neither connections nor the memory that one failed.
    ("grpc.use_local_subchannel_pool", 1),
    ("grpc.enable_http_proxy", 0),
    # What a server says of a failure travels as metadata; by default more than 8 kB of it is refused at random.
    ("grpc.max_metadata_size", METADATA_BYTES),
    ("grpc.absolute_max_metadata_size", METADATA_BYTES),
)


def grpc_channel(address: str, *, ping_seconds: float = PING_SECONDS) -> grpc.aio.Channel:
    """Return a gRPC channel to ``host:port``, without TLS; every call hands on the context at hand.

    Calls to a process that is frozen, or to a host that is gone, fail with UNAVAILABLE after seconds rather than with
    their deadlines. Pings are answered below the servicers, so that a call that is merely slow goes on.

    Args:
        address: Where the server is.
        ping_seconds: How often a server with calls on their way is pinged, and how long it has to answer.
    """
    interceptors = (_UnaryUnary(), _UnaryStream(), _StreamUnary(), _StreamStream())
    milliseconds = round(ping_seconds * 1000)
    pings = (
        ("grpc.keepalive_time_ms", milliseconds),
        # The time to answer; keepalive_timeout_ms has no effect while this one, a minute by default, is longer.
        ("grpc.http2.ping_timeout_ms", milliseconds),
        ("grpc.http2.max_pings_without_data", 0),
    )
    return grpc.aio.insecure_channel(address, options=(*_OPTIONS, *pings), interceptors=interceptors)


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
