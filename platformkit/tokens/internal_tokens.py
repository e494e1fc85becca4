"""Internal tokens: what one service shows another, so that the other knows who calls, and for whom."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable, Iterable
from typing import Final

from platformkit.context import REQUEST_ID_HEADER, current
from platformkit.tokens.caller_keys import CallerKeys
from platformkit.tokens.claims import INTERNAL_TOKEN, Claims
from platformkit.tokens.compact import read
from platformkit.tokens.errors import Refusal, RefusedTokenError
from platformkit.tokens.known_callers import KeysOfCaller, KnownCallers
from platformkit.tokens.signing import SigningKey
from platformkit.tokens.verifying import LEEWAY_SECONDS, Verifier

INTERNAL_TOKEN_KEY: Final = "x-internal-token"  # noqa: S105 - a name
"""Metadata key of an internal token; the HTTP edge of a service takes it as ``grpc-metadata-x-internal-token``."""

LIFE_SECONDS: Final = 60
"""Life of an internal token: longer than a call may take, and too short to be worth stealing."""

PUBLISH_SECONDS: Final = 3.0
"""How often a process shows its key again, so that it comes back even to a Redis that lost everything."""

# Names of services are parts of keys in Redis: none of them may be taken for several parts.
_SERVICE: Final = re.compile(r"[a-z][a-z0-9-]{0,31}")

Metadata = tuple[tuple[str, str], ...]


class NotPublishedError(Exception):
    """Nobody can know the key of this process yet."""


class InternalTokens:
    """Internal tokens of one process: those that it shows to others, and those that others show to it.

    A token is good for one service, one request and a minute. It says which service calls and, if a person is behind
    the request, who that is: the principal of the context at hand, which was verified by whoever put it there. The key
    that signs is made with this object, never stored, and known to others by its public half alone.

    Args:
        service: Name of the service that this process is an instance of.
        keys: Where processes publish their keys.
        clock: Seconds since 1970.
    """

    def __init__(self, service: str, keys: CallerKeys, clock: Callable[[], float] = time.time) -> None:
        self._service = service
        self._keys = keys
        self._known = KnownCallers(keys)
        self._clock = clock
        self._key = SigningKey.generate()
        self._published = False

    def prove(self, service: str, metadata: Iterable[tuple[str, str | bytes]] = ()) -> Metadata:
        """Return the metadata that proves to a service who calls it.

        Args:
            service: Name of the service that is called.
            metadata: Metadata of the call, which names the request.
        """
        principal, now = current().principal, int(self._clock())
        claims = Claims(
            issuer=self._service,
            audience=service,
            subject="" if principal is None else principal.subject,
            token_id=uuid.uuid4().hex,
            issue_time=now,
            expire_time=now + LIFE_SECONDS,
            roles=() if principal is None else principal.roles,
            request_id=next((str(value) for name, value in metadata if name == REQUEST_ID_HEADER), ""),
        )
        return ((INTERNAL_TOKEN_KEY, self._key.sign(claims, INTERNAL_TOKEN)),)

    async def verify(self, token: str, request_id: str) -> Claims:
        """Return what a token says, if this process is to believe it.

        Args:
            token: The token.
            request_id: Identifier of the request that came with it.

        Raises:
            RefusedTokenError: It is not.
            KeysUnavailableError: The keys of callers cannot be read.
        """
        _, payload = read(token)
        caller = payload.get("iss")
        if not isinstance(caller, str) or _SERVICE.fullmatch(caller) is None:
            raise RefusedTokenError(Refusal.ISSUER)
        keys = KeysOfCaller(self._known, caller)
        verifier = Verifier(keys, caller, self._service, INTERNAL_TOKEN, anonymous=True, clock=self._clock)
        claims = await verifier.verify(token)
        # Whoever signs one that is good for long has not understood what it is for.
        if claims.expire_time > self._clock() + LIFE_SECONDS + LEEWAY_SECONDS:
            raise RefusedTokenError(Refusal.CLAIMS, "exp")
        if claims.request_id not in {"", request_id}:
            raise RefusedTokenError(Refusal.REQUEST)
        return claims

    async def publish(self) -> None:
        """Show the public key of this process to others, see `CallerKeys`."""
        await self._keys.publish(self._service, self._key.public)
        self._published = True

    async def require_published(self) -> None:
        """Return if others can know the key.

        Raises:
            NotPublishedError: They cannot, yet.
        """
        if not self._published:
            raise NotPublishedError("the key of internal tokens has not been published yet")
