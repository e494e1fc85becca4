"""Provider states over HTTP, in the form that the verifiers of the Pact ecosystem share.

``POST {"state": name, "params": {...}, "action": "setup"}`` before an interaction, and ``"teardown"`` after it; any
answer with a status 2xx means that it is done. The members of a JSON object in the answer to a setup are values of the
state.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping

from servanda.configuration import DIRECT, Connection, Limits
from servanda.documents import parse_payload
from servanda.errors import ConfigurationError
from servanda.pact import ProviderState, media
from servanda.wire import (
    Address,
    Client,
    LateError,
    OverlongError,
    Request,
    Response,
    Times,
    UnreachableError,
    UnsendableError,
    WireError,
)

_NOTHING = ProviderState("")
_SHOWN = 200
_UNCODED = frozenset({"", "identity"})
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
        self._knows_nothing = True
        self._limits = limits
        try:
            address = Address.of(url)
        except UnsendableError as error:
            raise ConfigurationError(str(error)) from error
        headers = {"Content-Type": "application/json", "Accept": "*/*", "Accept-Encoding": "identity"}
        if address.credentials:
            headers["Authorization"] = address.credentials
        own = {name.lower() for name in connection.headers}
        given = {name: value for name, value in headers.items() if name.lower() not in own}
        self._target, self._headers = address.target, (*given.items(), *connection.headers.items())
        self._client = Client(
            address,
            Times(limits.state_seconds, limits.state_seconds),
            limits.answer_bytes,
            tls=connection.tls() if address.encrypted else None,
            keeps=True,  # a state may be made true twice, unlike a request
        )

    async def set_up(self, state: ProviderState) -> Mapping[str, object]:
        """Make a state true, and return its values.

        Raises:
            StateUrlError: It could not be made true, or its values cannot be read.
        """
        return self._values(await self._ask(state, "setup"))

    async def tear_down(self, state: ProviderState) -> None:
        """Say that a state is no longer needed.

        Raises:
            StateUrlError: It could not be undone.
        """
        await self._ask(state, "teardown")

    async def set_up_nothing(self) -> Mapping[str, object]:
        """Say that an interaction without a state begins, and return its values.

        Other verifiers do so too, with an empty name; a URL that refuses it is not asked again.

        Raises:
            StateUrlError: It answers what cannot be read.
        """
        if not self._knows_nothing:
            return {}
        try:
            answer = await self._ask(_NOTHING, "setup")
        except StateUrlError:
            self._knows_nothing = False
            return {}
        return self._values(answer)

    async def tear_down_nothing(self) -> None:
        """Say that an interaction without a state ended."""
        if self._knows_nothing:
            with contextlib.suppress(StateUrlError):
                await self.tear_down(_NOTHING)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    def _values(self, answer: Response) -> Mapping[str, object]:
        coding, kind = (", ".join(answer.values(name)) for name in ("content-encoding", "content-type"))
        if coding.strip().lower() not in _UNCODED:
            raise self._unreadable(f"it has the content coding {coding}, which was not asked for")
        charset = media.parameters(kind).get("charset", "utf-8")
        try:
            text = answer.body.decode(charset).removeprefix("\ufeff")
        except (ValueError, LookupError) as error:
            raise self._unreadable(f"it is no text in {charset}") from error
        try:
            values = parse_payload(text) if text.strip() else {}
        except json.JSONDecodeError as error:
            if media.is_json(kind) or text.lstrip().startswith("{"):
                raise self._unreadable(f"it is no JSON: {error}") from error
            return {}  # a page, or a word: all is done, and nothing is returned
        except ValueError as error:
            raise self._unreadable(str(error)) from error
        return values if isinstance(values, dict) else {}

    def _unreadable(self, why: str) -> StateUrlError:
        return StateUrlError(f"{self.url} answered what cannot be read: {why}")

    async def _ask(self, state: ProviderState, action: str) -> Response:
        content = json.dumps({"state": state.name, "params": dict(state.params), "action": action}).encode()
        try:
            answer = await self._client.send(Request("POST", self._target, self._headers, content))
        except OverlongError as error:
            most = self._limits.answer_bytes
            raise StateUrlError(f"{self.url} answered more than the limit of {most} bytes") from error
        except LateError as error:
            raise StateUrlError(f"{self.url} did not answer within {self._limits.state_seconds:g} s") from error
        except (UnreachableError, UnsendableError) as error:
            raise StateUrlError(f"{self.url} cannot be reached: {error}") from error
        except WireError as error:
            raise StateUrlError(f"{self.url} did not answer: {error}") from error
        if answer.status not in _OK:
            said = answer.body[:_SHOWN].decode("utf-8", "replace").strip()
            raise StateUrlError(f"{self.url} answered {answer.status}{f': {said}' if said else ''}")
        return answer
