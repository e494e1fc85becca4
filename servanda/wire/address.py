"""Address of a server, and what a request says of it."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from urllib.parse import unquote_to_bytes, urlsplit

from servanda.wire.errors import UnsendableError

_PORTS: Final = MappingProxyType({"http": 80, "https": 443})


@dataclass(frozen=True, slots=True)
class Address:
    """A URL, taken apart.

    Attributes:
        host: Name, or number, to connect to.
        port: Port to connect to.
        encrypted: Whether by TLS.
        target: Path and query.
        credentials: Value of ``Authorization`` for the user in the URL; empty if there is none.
    """

    host: str
    port: int
    encrypted: bool
    target: str
    credentials: str = ""

    @classmethod
    def of(cls, url: str) -> Address:
        """Take a URL apart.

        Raises:
            UnsendableError: It is none, or not one of HTTP.
        """
        try:
            parts = urlsplit(url)
            host, port = _ascii(parts.hostname or ""), parts.port
        except ValueError as error:
            raise UnsendableError(f"'{url}' is no URL: {error}") from error
        if parts.scheme not in _PORTS or not host:
            raise UnsendableError(f"'{url}' is no URL of HTTP: expected http://... or https://...")
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        user = b":".join(unquote_to_bytes(part or "") for part in (parts.username, parts.password))
        credentials = "" if user == b":" else f"Basic {base64.b64encode(user).decode()}"
        return cls(host, _PORTS[parts.scheme] if port is None else port, parts.scheme == "https", target, credentials)

    @property
    def origin(self) -> str:
        """Return it as a URL without a path."""
        return f"{'https' if self.encrypted else 'http'}://{self.authority}"

    @property
    def authority(self) -> str:
        """Return host and port as ``Host`` has them: without the port that is usual."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS["https" if self.encrypted else "http"] else f"{host}:{self.port}"


def _ascii(host: str) -> str:
    return host if host.isascii() else host.encode("idna").decode("ascii")
