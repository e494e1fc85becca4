"""A request, and its bytes (RFC 9112, section 3)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import quote

from servanda.wire.errors import UnsendableError

_TOKEN: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
# RFC 9110, section 5.5.
_NOT_IN_VALUES: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
# What a browser sends as it is: https://url.spec.whatwg.org/#percent-encoded-bytes. A percent sign says that somebody
# encoded it before.
_IN_QUERY: Final = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '"#<>')
_IN_PATH: Final = "".join(each for each in _IN_QUERY if each not in "?`{}")
# RFC 9110, section 8.6: a server can wait for the content of these, unless it is told that there is none.
_WITH_CONTENT: Final = frozenset({"POST", "PUT", "PATCH"})
_OF_THE_BODY: Final = frozenset({"content-length", "transfer-encoding"})


@dataclass(frozen=True, slots=True)
class Request:
    """A request over HTTP.

    Attributes:
        method: Its method.
        target: Path and query. What cannot stand in a URL is percent-encoded; nothing else is changed.
        headers: Names and values, in order. ``Host`` and the length of the body are added where they are missing.
        body: Its content.
    """

    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def encoded(self, authority: str) -> bytes:
        """Return the bytes.

        Args:
            authority: Value of ``Host``.

        Raises:
            UnsendableError: The method, the target or a header is none.
        """
        if not _TOKEN.fullmatch(self.method):
            raise UnsendableError(f"{self.method!r} is no method")
        try:
            first = f"{self.method} {_target(self.target)} HTTP/1.1\r\n".encode("ascii")
            head = first + _head(self.headers, authority)
        except UnicodeEncodeError as error:
            raise UnsendableError(f"it has the character {error.object[error.start]!r}") from error
        says_length = any(name.lower() in _OF_THE_BODY for name, _ in self.headers)
        if (self.body or self.method in _WITH_CONTENT) and not says_length:
            return b"%bContent-Length: %d\r\n\r\n%b" % (head, len(self.body), self.body)
        return b"%b\r\n%b" % (head, self.body)


@lru_cache(maxsize=64)  # provider states have the same each time, and so do most requests of one consumer
def _head(headers: tuple[tuple[str, str], ...], authority: str) -> bytes:
    names = {name.lower() for name, _ in headers}
    lines = [] if "host" in names else [b"Host: " + authority.encode("ascii")]
    for name, value in headers:
        if not _TOKEN.fullmatch(name):
            raise UnsendableError(f"{name!r} is no name of a header")
        if found := _NOT_IN_VALUES.search(value):
            raise UnsendableError(f"the header {name} has the character {found[0]!r}")
        lines.append(name.encode("ascii") + b": " + _octets(value))
    return b"".join(line + b"\r\n" for line in lines)


def _target(target: str) -> str:
    if found := _CONTROL.search(target):
        raise UnsendableError(f"the path has the character {found[0]!r}")
    path, mark, query = target.partition("?")
    return quote(path, _IN_PATH) + mark + quote(query, _IN_QUERY)


def _octets(value: str) -> bytes:
    # RFC 9110, section 5.5: outside of ASCII, a value is bytes that once were ISO 8859-1.
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode()
