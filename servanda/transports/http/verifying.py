"""HTTP: the request of the contract, byte by byte, to the provider's port."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from servanda.configuration import DIRECT, Connection, Limits
from servanda.errors import ConfigurationError, ContractError, VerificationError
from servanda.transports.http.decoding import decoded
from servanda.transports.http.filtering import FilteredVerifier
from servanda.transports.http.interaction import HttpInteraction, HttpRequest
from servanda.transports.http.matching import HttpAnswer, match_response
from servanda.transports.http.resolving import resolve
from servanda.transports.provider import Exchange, Provider, Verifier, too_long
from servanda.verdict import Reason, ReasonKind, Transport
from servanda.wire import (
    Address,
    Client,
    OverlongError,
    Request,
    Response,
    Times,
    UnansweredError,
    UnreachableError,
    UnsendableError,
)

_OF_THE_CONNECTION: Final = frozenset({"content-length", "transfer-encoding", "connection"})


def open_verifier(provider: Provider, limits: Limits) -> Verifier:
    """Open the transport to a provider; see :class:`servanda.transports.provider.Verifier`.

    Raises:
        VerificationError: The provider has no port for it.
    """
    address, way = provider.address(Transport.HTTP), provider.connection
    if provider.change is None:
        return HttpVerifier(address, limits, way)
    # The filter has the last word, on these headers too.
    return FilteredVerifier(HttpVerifier(address, limits, replace(way, headers={})), provider.change, way.headers)


class HttpVerifier:
    """A provider's HTTP port.

    Args:
        address: ``host:port``, or a URL that paths are appended to.
        limits: How long an answer may take, and how long it may be.
        connection: Headers and certificates.

    Raises:
        ConfigurationError: The file of the authorities holds no certificate.
    """

    def __init__(self, address: str, limits: Limits, connection: Connection = DIRECT) -> None:
        base = (address if "://" in address else f"http://{address}").rstrip("/")
        try:
            found = Address.of(base)
        except UnsendableError as error:
            raise ConfigurationError(str(error), hint="expected http://host:port or https://host:port") from error
        self._prefix = found.target.rstrip("/")
        self._headers = dict(connection.headers)
        if found.credentials and "authorization" not in {name.lower() for name in self._headers}:
            self._headers["Authorization"] = found.credentials
        # A server may close a connection after any answer, as uvicorn does after an error that it answered with 500.
        # Nobody could tell whether the next request on it was sent, so each has a connection of its own.
        self._client = Client(
            found,
            # Less than for all, or nobody could tell a provider that cannot be reached from one that does not answer.
            Times(answer=limits.answer_seconds, connection=limits.answer_seconds / 2),
            limits.answer_bytes,
            tls=connection.tls() if found.encrypted else None,
        )
        self._bytes = limits.answer_bytes

    async def begin(self, interaction: HttpInteraction) -> Exchange:
        """Give what sends the request; nothing has to be done before."""
        return lambda values: self.verify(resolve(interaction, values))

    async def verify(self, interaction: HttpInteraction) -> tuple[Reason, ...]:
        """Send the request, and give the reasons why the response does not satisfy the contract.

        Raises:
            ContractError: There is no such request in HTTP.
            LimitError: The answer is longer than the limit.
        """
        try:
            response = await self._client.send(self._request(interaction.request))
        except UnsendableError as error:
            raise ContractError(f"the request cannot be sent as it is written: {error}") from error
        except UnreachableError as error:
            return (Reason(ReasonKind.TRANSPORT, str(error)),)
        except UnansweredError as error:
            return (Reason(ReasonKind.NO_ANSWER, str(error)),)
        except OverlongError as error:
            raise too_long(self._bytes) from error
        try:
            answer = self._answer(response)
        except VerificationError as error:
            # It came whole: no client can read it.
            return (Reason(ReasonKind.MISMATCH, error.what, "header.content-encoding"),)
        return tuple(Reason.of(mismatch) for mismatch in match_response(interaction, answer))

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    def _answer(self, response: Response) -> HttpAnswer:
        headers: dict[str, tuple[str, ...]] = {}
        for name, value in response.headers:
            headers[name] = (*headers.get(name, ()), value)
        codings = (coding for value in headers.get("content-encoding", ()) for coding in value.split(","))
        return HttpAnswer(response.status, headers, decoded(response.body, codings, self._bytes))

    def _request(self, request: HttpRequest) -> Request:
        target = request.target if request.target.startswith("/") else f"/{request.target}"
        body = request.body.content if request.body else None
        return Request(request.method, self._prefix + target, tuple(self._all_headers(request)), body or b"")

    def _all_headers(self, request: HttpRequest) -> Iterator[tuple[str, str]]:
        own = {name.lower() for name in self._headers}
        yield from ((name, value) for name, value in _headers(request) if name.lower() not in own)
        yield from self._headers.items()


def _headers(request: HttpRequest) -> Iterator[tuple[str, str]]:
    for name, values in request.fields.items():
        if name.lower() not in _OF_THE_CONNECTION:
            # RFC 6265, section 5.4: a request has one line of cookies.
            yield name, ("; " if name.lower() == "cookie" else ", ").join(values)
    if request.body and request.body.content_type and request.first("content-type") is None:
        yield "Content-Type", request.body.content_type
