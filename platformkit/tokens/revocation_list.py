"""Revocations that a verifier knows, so that it asks nobody about a token."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from redis.asyncio import Redis
from redis.exceptions import RedisError

from platformkit.backoff import Backoff
from platformkit.redis import Keys
from platformkit.telemetry import get_logger
from platformkit.tokens.claims import Claims
from platformkit.tokens.revocation import Revocation, RevokedAccount, RevokedToken, stream_of

# Shorter than the time after which a connection counts as lost.
_BLOCK_MILLISECONDS: Final = 1000
_BATCH: Final = 1000


class RevocationList:
    """Tokens that are revoked, each for as long as it would be good otherwise.

    Args:
        clock: Monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        # Until when, by token; lowest version and until when, by subject.
        self._tokens: dict[str, float] = {}
        self._versions: dict[str, tuple[int, float]] = {}
        self._told: float | None = None
        self._forgotten = clock()
        self._log = get_logger("tokens.revocations")

    @property
    def age_seconds(self) -> float:
        """Return how long ago Redis said last that nothing is missing here; infinite if it never did."""
        return float("inf") if self._told is None else self._clock() - self._told

    def covers(self, claims: Claims) -> bool:
        """Tell whether a token is revoked."""
        version, _ = self._versions.get(claims.subject, (0, 0.0))
        return claims.token_id in self._tokens or claims.version < version

    def add(self, revoked: Iterable[Revocation]) -> None:
        """Know that these are revoked."""
        now = self._clock()
        for each in revoked:
            until = now + each.life_seconds
            if isinstance(each, RevokedToken):
                self._tokens[each.token_id] = max(until, self._tokens.get(each.token_id, 0.0))
            else:
                version, end = self._versions.get(each.subject, (0, 0.0))
                self._versions[each.subject] = max(each.version, version), max(until, end)
        # Not with each, which would make many of them slow.
        if now - self._forgotten >= 1:
            self._forgotten = now
            self._tokens = {token: end for token, end in self._tokens.items() if end > now}
            self._versions = {subject: (v, end) for subject, (v, end) in self._versions.items() if end > now}

    async def follow(self, redis: Redis, keys: Keys) -> None:
        """Know what Redis knows, from now on, until cancelled; while it cannot be read, what is known stays known."""
        backoff = Backoff(limit_seconds=0.5)
        while True:
            try:
                await self._read(redis, stream_of(keys), backoff)
            except (RedisError, OSError) as error:
                # A key of another type is one as well: the next revocation puts the stream in its place.
                self._log.warning("revocations cannot be read", error=str(error) or type(error).__name__)
                await backoff.wait()

    async def _read(self, redis: Redis, stream: str, backoff: Backoff) -> None:
        # From the beginning each time: Redis may have lost what it had, and got it again.
        last: bytes | str = "0"
        while True:
            found: Any = await redis.xread({stream: last}, count=_BATCH, block=_BLOCK_MILLISECONDS)
            backoff.reset()
            entries = _entries(found)
            if entries:
                last = entries[-1][0]
                self.add(revoked for _, fields in entries if (revoked := _revocation(fields)) is not None)
            if len(entries) < _BATCH:
                self._told = self._clock()


def _entries(found: Any) -> list[tuple[bytes, Mapping[bytes, bytes]]]:
    # RESP2 answers with pairs of stream and entries, RESP3 with a mapping of stream to lists of entries.
    if not found:
        return []
    if isinstance(found, Mapping):
        return [entry for lists in found.values() for entries in lists for entry in entries]
    return [entry for _, entries in found for entry in entries]


def _revocation(fields: Mapping[bytes, bytes]) -> Revocation | None:
    try:
        name, life = fields[b"name"].decode(), int(fields[b"life"]) / 1000
        if fields[b"kind"] == b"token":
            return RevokedToken(name, life)
        return RevokedAccount(name, int(fields[b"version"]), life) if fields[b"kind"] == b"account" else None
    except (KeyError, ValueError, OverflowError):
        # A kind of entry that a later version writes.
        return None
