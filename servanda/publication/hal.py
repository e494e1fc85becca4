"""A broker as its clients see it: documents in HAL (https://stateless.group/hal_specification.html) with links."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, Self, TypeAlias
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

from servanda.documents import parse_payload
from servanda.errors import PublicationError
from servanda.escaping import redact, secret_values
from servanda.publication.errors import URL, BrokerAnswerError

Document: TypeAlias = Mapping[str, Any]

_TOKEN: Final = "PACT_BROKER_TOKEN"  # noqa: S105 - the name of a variable
_USERNAME: Final = "PACT_BROKER_USERNAME"
_PASSWORD: Final = "PACT_BROKER_PASSWORD"  # noqa: S105 - the name of a variable
_ACCEPT: Final = "application/hal+json, application/json"
_SHOWN: Final = 300
_OK: Final = range(200, 300)
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

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Have nothing to close: each answer ends its connection."""

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

    def content(self, url: str) -> bytes:
        """Return what is at an address of the broker, whatever it is.

        Raises:
            PublicationError: There is nothing.
        """
        return self._answer("GET", url, None)

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
        body = self._answer(method, url, document)
        try:
            found = parse_payload(body) if body.strip() else {}
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise PublicationError("the answer of the broker is no JSON object", where=redact(url))
        return found

    def _answer(self, method: str, url: str, document: Document | None) -> bytes:
        headers = {"Accept": _ACCEPT}
        # A link of the broker to somebody else is followed, but credentials are nobody else's business.
        if _origin(url) == self._origin:
            headers |= self._credentials
        content = None if document is None else json.dumps(document).encode()
        if content is not None:
            headers["Content-Type"] = "application/json"
        # Most runs ask no broker, and do without what asks.
        from servanda.publication import asking  # noqa: PLC0415

        status, body = asking.ask(method, url, content, headers)
        if status not in _OK:
            raise self._refusal(status, url, body)
        return body

    def _refusal(self, status: int, url: str, body: bytes) -> BrokerAnswerError:
        said = "\n".join(_texts(body)) or body[:_SHOWN].decode("utf-8", "replace").strip()
        what = f"the broker answered {status}{f': {said}' if said else ''}"
        hint = _HINTS.get(status)
        return BrokerAnswerError(redact(what, self._secrets), where=redact(url), hint=hint, status=status)


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
    return {"Authorization": f"Basic {base64.b64encode(f'{name}:{password}'.encode()).decode()}"}


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
