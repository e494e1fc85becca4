"""HTTP/1.1 on a connection, within limits, and with one shape of refusal for what is no HTTP at all."""

from __future__ import annotations

import re
from asyncio import BaseTransport, TimerHandle, Transport
from collections import Counter
from collections.abc import Callable
from http import HTTPStatus
from typing import ClassVar, cast

from typing_extensions import override
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from platformkit.context import entered, received
from platformkit.lifecycle.http_limits import (
    HttpLimits,
    headers_too_large,
    headers_too_slow,
    malformed,
    target_too_long,
    too_many_connections,
    wrong_version,
)
from platformkit.telemetry import get_logger
from platformkit.transcoding import EdgeError, HttpResponse, refused

_log = get_logger("http")
_VERSIONS = ("1.0", "1.1")
# No list and no user: each hop could take another part of them for the host.
_HOST = re.compile(rb"[A-Za-z0-9._~%:\[\]-]*")


class BoundedProtocol(HttpToolsProtocol):
    """A connection that is told and closed when it exceeds a limit; made by `bounded_protocol`."""

    limits: ClassVar[HttpLimits]
    connections_of: ClassVar[Counter[str]]

    @override
    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(cast("Transport", transport))
        self._timers: dict[str, TimerHandle] = {}
        self._refusal: EdgeError | None = None
        self._ended = False
        self._in_head, self._in_body = False, False
        self._head_bytes = self._header_bytes = self._unread_bytes = 0
        self._address = self.client[0] if self.client else ""
        self.connections_of[self._address] += 1
        if self.connections_of[self._address] > self.limits.connections_per_address:
            self._refuse(too_many_connections(self.limits.connections_per_address))
        else:
            self._expect_head()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._ended = True
        for timer in self._timers.values():
            timer.cancel()
        self.connections_of[self._address] -= 1
        if not self.connections_of[self._address]:
            del self.connections_of[self._address]
        super().connection_lost(exc)

    @override
    def data_received(self, data: bytes) -> None:
        if self._ended:
            return
        super().data_received(data)
        # The parser keeps an unfinished header line to itself, however long it grows.
        if self._in_head and not self._ended:
            self._head_bytes += len(data)
            if self._head_bytes > self.limits.head_bytes:
                self._refuse(headers_too_large(self.limits))

    @override
    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head = True
        self._head_bytes = self._header_bytes = self._unread_bytes = 0
        self._stop("idle")
        if "head" not in self._timers:
            self._expect_head()

    @override
    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        if len(self.url) > self.limits.target_bytes:
            self._fail(target_too_long(self.limits.target_bytes))

    @override
    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        self._header_bytes += len(name) + len(value)
        if len(self.headers) > self.limits.headers or self._header_bytes > self.limits.header_bytes:
            self._fail(headers_too_large(self.limits))

    @override
    def on_headers_complete(self) -> None:
        self._in_head = False
        self._stop("head")
        version = self.parser.get_http_version()
        if version not in _VERSIONS:
            self._fail(wrong_version(version))
        # RFC 9112, section 3.2: one in HTTP/1.1, and never two, of which each hop could believe another.
        hosts = self._values(b"host")
        if len(hosts) > 1 or (not hosts and version == "1.1"):
            self._fail(malformed(f"expected one host header, got {len(hosts)}"))
        if not all(map(_HOST.fullmatch, hosts)):
            self._fail(malformed("expected the host header to be a name or an address, and maybe a port"))
        # RFC 9112, section 6.1: a hop that knows another coding, or HTTP/1.0 alone, sees the body end somewhere else.
        codings = self._values(b"transfer-encoding")
        if codings and (version == "1.0" or [coding.lower() for coding in codings] != [b"chunked"]):
            self._fail(malformed("expected no transfer coding but chunked, and none in HTTP/1.0"))
        super().on_headers_complete()
        self._in_body = True
        self._start("body", self.limits.body_seconds, self._end)

    def _values(self, wanted: bytes) -> list[bytes]:
        return [value.strip() for name, value in self.headers if name == wanted]

    @override
    def on_body(self, body: bytes) -> None:
        if self.cycle.response_complete:
            self._unread_bytes += len(body)
            if self._unread_bytes > self.limits.unread_bytes:
                self._end()
        super().on_body(body)

    @override
    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._in_body = False
        self._stop("body")
        if self.cycle.response_complete:
            self._start("idle", self.limits.idle_seconds, self._end)

    @override
    def on_response_complete(self) -> None:
        more = bool(self.pipeline)
        super().on_response_complete()
        if not more and not self._in_body and not self._in_head:
            self._start("idle", self.limits.idle_seconds, self._end)

    @override
    def send_400_response(self, msg: str) -> None:
        self._refuse(self._refusal or malformed("what arrived cannot be read as HTTP/1.1"))

    def _fail(self, error: EdgeError) -> None:
        # The parser turns whatever its callbacks raise into an error of its own, which ends in `send_400_response`.
        self._refusal = error
        raise error

    def _refuse(self, error: EdgeError) -> None:
        waiting = self._waiting
        # Ahead of an answer that is still to come, a refusal would be taken for it.
        own_body = self._in_body and not self.pipeline
        if waiting is None or (own_body and not waiting.response_started):
            with entered(received(())):
                response = refused(error)
                _log.info("connection refused", peer=self._address, status=response.status, reason=error.reason)
            self.transport.write(_written(response))
        self._end()

    def _end(self) -> None:
        self._ended = True
        waiting = self._waiting
        if waiting is not None:
            waiting.disconnected = True
            waiting.message_event.set()
        self.transport.close()

    @property
    def _waiting(self) -> RequestResponseCycle | None:
        """Return the latest request, if it has no whole answer yet."""
        # uvicorn's own type leaves out that there is none at first.
        latest = cast("RequestResponseCycle | None", self.cycle)
        return None if latest is None or latest.response_complete else latest

    def _expect_head(self) -> None:
        self._start("head", self.limits.header_seconds, self._head_late)

    def _head_late(self) -> None:
        # A connection on which nothing was begun has no request that could be answered.
        if self._in_head:
            self._refuse(headers_too_slow(self.limits.header_seconds))
        else:
            self._end()

    def _start(self, name: str, seconds: float, action: Callable[[], None]) -> None:
        self._stop(name)
        if not self._ended:
            self._timers[name] = self.loop.call_later(seconds, action)

    def _stop(self, name: str) -> None:
        timer = self._timers.pop(name, None)
        if timer is not None:
            timer.cancel()


def bounded_protocol(limits: HttpLimits) -> type[BoundedProtocol]:
    """Return the protocol of one port: its connections are counted together.

    Args:
        limits: What to keep to.
    """
    attributes = {"limits": limits, "connections_of": Counter()}
    return type("PortProtocol", (BoundedProtocol,), attributes)


def _written(response: HttpResponse) -> bytes:
    headers = {**response.headers, "content-length": str(len(response.body))}
    lines = [f"HTTP/1.1 {response.status} {HTTPStatus(response.status).phrase}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + response.body
