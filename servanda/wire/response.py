"""Reading a response (RFC 9112, sections 4 to 8)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

from servanda.wire.errors import OverlongError, UnansweredError

# As much as other clients read of it.
_MOST_HEAD: Final = 100 << 10
_INTERIM: Final = range(100, 200)
_SWITCHING: Final = 101


@dataclass(frozen=True, slots=True)
class Response:
    """A response over HTTP.

    Attributes:
        status: Its status.
        reason: The words after that.
        headers: Names, in lower case, and values, in order.
        body: Its content, with the content codings that it was sent in.
    """

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def values(self, name: str) -> tuple[str, ...]:
        """Return the values of a header, given in lower case."""
        return tuple(value for found, value in self.headers if found == name)


class Reading:
    """A response that is arriving; the parser calls the methods that begin with ``on_``.

    Args:
        most_bytes: How long its body may be.
        head_only: Whether it has no body, or nobody wants to know it.

    Attributes:
        has_begun: Whether a byte of it has come.
        has_head: Whether its status and its headers are there.
        is_whole: Whether all of it is there.
        can_follow: Whether another response can follow on the same connection.
    """

    def __init__(self, most_bytes: int, *, head_only: bool) -> None:
        self.has_begun = self.has_head = self.is_whole = self.can_follow = False
        self._most_bytes = most_bytes
        self._head_only = head_only
        self._head_bytes = 0
        self._status = 0
        self._reason = b""
        self._headers: list[tuple[str, str]] = []
        self._body = bytearray()
        self._is_framed = False
        self._parser = HttpResponseParser(self)
        # What all clients put up with, and no expectation is about.
        self._parser.set_dangerous_leniencies(
            lenient_headers=True, lenient_optional_cr_before_lf=True, lenient_spaces_after_chunk_size=True
        )

    def feed(self, data: bytes) -> None:
        """Read what has come; what comes after the response is none of it.

        Raises:
            UnansweredError: It is no response.
            OverlongError: Its body is longer than the limit.
        """
        self.has_begun = True
        if not self.has_head:
            self._head_bytes += len(data)
        try:
            self._parser.feed_data(data)
        except HttpParserUpgrade:
            self.is_whole = True
        except HttpParserError as error:
            self.can_follow = False
            if not self.is_whole:
                raise UnansweredError(f"the answer is no HTTP: {error}") from error
        if not self.has_head and self._head_bytes > _MOST_HEAD:
            raise UnansweredError(f"the headers of the answer are longer than {_MOST_HEAD:,} bytes")
        if len(self._body) > self._most_bytes:
            raise OverlongError(f"the body of the answer is longer than {self._most_bytes:,} bytes")

    def end(self) -> None:
        """Take note of the end of the connection, which is that of a body without a length (RFC 9112, section 6.3)."""
        self.is_whole = self.is_whole or (self.has_head and not self._is_framed)

    def response(self) -> Response:
        """Return the whole response; nothing more is read."""
        del self._parser  # they know each other, which only the collection of garbage would end
        return Response(self._status, self._reason.decode("latin-1"), tuple(self._headers), bytes(self._body))

    def on_status(self, reason: bytes) -> None:
        """Take the words after the status."""
        if not self.has_head:
            self._reason += reason

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; those after the body are about how it was sent."""
        if not self.has_head:
            self._headers.append((name.decode("latin-1").lower(), _text(value)))

    def on_headers_complete(self) -> None:
        """Take the end of the headers."""
        if self.is_whole:
            return
        status = self._parser.get_status_code()
        if status in _INTERIM and status != _SWITCHING:
            self._reason = b""
            self._headers.clear()
            return
        self.has_head, self._status = True, status
        self._is_framed = any(name in ("content-length", "transfer-encoding") for name, _ in self._headers)
        self.is_whole = self._head_only

    def on_body(self, body: bytes) -> None:
        """Take a part of the body."""
        if not self.is_whole:
            self._body += body

    def on_message_complete(self) -> None:
        """Take the end of the response, unless it was an interim one."""
        if self.has_head:
            self.can_follow = not self._head_only and not self.is_whole and self._parser.should_keep_alive()
            self.is_whole = True


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")
