"""A broker as its clients see it: documents in HAL (https://stateless.group/hal_specification.html) with links."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, Self, TypeAlias
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

import httpx

from servanda.documents import parse_payload
from servanda.errors import PublicationError
from servanda.escaping import redact, secret_values

Document: TypeAlias = Mapping[str, Any]

URL: Final = "PACT_BROKER_BASE_URL"
_TOKEN: Final = "PACT_BROKER_TOKEN"  # noqa: S105 - the name of a variable
_USERNAME: Final = "PACT_BROKER_USERNAME"
_PASSWORD: Final = "PACT_BROKER_PASSWORD"  # noqa: S105 - the name of a variable
_ACCEPT: Final = "application/hal+json, application/json"
_SECONDS: Final = 30.0
_MOST_BYTES: Final = 64 << 20
_SHOWN: Final = 300
_MOST_TEXTS: Final = 20
_HINTS: Final = MappingProxyType(
    {
        301: f"use the address that it redirects to ({URL})",
        302: f"use the address that it redirects to ({URL})",
        307: f"use the address that it redirects to ({URL})",
        308: f"use the address that it redirects to ({URL})",
        401: f"check the credentials ({_TOKEN}, or {_USERNAME} and {_PASSWORD})",
        403: f"the credentials ({_TOKEN}, or {_USERNAME} and {_PASSWORD}) do not allow this",
        404: f"check the address ({URL}): a broker may lie below a path",
        407: "check the credentials of the proxy (HTTP_PROXY, HTTPS_PROXY)",
        409: "publish a changed contract as another version",
    }
)


class BrokerAnswerError(PublicationError):
    """An answer of a broker that is no success.

    Attributes:
        status: Its status.
    """

    def __init__(self, what: str, *, where: str, hint: str | None, status: int) -> None:
        super().__init__(what, where=where, hint=hint)
        self.status = status


class BrokerAwayError(PublicationError):
    """A broker that cannot be reached at the moment."""


class Broker:
    """A contract broker, a context manager.

    Args:
        url: Its address.
        environ: Holds the credentials: ``PACT_BROKER_TOKEN``, or ``PACT_BROKER_USERNAME`` and
            ``PACT_BROKER_PASSWORD``. Proxies and certificates are those that it names for every program.
    """

    def __init__(self, url: str, environ: Mapping[str, str]) -> None:
        address, user = _without_user(url)
        self.url = address.rstrip("/") + "/"
        self._origin = _origin(self.url)
        self._credentials = _credentials(environ) or user
        self._secrets = secret_values(environ)
        self._client = httpx.Client(timeout=_SECONDS, follow_redirects=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def index(self) -> Document:
        """Return the document from which all others are found.

        Raises:
            PublicationError: The broker cannot be reached, or is none.
        """
        return self.get(self.url)

    def get(self, url: str) -> Document:
        """Return the document at an address of the broker.

        Raises:
            PublicationError: There is none.
        """
        return self._ask("GET", url, None)

    def post(self, url: str, document: Document) -> Document:
        """Send a document to an address of the broker, and return the answer.

        Raises:
            PublicationError: The broker does not accept it.
        """
        return self._ask("POST", url, document)

    def put(self, url: str, document: Document) -> Document:
        """Put a document to an address of the broker, and return the answer.

        Raises:
            PublicationError: The broker does not accept it.
        """
        return self._ask("PUT", url, document)

    def link(self, document: Document, relation: str, **values: str) -> str:
        """Return the address that a document links to, with the values of its template.

        Raises:
            PublicationError: It has no such link.
        """
        links = document.get("_links")
        found = links.get(relation) if isinstance(links, dict) else None
        href = found.get("href") if isinstance(found, dict) else None
        if not isinstance(href, str):
            raise PublicationError(
                f"the broker has no link '{relation}'",
                where=redact(self.url),
                hint="expected a Pact Broker of version 2.99 or later, or one that has the same links",
            )
        for name, value in values.items():
            href = href.replace(f"{{{name}}}", quote(value, safe=""))
        return urljoin(self.url, href)

    def _ask(self, method: str, url: str, document: Document | None) -> Document:
        headers = {"Accept": _ACCEPT}
        # A link of the broker to somebody else is followed, but credentials are nobody else's business.
        if _origin(url) == self._origin:
            headers |= self._credentials
        content = None if document is None else json.dumps(document).encode()
        if content is not None:
            headers["Content-Type"] = "application/json"
        try:
            with self._client.stream(method, url, content=content, headers=headers) as response:
                body = self._read(response)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise unreachable(error, redact(url)) from error
        if not response.is_success:
            raise self._refusal(response.status_code, url, body)
        try:
            found = parse_payload(body) if body.strip() else {}
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise PublicationError("the answer of the broker is no JSON object", where=redact(url))
        return found

    def _read(self, response: httpx.Response) -> bytes:
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > _MOST_BYTES:
                raise PublicationError(
                    f"the answer of the broker is larger than {_MOST_BYTES:,} bytes", where=redact(self.url)
                )
        return bytes(body)

    def _refusal(self, status: int, url: str, body: bytes) -> BrokerAnswerError:
        said = "\n".join(_texts(body)) or body[:_SHOWN].decode("utf-8", "replace").strip()
        what = f"the broker answered {status}{f': {said}' if said else ''}"
        hint = _HINTS.get(status)
        return BrokerAnswerError(redact(what, self._secrets), where=redact(url), hint=hint, status=status)


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
    if isinstance(error, httpx.TransportError) and not isinstance(error, httpx.UnsupportedProtocol):
        hint = f"check the address ({URL}), whether the broker runs, and HTTP_PROXY and HTTPS_PROXY"
        what = f"the broker cannot be reached: {str(error) or type(error).__name__}"
        return BrokerAwayError(what, where=where, hint=hint)
    return PublicationError(f"the broker cannot be reached: {error}", where=where, hint=f"check the address ({URL})")


def _texts(body: bytes) -> Iterator[str]:
    """Yield what a refusal says in words: its notices, else its errors."""
    try:
        found = parse_payload(body)
    except ValueError:
        return
    if not isinstance(found, dict):
        return
    notices = found.get("notices")
    told = [each.get("text") for each in notices if isinstance(each, dict)] if isinstance(notices, list) else []
    texts = [text for text in told if isinstance(text, str)] or list(_leaves(found.get("errors") or found.get("error")))
    yield from (text[:_SHOWN] for text in texts[:_MOST_TEXTS])


def _leaves(value: object, name: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, str(key))
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, name)
    elif value is not None:
        yield f"{name}: {value}" if name else str(value)


def _credentials(environ: Mapping[str, str]) -> dict[str, str]:
    if environ.get(_TOKEN):
        return {"Authorization": f"Bearer {environ[_TOKEN]}"}
    if environ.get(_USERNAME):
        return _basic(environ[_USERNAME], environ.get(_PASSWORD, ""))
    return {}


def _basic(name: str, password: str) -> dict[str, str]:
    user = httpx.BasicAuth(name, password)
    request = next(user.auth_flow(httpx.Request("GET", "http://broker")))
    return {"Authorization": request.headers["Authorization"]}


def _without_user(url: str) -> tuple[str, dict[str, str]]:
    """Return an address without the user in it, which the links of a broker leave out, and the header for that user."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url, {}
    user, found, host = parts.netloc.rpartition("@")
    if not found:
        return url, {}
    name, _, password = user.partition(":")
    return urlunsplit(parts._replace(netloc=host)), _basic(unquote(name), unquote(password))


def _origin(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", url  # nobody can be reached there
    return parts.scheme, parts.netloc
