"""Limits of what surrounds a message of HTTP: its line, its headers, its pace, and the connections that bring it."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import grpc

from platformkit.transcoding import EdgeError


@dataclass(frozen=True, slots=True)
class HttpLimits:
    """Limits of an HTTP port; whoever exceeds one is told so and loses the connection.

    Attributes:
        target_bytes: Longest path with its query; 414 beyond.
        headers: Most header lines; 431 beyond.
        header_bytes: Most bytes of all header lines; 431 beyond.
        header_seconds: Time from the first byte of a request, or from the start of a connection, to the end of the
            headers; 408 beyond.
        body_seconds: Time for the body; it is longer than what the edge waits, which answers 408 by itself.
        unread_bytes: Most bytes of a body that is still sent after its request was answered.
        idle_seconds: Time between two requests of a connection. Longer than clients keep idle connections (aiohttp: 15
            s): if the server closed first, it could do so just when a client sends the next request, and nobody could
            tell whether that call happened.
        connections_per_address: Most connections of one IP address; 503 beyond.
    """

    target_bytes: int = 16_384
    headers: int = 100
    header_bytes: int = 32_768
    header_seconds: float = 10.0
    body_seconds: float = 20.0
    unread_bytes: int = 16 * 1024 * 1024
    idle_seconds: float = 75.0
    connections_per_address: int = 1_000

    @property
    def head_bytes(self) -> int:
        """Return the most bytes before a body: of the request line and the headers."""
        return self.target_bytes + self.header_bytes


DEFAULT_LIMITS: Final = HttpLimits()


def malformed(what: str) -> EdgeError:
    """Return the refusal of what is no HTTP/1.1, or forbidden by it."""
    return _refused(HTTPStatus.BAD_REQUEST, grpc.StatusCode.INVALID_ARGUMENT, what, "MALFORMED_HTTP")


def wrong_version(version: str) -> EdgeError:
    """Return the refusal of a version that this port does not speak (RFC 9110, section 15.6.6)."""
    what = f"this port speaks HTTP/1.1 and HTTP/1.0, not HTTP/{version}"
    return _refused(
        HTTPStatus.HTTP_VERSION_NOT_SUPPORTED, grpc.StatusCode.UNIMPLEMENTED, what, "HTTP_VERSION_NOT_SUPPORTED"
    )


def target_too_long(limit: int) -> EdgeError:
    """Return the refusal of a request line that is too long."""
    what = f"the path and the query are longer than {limit} bytes"
    return _refused(HTTPStatus.REQUEST_URI_TOO_LONG, grpc.StatusCode.INVALID_ARGUMENT, what, "TARGET_TOO_LONG")


def headers_too_large(limits: HttpLimits) -> EdgeError:
    """Return the refusal of too many or too long headers (RFC 6585, section 5)."""
    what = f"the headers are more than {limits.headers} lines or {limits.header_bytes} bytes"
    return _refused(
        HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, grpc.StatusCode.INVALID_ARGUMENT, what, "HEADERS_TOO_LARGE"
    )


def headers_too_slow(seconds: float) -> EdgeError:
    """Return the refusal of headers that do not arrive in time."""
    what = f"the headers did not arrive within {seconds:g} seconds"
    return _refused(HTTPStatus.REQUEST_TIMEOUT, grpc.StatusCode.DEADLINE_EXCEEDED, what, "HEADERS_TOO_SLOW")


def too_many_connections(limit: int) -> EdgeError:
    """Return the refusal of a connection."""
    what = f"this address has {limit} connections open already; close some, or use them again"
    return _refused(HTTPStatus.SERVICE_UNAVAILABLE, grpc.StatusCode.UNAVAILABLE, what, "TOO_MANY_CONNECTIONS")


def _refused(http: HTTPStatus, code: grpc.StatusCode, message: str, reason: str) -> EdgeError:
    return EdgeError(http, code, message, reason=reason, headers={"connection": "close"})
