"""Errors that only a transport can raise; all of them are what a generated stub raises, grpc.aio.AioRpcError.

``grpc.aio.AioRpcError``
    ``UnreachableError``  the call did not happen
"""

from __future__ import annotations

import grpc

from platformkit.status import ServiceError, rpc_error


class UnreachableError(grpc.aio.AioRpcError):
    """The call certainly did not happen, so that anybody may make it again elsewhere. Its code is UNAVAILABLE."""


def unreachable(message: str, reason: str = "UNREACHABLE") -> grpc.aio.AioRpcError:
    """Return the error of a call that could not be sent."""
    error = ServiceError(grpc.StatusCode.UNAVAILABLE, message, reason=reason)
    return rpc_error(error.to_status(), UnreachableError)


def failed(code: grpc.StatusCode, message: str, reason: str) -> grpc.aio.AioRpcError:
    """Return the error of a call that the transport could not bring to an end."""
    return rpc_error(ServiceError(code, message, reason=reason).to_status())


def deadline_exceeded(method: str) -> grpc.aio.AioRpcError:
    """Return the error of a call that ran out of time; without details, as gRPC itself raises it."""
    return grpc.aio.AioRpcError(
        grpc.StatusCode.DEADLINE_EXCEEDED,
        grpc.aio.Metadata(),
        grpc.aio.Metadata(),
        details=f"Deadline Exceeded: no answer from {method} in time",
    )
