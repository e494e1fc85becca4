"""Provider states over HTTP, in the form that the verifiers of the Pact ecosystem share.

``POST {"state": name, "params": {...}, "action": "setup"}`` before an interaction, and ``"teardown"`` after it; any
answer with a status 2xx means that it is done. The members of a JSON object in the answer to a setup are values of the
state.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping

import httpx

from servanda.configuration import DIRECT, Connection, Limits
from servanda.documents import parse_payload
from servanda.pact import ProviderState

_SHOWN = 200
_OK = range(200, 300)


class StateUrlError(Exception):
    """The URL did not do what was asked; says why."""


class StateUrl:
    """A URL that makes provider states true.

    Args:
        url: Where it is.
        limits: How long one state may take, and how long an answer may be.
        connection: Headers and certificates.

    Raises:
        ConfigurationError: The file of the authorities holds no certificate.
    """

    def __init__(self, url: str, limits: Limits, connection: Connection = DIRECT) -> None:
        self.url = url
        self._limits = limits
        self._client = httpx.AsyncClient(
            trust_env=False,
            headers=dict(connection.headers),
            timeout=limits.state_seconds,
            verify=connection.tls() if url.startswith("https:") else False,
        )

    async def set_up(self, state: ProviderState) -> Mapping[str, object]:
        """Make a state true, and return its values.

        Raises:
            StateUrlError: It could not be made true.
        """
        answer = await self._ask(state, "setup")
        try:
            values = parse_payload(answer) if answer.strip() else {}
        except ValueError:
            return {}  # a page, or a word: all is done, and nothing is returned
        return values if isinstance(values, dict) else {}

    async def tear_down(self, state: ProviderState) -> None:
        """Say that a state is no longer needed.

        Raises:
            StateUrlError: It could not be undone.
        """
        await self._ask(state, "teardown")

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _ask(self, state: ProviderState, action: str) -> bytes:
        content = json.dumps({"state": state.name, "params": dict(state.params), "action": action}).encode()
        seconds = self._limits.state_seconds
        try:
            # The client's own time begins anew with every byte that arrives.
            async with asyncio.timeout(seconds):
                status, body = await self._answer(content)
        except (httpx.TimeoutException, TimeoutError):
            raise StateUrlError(f"{self.url} did not answer within {seconds:g} s") from None
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise StateUrlError(f"{self.url} cannot be reached: {error}") from error
        if status not in _OK:
            said = body[:_SHOWN].decode("utf-8", "replace").strip()
            raise StateUrlError(f"{self.url} answered {status}{f': {said}' if said else ''}")
        return body

    async def _answer(self, content: bytes) -> tuple[int, bytes]:
        try:
            return await self._send(content)
        except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
            # It closed the connection after an answer before this. A state may be made true twice, unlike a request.
            return await self._send(content)

    async def _send(self, content: bytes) -> tuple[int, bytes]:
        # The answer is read as it comes.
        headers = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
        async with self._client.stream("POST", self.url, content=content, headers=headers) as response:
            return response.status_code, await self._read(response)

    async def _read(self, response: httpx.Response) -> bytes:
        body = bytearray()
        async for chunk in response.aiter_raw():
            body += chunk
            if len(body) > self._limits.answer_bytes:
                raise StateUrlError(f"{self.url} answered more than the limit of {self._limits.answer_bytes} bytes")
        return bytes(body)
