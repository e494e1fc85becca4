"""A broker as its clients see it: documents in HAL (https://stateless.group/hal_specification.html) with links."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, Self, TypeAlias
from urllib.parse import quote, urljoin, urlsplit

import httpx

from servanda.documents import parse_payload
from servanda.errors import PublicationError
from servanda.escaping import redact

Document: TypeAlias = Mapping[str, Any]

URL: Final = "PACT_BROKER_BASE_URL"
_TOKEN: Final = "PACT_BROKER_TOKEN"  # noqa: S105 - the name of a variable
_USERNAME: Final = "PACT_BROKER_USERNAME"
_PASSWORD: Final = "PACT_BROKER_PASSWORD"  # noqa: S105 - the name of a variable
_ACCEPT: Final = "application/hal+json, application/json"
_SECONDS: Final = 30.0
_MOST_BYTES: Final = 64 << 20
_SHOWN: Final = 300


class BrokerAnswerError(PublicationError):
    """An answer of a broker that is no success.

    Attributes:
        status: Its status.
    """

    def __init__(self, what: str, *, where: str, hint: str | None, status: int) -> None:
        super().__init__(what, where=where, hint=hint)
        self.status = status


class Broker:
    """A contract broker, a context manager.

    Args:
        url: Its address.
        environ: Holds the credentials: ``PACT_BROKER_TOKEN``, or ``PACT_BROKER_USERNAME`` and
            ``PACT_BROKER_PASSWORD``. Proxies and certificates are those that it names for every program.
    """

    def __init__(self, url: str, environ: Mapping[str, str]) -> None:
        self.url = url.rstrip("/") + "/"
        self._origin = _origin(self.url)
        self._credentials = _credentials(environ)
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
            raise PublicationError(
                f"the broker cannot be reached: {error}", where=redact(url), hint=f"check the address ({URL})"
            ) from error
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
        hint = "check the credentials (PACT_BROKER_TOKEN)" if status in (401, 403) else None
        said = body[:_SHOWN].decode("utf-8", "replace").strip()
        what = f"the broker answered {status}{f': {said}' if said else ''}"
        return BrokerAnswerError(redact(what), where=redact(url), hint=hint, status=status)


def _credentials(environ: Mapping[str, str]) -> dict[str, str]:
    if environ.get(_TOKEN):
        return {"Authorization": f"Bearer {environ[_TOKEN]}"}
    if environ.get(_USERNAME):
        user = httpx.BasicAuth(environ[_USERNAME], environ.get(_PASSWORD, ""))
        request = next(user.auth_flow(httpx.Request("GET", "http://broker")))
        return {"Authorization": request.headers["Authorization"]}
    return {}


def _origin(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", url  # nobody can be reached there
    return parts.scheme, parts.netloc
