"""HTTP: the request of the contract, byte by byte, to the provider's port."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import httpx

from servanda.pact import HttpAnswer, HttpInteraction, HttpRequest, match_response
from servanda.verdict import Reason, ReasonKind

_OF_THE_CONNECTION: Final = frozenset({"host", "content-length", "transfer-encoding", "connection"})


class HttpTransport:
    """A provider's HTTP port at ``address`` (``host:port``)."""

    def __init__(self, address: str, seconds: float) -> None:
        self._base = f"http://{address}"
        self._client = httpx.AsyncClient(trust_env=False, timeout=seconds, follow_redirects=False)
        self._seconds = seconds

    async def verify(self, interaction: HttpInteraction) -> tuple[Reason, ...]:
        """Send the request; the reasons why the response does not satisfy the contract."""
        try:
            response = await self._client.send(self._request(interaction.request))
        except httpx.TimeoutException:
            return (Reason(ReasonKind.NO_ANSWER, f"no response within {self._seconds:g} s"),)
        except httpx.ConnectError as error:
            return (Reason(ReasonKind.TRANSPORT, f"no connection to {self._base}: {error}"),)
        except httpx.TransportError as error:
            return (Reason(ReasonKind.NO_ANSWER, f"the connection ended without a response: {error}"),)
        headers: dict[str, tuple[str, ...]] = {}
        for name, value in response.headers.multi_items():
            headers[name] = (*headers.get(name, ()), value)
        answer = HttpAnswer(response.status_code, headers, response.content)
        return tuple(Reason.of(mismatch) for mismatch in match_response(interaction, answer))

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    def _request(self, request: HttpRequest) -> httpx.Request:
        query = [(name, value) for name, values in request.query.items() for value in values]
        # Built without the client, which would add headers that the contract does not have.
        return httpx.Request(
            request.method,
            httpx.URL(self._base + request.path, params=query) if query else self._base + request.path,
            headers=list(_headers(request)),
            content=request.body.content if request.body else None,
            extensions={"timeout": httpx.Timeout(self._seconds).as_dict()},
        )


def _headers(request: HttpRequest) -> Iterator[tuple[str, str]]:
    for name, values in request.fields.items():
        if name.lower() not in _OF_THE_CONNECTION:
            yield name, ", ".join(values)
    if request.body and request.body.content_type and request.first("content-type") is None:
        yield "Content-Type", request.body.content_type
