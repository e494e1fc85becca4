"""Verification of tokens."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from joserfc import jws
from joserfc.errors import JoseError

from platformkit.tokens.claims import ACCESS_TOKEN, Claims
from platformkit.tokens.compact import read
from platformkit.tokens.errors import Refusal, RefusedTokenError
from platformkit.tokens.keys import KeySet

LEEWAY_SECONDS: Final = 5
"""Difference that the clocks of the issuer and of the verifier may have."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """Judge of tokens of one issuer, one audience and one type.

    Attributes:
        keys: Public keys of the issuer.
        issuer: Who has to have signed.
        audience: For whom the token has to be.
        kind: Type that it has to have: a token for one purpose is good for no other one.
        anonymous: Whether it may stand for nobody.
        clock: Seconds since 1970.
        leeway_seconds: How far the clocks may differ.
    """

    keys: KeySet
    issuer: str
    audience: str
    kind: str = ACCESS_TOKEN
    anonymous: bool = False
    clock: Callable[[], float] = time.time
    leeway_seconds: int = LEEWAY_SECONDS

    async def verify(self, token: str) -> Claims:
        """Return what a token says, if it is to be believed. Whether it was revoked is asked elsewhere.

        Raises:
            RefusedTokenError: It is not.
            KeysUnavailableError: The keys cannot be read.
        """
        header, payload = read(token)
        if header.type != self.kind:
            raise RefusedTokenError(Refusal.TYPE)
        key = await self.keys.find(header.key_id)
        # The key decides on the algorithm, and the token has to agree.
        if key.algorithm != header.algorithm:
            raise RefusedTokenError(Refusal.ALGORITHM, f"the key is for {key.algorithm}")
        try:
            jws.deserialize_compact(token, key.key, algorithms=[key.algorithm])
        except (JoseError, ValueError):
            raise RefusedTokenError(Refusal.SIGNATURE) from None
        claims = Claims.of(payload, anonymous=self.anonymous)
        self._require(claims)
        return claims

    def _require(self, claims: Claims) -> None:
        now = self.clock()
        if claims.issuer != self.issuer:
            raise RefusedTokenError(Refusal.ISSUER)
        if claims.audience != self.audience:
            raise RefusedTokenError(Refusal.AUDIENCE)
        if now >= claims.expire_time + self.leeway_seconds:
            raise RefusedTokenError(Refusal.EXPIRED)
        if now < claims.start_time - self.leeway_seconds:
            raise RefusedTokenError(Refusal.EARLY)
