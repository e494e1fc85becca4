"""Asking a broker: one request over HTTP, and its answer."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from http.client import HTTPException, InvalidURL
from typing import Final
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, ProxyHandler, Request

from servanda.errors import PublicationError
from servanda.escaping import redact
from servanda.publication.errors import URL, BrokerAwayError

_SECONDS: Final = 30.0
_MOST_BYTES: Final = 64 << 20
_SCHEMES: Final = frozenset({"http", "https"})


def ask(method: str, url: str, content: bytes | None, headers: Mapping[str, str]) -> tuple[int, bytes]:
    """Send a request, and return the status and the body of the answer; a redirection is an answer like any other.

    Proxies and certificates are those that the environment names for every program.

    Raises:
        BrokerAwayError: Nobody answers at the moment.
        PublicationError: Nobody can answer there, or the answer is too large.
    """
    try:
        if urlsplit(url).scheme not in _SCHEMES:
            raise ValueError("expected http://... or https://...")
        request = Request(url, content, dict(headers), method=method)  # noqa: S310 - checked above
        with _opener().open(request, timeout=_SECONDS) as response:
            status, body = response.status, response.read(_MOST_BYTES + 1)
    except (OSError, HTTPException, ValueError) as error:
        raise unreachable(error, redact(url)) from error
    if len(body) > _MOST_BYTES:
        raise PublicationError(f"the answer of the broker is larger than {_MOST_BYTES:,} bytes", where=redact(url))
    return status, body


def _opener() -> OpenerDirector:
    # The usual one follows redirections, and opens files as well.
    opener = OpenerDirector()
    opener.addheaders = [("User-Agent", "servanda")]
    for handler in (ProxyHandler(), HTTPHandler(), HTTPSHandler()):
        opener.add_handler(handler)
    return opener


def unreachable(error: Exception, where: str) -> PublicationError:
    """Return the error that tells why nobody answered: TLS is no matter of credentials, and waiting does not help."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            what = f"the certificate of the broker is not trusted: {cause.verify_message}"
            hint = "name the file with the certificate of its authority: export SSL_CERT_FILE=/path/to/ca.pem"
            return PublicationError(what, where=where, hint=hint)
        if isinstance(cause, ssl.SSLError):
            what = f"no TLS connection to the broker: {cause.reason or cause}"
            return PublicationError(what, where=where, hint=f"check whether the address ({URL}) is http:// or https://")
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, OSError | HTTPException) and not isinstance(error, InvalidURL):
        said = error.reason if isinstance(error, URLError) else error
        hint = f"check the address ({URL}), whether the broker runs, and HTTP_PROXY and HTTPS_PROXY"
        what = f"the broker cannot be reached: {str(said) or type(said).__name__}"
        return BrokerAwayError(what, where=where, hint=hint)
    return PublicationError(f"the broker cannot be reached: {error}", where=where, hint=f"check the address ({URL})")
