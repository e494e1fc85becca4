"""Revocations on their way to the verifiers through Redis."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from redis.asyncio import Redis

from platformkit import tokens
from platformkit.redis import OUTAGES, Keys
from services.auth.domain.revocation import Revocation, TokenRevocation

# A key that vanishes together with what was announced, when Redis loses what it has.
_MARK: Final = ("auth", "revocations-kept")


class RedisAnnouncements:
    """`Announcements` in Redis, where `platformkit.tokens` reads them.

    Args:
        redis: A client that answers in bytes.
        keys: Names of this deployment's keys.
    """

    def __init__(self, redis: Redis, keys: Keys) -> None:
        self._redis = redis
        self._mark = keys(*_MARK)
        self._revocations = tokens.RedisRevocations(redis, keys)

    async def announce(self, revoked: Sequence[Revocation], now: datetime) -> None:
        """See `Announcements`."""
        try:
            await self._revocations.announce([_told(revocation, now) for revocation in revoked])
        except OUTAGES as error:
            raise ConnectionError(str(error)) from error

    async def lost(self) -> bool:
        """See `Announcements`."""
        try:
            return not await self._redis.exists(self._mark)
        except OUTAGES as error:
            raise ConnectionError(str(error)) from error

    async def kept(self) -> None:
        """See `Announcements`."""
        try:
            await self._redis.set(self._mark, 1)
        except OUTAGES as error:
            raise ConnectionError(str(error)) from error


def _told(revocation: Revocation, now: datetime) -> tokens.Revocation:
    life = (revocation.expire_time - now).total_seconds()
    if isinstance(revocation, TokenRevocation):
        return tokens.RevokedToken(revocation.token_id, life)
    return tokens.RevokedAccount(revocation.user_id, revocation.version, life)
