"""Responses to what went wrong: the one error document, and what of an error a stranger may be told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import grpc
from google.rpc import error_details_pb2, status_pb2

from platformkit.context import REQUEST_ID_HEADER, current
from platformkit.status import ServiceError, error_document
from platformkit.status.codes import code_of_number, http_status
from platformkit.status.error import STATUS_DETAILS_KEY, status_of
from platformkit.telemetry import get_logger
from platformkit.transcoding.errors import EdgeError
from platformkit.transcoding.message import HttpResponse, json_response
from platformkit.transcoding.metadata import TRAILING_PREFIX, headers_of

UNREACHABLE: Final = "UNREACHABLE"
"""Reason of an error that a channel raises by itself; its message names a host and a port."""

RETRY_AFTER_SECONDS: Final = "retry_after_seconds"
"""Fact of an error that says when to try again; over HTTP it is the header ``retry-after`` as well."""

_log = get_logger("http")

_TOLD: Final[Mapping[grpc.StatusCode, str]] = {
    grpc.StatusCode.UNAVAILABLE: "the service behind this path is unavailable; try again",
    grpc.StatusCode.DEADLINE_EXCEEDED: "the service behind this path did not answer in time; try again",
    grpc.StatusCode.CANCELLED: "the call was ended before there was an answer; try again",
}


def refusal(error: ServiceError) -> HttpResponse:
    """Return the response to a request that is refused."""
    if isinstance(error, EdgeError):
        return json_response(error_document(error.to_status(), error.http), error.http, error.headers)
    return _response(error.to_status())


def failure_of_call(error: grpc.aio.AioRpcError, trusted: bool) -> HttpResponse:
    """Return the response to a request whose call failed.

    Args:
        error: What the call raised.
        trusted: Whether the caller is another service. A stranger is told what a service wrote for its callers, and
            nothing that a channel says about hosts, ports and connections.
    """
    status = status_of(error)
    if trusted:
        trailing = ((key, value) for key, value in error.trailing_metadata() or () if key != STATUS_DETAILS_KEY)
        return _response(status, headers_of(trailing, TRAILING_PREFIX))
    if _reason(status) in {"", UNREACHABLE}:
        _log.warning("call failed", code=error.code().name, error=error.details())
        code = error.code()
        told = _TOLD.get(code, "the service behind this path failed; its request id finds it in the logs")
        status = ServiceError(code, told, reason=f"SERVICE_{code.name}" if code in _TOLD else code.name).to_status()
    return _response(status)


def refused(error: ServiceError) -> HttpResponse:
    """Return the refusal with the id of the request at hand, for whoever refuses outside of an edge."""
    return identified(refusal(error))


def unexpected() -> HttpResponse:
    """Return the response to a request that met a defect; the log has the details under its request id."""
    message = "an unexpected error; its request id finds it in the logs"
    return refusal(ServiceError(grpc.StatusCode.INTERNAL, message, reason="INTERNAL"))


def cut_off() -> HttpResponse:
    """Return the response to a request whose call was ended by this process, when an instance left for example."""
    return refusal(
        ServiceError(grpc.StatusCode.UNAVAILABLE, _TOLD[grpc.StatusCode.CANCELLED], reason="SERVICE_CANCELLED")
    )


def identified(response: HttpResponse) -> HttpResponse:
    """Return the response with the id of the request at hand."""
    return HttpResponse(response.status, {**response.headers, REQUEST_ID_HEADER: current().request_id}, response.body)


def _response(status: status_pb2.Status, headers: Mapping[str, str] | None = None) -> HttpResponse:
    told = _retry_after(status) | dict(headers or {})
    return json_response(error_document(status), http_status(code_of_number(status.code)), told)


def _retry_after(status: status_pb2.Status) -> dict[str, str]:
    # RFC 9110, section 10.2.3: whole seconds.
    seconds = _info(status).metadata.get(RETRY_AFTER_SECONDS, "")
    return {"retry-after": seconds} if seconds.isascii() and seconds.isdecimal() else {}


def _reason(status: status_pb2.Status) -> str:
    return str(_info(status).reason)


def _info(status: status_pb2.Status) -> error_details_pb2.ErrorInfo:
    info = error_details_pb2.ErrorInfo()
    for detail in status.details:
        if detail.Unpack(info):
            break
    return info
