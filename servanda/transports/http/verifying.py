"""HTTP: the request of the contract, byte by byte, to the provider's port."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Final

import httpx

from servanda.configuration import DIRECT, Connection, Limits
from servanda.errors import ContractError, VerificationError
from servanda.transports.http.decoding import decoded
from servanda.transports.http.interaction import HttpInteraction, HttpRequest
from servanda.transports.http.matching import HttpAnswer, match_response
from servanda.transports.http.resolving import resolve
from servanda.transports.provider import Exchange, Provider, too_long
from servanda.verdict import Reason, ReasonKind, Transport

_OF_THE_CONNECTION: Final = frozenset({"host", "content-length", "transfer-encoding", "connection"})


def open_verifier(provider: Provider, limits: Limits) -> HttpVerifier:
    """Open the transport to a provider; see :class:`servanda.transports.provider.Verifier`.

    Raises:
        VerificationError: The provider has no port for it.
    """
    return HttpVerifier(provider.address(Transport.HTTP), limits, provider.connection)


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
        self._base = (address if "://" in address else f"http://{address}").rstrip("/")
        self._headers = {name.encode(): _encoded(value) for name, value in connection.headers.items()}
        # A server may close a connection after any answer, as uvicorn does after an error that it answered with 500.
        # Nobody could tell whether the next request on it was sent, so each has a connection of its own.
        self._client = httpx.AsyncClient(
            trust_env=False,
            timeout=limits.answer_seconds,
            follow_redirects=False,
            verify=connection.tls() if self._base.startswith("https:") else False,
            limits=httpx.Limits(max_keepalive_connections=0),
        )
        self._seconds = limits.answer_seconds
        # Less than for all, or nobody could tell a provider that cannot be reached from one that does not answer.
        self._connecting = limits.answer_seconds / 2
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
        awaited = "no response"
        try:
            # The client's own time begins anew with every byte that arrives.
            async with asyncio.timeout(self._seconds):
                response = await self._client.send(self._request(interaction.request), stream=True)
                awaited = "no complete response"
                answer = await self._read(response)
        except httpx.ConnectTimeout:
            return (Reason(ReasonKind.TRANSPORT, f"no connection to {self._base} within {self._connecting:g} s"),)
        except (httpx.TimeoutException, TimeoutError):
            return (Reason(ReasonKind.NO_ANSWER, f"{awaited} within {self._seconds:g} s"),)
        except httpx.ConnectError as error:
            return (Reason(ReasonKind.TRANSPORT, f"no connection to {self._base}: {error}"),)
        except httpx.LocalProtocolError as error:
            raise _unsendable(error) from error
        except VerificationError as error:
            # It came whole: no client can read it.
            return (Reason(ReasonKind.MISMATCH, error.what, "header.content-encoding"),)
        except httpx.TransportError as error:
            return (Reason(ReasonKind.NO_ANSWER, f"the connection ended without a response: {error}"),)
        return tuple(Reason.of(mismatch) for mismatch in match_response(interaction, answer))

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _read(self, response: httpx.Response) -> HttpAnswer:
        try:
            body = bytearray()
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) > self._bytes:
                    raise too_long(self._bytes)
        finally:
            await response.aclose()
        headers: dict[str, tuple[str, ...]] = {}
        for name, value in response.headers.multi_items():
            headers[name] = (*headers.get(name, ()), value)
        codings = response.headers.get_list("content-encoding", split_commas=True)
        return HttpAnswer(response.status_code, headers, decoded(bytes(body), codings, self._bytes))

    def _request(self, request: HttpRequest) -> httpx.Request:
        try:
            # Built without the client, which would add headers that the contract does not have.
            return httpx.Request(
                request.method,
                self._base + (request.target if request.target.startswith("/") else f"/{request.target}"),
                headers=list(self._all_headers(request)),
                content=request.body.content if request.body else None,
                extensions={"timeout": httpx.Timeout(self._seconds, connect=self._connecting).as_dict()},
            )
        except (httpx.InvalidURL, ValueError, TypeError) as error:
            raise _unsendable(error) from error

    def _all_headers(self, request: HttpRequest) -> Iterator[tuple[bytes, bytes]]:
        own = {name.lower() for name in self._headers}
        yield from ((name, value) for name, value in _headers(request) if name.lower() not in own)
        yield from self._headers.items()


def _headers(request: HttpRequest) -> Iterator[tuple[bytes, bytes]]:
    for name, values in request.fields.items():
        if name.lower() not in _OF_THE_CONNECTION:
            # RFC 6265, section 5.4: a request has one line of cookies.
            yield name.encode(), _encoded(("; " if name.lower() == "cookie" else ", ").join(values))
    if request.body and request.body.content_type and request.first("content-type") is None:
        yield b"Content-Type", _encoded(request.body.content_type)


def _encoded(value: str) -> bytes:
    # RFC 9110, section 5.5: outside of ASCII, a value is bytes that once were ISO 8859-1.
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode()


def _unsendable(error: Exception) -> ContractError:
    return ContractError(f"the request cannot be sent as it is written: {error}")
