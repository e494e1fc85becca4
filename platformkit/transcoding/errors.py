"""Refusals of the HTTP edge: each is a ServiceError, like those of everything behind it."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

import grpc

from platformkit.status import FieldViolation, ServiceError
from platformkit.status.bounds import MAX_VIOLATIONS

_NO_HEADERS: Final[Mapping[str, str]] = MappingProxyType({})


class EdgeError(ServiceError):
    """A refusal whose HTTP status is finer than what its gRPC code maps to.

    Args:
        http: Status of the response.
        headers: Headers that the status asks for, such as ``allow``.
    """

    def __init__(
        self,
        http: HTTPStatus,
        code: grpc.StatusCode,
        message: str,
        *,
        reason: str,
        headers: Mapping[str, str] = _NO_HEADERS,
    ) -> None:
        super().__init__(code, message, reason=reason)
        self.http = int(http)
        self.headers = headers


def invalid_request(*violations: FieldViolation) -> ServiceError:
    """Return the refusal of a request that does not fit its definition."""
    names = ", ".join(dict.fromkeys(violation.field or "the body" for violation in violations[:MAX_VIOLATIONS]))
    return ServiceError(
        grpc.StatusCode.INVALID_ARGUMENT,
        f"the request does not fit its definition: see {names}",
        reason="MALFORMED_REQUEST",
        violations=violations,
    )


def not_found(path: str) -> ServiceError:
    """Return the refusal of a path that no route has."""
    return ServiceError(
        grpc.StatusCode.NOT_FOUND, f"no route for {path}", reason="ROUTE_NOT_FOUND", metadata={"path": path}
    )


def method_not_allowed(verb: str, path: str, allowed: tuple[str, ...]) -> EdgeError:
    """Return the refusal of a verb for which the path has no route."""
    allow = ", ".join(allowed)
    return EdgeError(
        HTTPStatus.METHOD_NOT_ALLOWED,
        grpc.StatusCode.UNIMPLEMENTED,
        f"{path} does not answer to {verb}; it answers to {allow}",
        reason="METHOD_NOT_ALLOWED",
        headers={"allow": allow},
    )


def body_too_large(limit: int) -> EdgeError:
    """Return the refusal of a body that is longer than the edge reads."""
    return EdgeError(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        grpc.StatusCode.INVALID_ARGUMENT,
        f"the body is longer than {limit} bytes",
        reason="BODY_TOO_LARGE",
        headers={"connection": "close"},
    )


def body_too_slow(seconds: float) -> EdgeError:
    """Return the refusal of a body that does not arrive in time."""
    return EdgeError(
        HTTPStatus.REQUEST_TIMEOUT,
        grpc.StatusCode.DEADLINE_EXCEEDED,
        f"the body did not arrive within {seconds:g} seconds",
        reason="BODY_TOO_SLOW",
        headers={"connection": "close"},
    )


def unsupported_media_type(content_type: str) -> EdgeError:
    """Return the refusal of a body that is not declared to be JSON in UTF-8."""
    return EdgeError(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        grpc.StatusCode.INVALID_ARGUMENT,
        f"expected content-type application/json in UTF-8, got {content_type!r}",
        reason="UNSUPPORTED_MEDIA_TYPE",
    )
