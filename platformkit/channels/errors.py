"""Errors that only a transport can raise; all of them are what a generated stub raises, grpc.aio.AioRpcError.

``grpc.aio.AioRpcError``
    ``UnreachableError``  the call did not happen
"""

from __future__ import annotations

from typing import Final

import grpc

from platformkit.status import ServiceError, out_of_time, rpc_error

CALLER_UNPROVEN: Final = "CALLER_UNPROVEN"
"""Reason with which a service refuses whoever does not prove to be a service of the platform."""


class UnreachableError(grpc.aio.AioRpcError):
    """The call certainly did not happen, so that anybody may make it again elsewhere. Its code is UNAVAILABLE."""


def unreachable(message: str, reason: str = "UNREACHABLE") -> grpc.aio.AioRpcError:
    """Return the error of a call that could not be sent."""
    error = ServiceError(grpc.StatusCode.UNAVAILABLE, message, reason=reason)
    return rpc_error(error.to_status(), UnreachableError)


def failed(code: grpc.StatusCode, message: str, reason: str) -> grpc.aio.AioRpcError:
    """Return the error of a call that the transport could not bring to an end."""
    return rpc_error(ServiceError(code, message, reason=reason).to_status())


def channel_closed() -> grpc.aio.AioRpcError:
    """Return the error of a call whose channel was closed before it was answered; it may have happened."""
    message = "the connection was given up before the call was answered; it may have happened"
    return failed(grpc.StatusCode.UNAVAILABLE, message, "CHANNEL_CLOSED")


def deadline_exceeded(method: str) -> grpc.aio.AioRpcError:
    """Return the error of a call that got no answer in time; without details, as gRPC itself raises it."""
    return out_of_time(f"no answer from {method} in time")
