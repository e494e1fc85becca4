"""Public keys that are fetched from their issuer, and fetched again when they may have changed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from platformkit.context import start_detached
from platformkit.telemetry import get_logger
from platformkit.tokens.errors import KeysUnavailableError, Refusal, RefusedTokenError
from platformkit.tokens.keys import PublicKey, read_key_set

MAX_AGE_SECONDS: Final = 300.0
"""Age at which a set of keys is fetched again, so that a key that was withdrawn is forgotten."""

MIN_INTERVAL_SECONDS: Final = 5.0
"""Time between two fetches at least, whatever keys are asked for: names of keys cost an attacker nothing."""

FETCH_SECONDS: Final = 5.0
"""Time for a fetch at most."""

Fetch = Callable[[], Awaitable[bytes]]
"""Returns the JSON Web Key Set of the issuer; raises whatever says why it cannot."""


class FetchedKeys:
    """`KeySet` of an issuer that publishes its keys.

    The keys are fetched when first asked for, when they are old, and when one is asked for that is not among them. Many
    who ask at once wait for one fetch. When a fetch fails, the last good set stays.

    Args:
        fetch: Gets the document.
        clock: Monotonic seconds.
    """

    def __init__(self, fetch: Fetch, clock: Callable[[], float] = time.monotonic) -> None:
        self._fetch = fetch
        self._clock = clock
        self._keys: Mapping[str, PublicKey] | None = None
        self._fetched = 0.0
        # When the last fetch began, and why it failed.
        self._tried: float | None = None
        self._failure = ""
        self._flight: asyncio.Task[None] | None = None
        self._log = get_logger("tokens.keys")

    async def find(self, key_id: str) -> PublicKey:
        """See `KeySet`."""
        if self._keys is None or self._clock() - self._fetched >= MAX_AGE_SECONDS:
            await self._refresh()
        if key_id not in (self._keys or {}):
            await self._refresh()
        if self._keys is not None and key_id in self._keys:
            return self._keys[key_id]
        if self._keys is None or self._failure:
            raise KeysUnavailableError(f"the keys cannot be fetched: {self._failure}")
        raise RefusedTokenError(Refusal.UNKNOWN_KEY)

    async def _refresh(self) -> None:
        if self._flight is None:
            if self._tried is not None and self._clock() - self._tried < MIN_INTERVAL_SECONDS:
                return
            self._tried = self._clock()
            self._flight = start_detached(self._fetched_now(), "fetch keys")
        # Whoever asked and goes away must not take the fetch from the others.
        await asyncio.shield(self._flight)

    async def _fetched_now(self) -> None:
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                raw = await self._fetch()
            keys = {key.key_id: key for key in read_key_set(raw)}
            if not keys:
                raise KeysUnavailableError("the key set has no key that can be used")
        except Exception as error:  # noqa: BLE001 - however it fails, the last good set stays
            self._failure = str(error) or type(error).__name__
            self._log.warning("keys cannot be fetched", error=self._failure, known=len(self._keys or {}))
        else:
            self._keys, self._fetched, self._failure = keys, self._clock(), ""
        finally:
            self._flight = None
