"""Record of a call that a service answers: its span and its numbers."""

from __future__ import annotations

from typing import Final

import grpc

from platformkit.telemetry import Counter, Histogram, Kind, Span, span
from platformkit.telemetry.conventions import GRPC, RPC_METHOD, RPC_STATUS, RPC_SYSTEM

CALLS: Final = Counter("plt_rpc_server_calls_total", "Calls that a service answered", ("rpc", "transport", "code"))
CALL_SECONDS: Final = Histogram("plt_rpc_server_seconds", "Time in which a service answered", ("rpc", "transport"))

# https://opentelemetry.io/docs/specs/semconv/rpc/grpc/#grpc-status: every other code is a matter of the caller's.
_OWN_FAILURES: Final = frozenset(
    {
        grpc.StatusCode.UNKNOWN,
        grpc.StatusCode.DEADLINE_EXCEEDED,
        grpc.StatusCode.UNIMPLEMENTED,
        grpc.StatusCode.INTERNAL,
        grpc.StatusCode.UNAVAILABLE,
        grpc.StatusCode.DATA_LOSS,
    }
)


class CallRecord:
    """Keeps what there is to know of the calls of one rpc.

    Args:
        path: ``/package.Service/Method``.
        transport: What brings the calls: ``grpc``, or ``http`` if an edge in front has recorded a span of its own.
    """

    def __init__(self, path: str, transport: str) -> None:
        self._method = path.removeprefix("/")
        self._transport = transport
        self._kind = Kind.SERVER if transport == GRPC else Kind.INTERNAL
        self._facts = {RPC_SYSTEM: GRPC, RPC_METHOD: self._method}

    def begin(self) -> Span:
        """Begin the span of a call."""
        return span(self._method, self._kind, self._facts)

    def end(self, recorded: Span, code: grpc.StatusCode, seconds: float) -> None:
        """End the span of a call, and count it."""
        recorded.set(RPC_STATUS, code.name)
        if code in _OWN_FAILURES:
            recorded.fail(code.name)
        recorded.end()
        CALLS.add(self._method, self._transport, code.name)
        CALL_SECONDS.observe(seconds, self._method, self._transport)
