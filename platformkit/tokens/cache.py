"""Tokens that were verified a moment ago."""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from platformkit.tokens.claims import Claims
from platformkit.tokens.compact import MAX_CHARACTERS
from platformkit.tokens.errors import Refusal, RefusedTokenError
from platformkit.tokens.revocation_list import RevocationList
from platformkit.tokens.verifying import Verifier

CAPACITY: Final = 10_000
LIFETIME_SECONDS: Final = 60.0


class VerifiedTokens:
    """Verifies tokens, each once for as long as it is remembered.

    A token is remembered under its SHA-256 until it expires, for 60 seconds at most; when there are too many, those go
    first that were not asked for. A revocation counts at once, for it is asked each time.

    Args:
        verifier: Judges those that are not remembered.
        revoked: Tokens that are revoked.
        capacity: Tokens to remember at most.
        clock: Seconds since 1970, the clock of the verifier.
    """

    def __init__(
        self,
        verifier: Verifier,
        revoked: RevocationList,
        *,
        capacity: int = CAPACITY,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._verifier = verifier
        self._revoked = revoked
        self._capacity = capacity
        self._clock = clock
        # What a token says, and when it has to be verified again.
        self._known: OrderedDict[bytes, tuple[Claims, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._known)

    async def verify(self, token: str) -> Claims:
        """Return what a token says, if it is to be believed.

        Raises:
            RefusedTokenError: It is not, or it was revoked.
            KeysUnavailableError: The keys cannot be read.
        """
        # Before it is hashed: that takes time for each byte.
        if len(token) > MAX_CHARACTERS:
            raise RefusedTokenError(Refusal.TOO_LARGE)
        digest = hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
        claims = self._remembered(digest) or await self._verified(digest, token)
        if self._revoked.covers(claims):
            self._known.pop(digest, None)
            raise RefusedTokenError(Refusal.REVOKED)
        return claims

    def _remembered(self, digest: bytes) -> Claims | None:
        found = self._known.get(digest)
        if found is None:
            return None
        claims, until = found
        if self._clock() >= until:
            del self._known[digest]
            return None
        self._known.move_to_end(digest)
        return claims

    async def _verified(self, digest: bytes, token: str) -> Claims:
        claims = await self._verifier.verify(token)
        now = self._clock()
        self._known[digest] = (claims, min(float(claims.expire_time), now + LIFETIME_SECONDS))
        while len(self._known) > self._capacity:
            self._known.popitem(last=False)
        return claims
