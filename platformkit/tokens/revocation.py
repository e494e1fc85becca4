"""Revocations on their way from the issuer to every verifier, in Redis.

What is revoked is a key with the rest of the token's life as its time to live, for whoever asks about one token
(``rev:<jti>``, ``tokver:<sub>``), and an entry of the stream ``revocations``, for whoever wants to know all of them at
once and as they come. A reader of a stream loses nothing: it goes on where it stopped. Times are those of Redis alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from redis.asyncio import Redis

from platformkit.redis import Keys

LONGEST_LIFE_SECONDS: Final = 3600
"""Longest life of an access token: what was revoked longer ago than that has expired, and the stream forgets it."""

# A version never goes back, and neither does the end of what is known about it. What is no number, another version of
# this code wrote, and it says nothing; what is no stream gives way to it, for nobody could read it.
ANNOUNCE: Final = """
    local is_text = redis.call('TYPE', KEYS[1]).ok == 'string'
    local known = is_text and tonumber(string.match(redis.call('GET', KEYS[1]), '^%d+$'))
    if known and known > tonumber(ARGV[3]) then return 0 end
    local life = math.max(tonumber(ARGV[4]), redis.call('PTTL', KEYS[1]))
    redis.call('SET', KEYS[1], ARGV[3], 'PX', life)
    local time = redis.call('TIME')
    local now = time[1] * 1000 + math.floor(time[2] / 1000)
    local kind = redis.call('TYPE', KEYS[2]).ok
    if kind ~= 'stream' and kind ~= 'none' then redis.call('DEL', KEYS[2]) end
    local oldest = string.format('%.0f', now - tonumber(ARGV[5]))
    redis.call('XADD', KEYS[2], 'MINID', oldest, '*',
        'kind', ARGV[1], 'name', ARGV[2], 'version', ARGV[3], 'life', ARGV[4])
    redis.call('PEXPIRE', KEYS[2], ARGV[5])
    return 1
"""


@dataclass(frozen=True, slots=True)
class RevokedToken:
    """One token that is revoked.

    Attributes:
        token_id: Its ``jti``.
        life_seconds: How long it would still be good.
    """

    token_id: str
    life_seconds: float


@dataclass(frozen=True, slots=True)
class RevokedAccount:
    """All tokens of a subject that were issued before a version.

    Attributes:
        subject: Their ``sub``.
        version: The lowest ``ver`` that is good.
        life_seconds: How long the last of them would still be good.
    """

    subject: str
    version: int
    life_seconds: float


Revocation = RevokedToken | RevokedAccount


class Revocations(Protocol):
    """Way to tell verifiers what is revoked."""

    async def announce(self, revoked: Sequence[Revocation]) -> None:
        """Tell; the same again changes nothing.

        Raises:
            Exception: One of ``platformkit.redis.OUTAGES``: it may not have been told.
        """
        ...


class RedisRevocations:
    """`Revocations` in Redis.

    Args:
        redis: A client that answers in bytes.
        keys: Names of this deployment's keys.
    """

    def __init__(self, redis: Redis, keys: Keys) -> None:
        self._keys = keys
        self._announce = redis.register_script(ANNOUNCE)

    async def announce(self, revoked: Sequence[Revocation]) -> None:
        """See `Revocations`."""
        for each in revoked:
            life = round(each.life_seconds * 1000)
            if life <= 0:
                continue
            if isinstance(each, RevokedToken):
                key, facts = self._keys("rev", each.token_id), ("token", each.token_id, 1)
            else:
                key, facts = self._keys("tokver", each.subject), ("account", each.subject, each.version)
            longest = LONGEST_LIFE_SECONDS * 1000
            await self._announce(keys=[key, stream_of(self._keys)], args=[*facts, min(life, longest), longest])


class MemoryRevocations:
    """`Revocations` in a list, for tests; `available` takes it away.

    Attributes:
        announced: What was told, in order.
        available: Whether it can be told.
    """

    def __init__(self) -> None:
        self.announced: list[Revocation] = []
        self.available = True

    async def announce(self, revoked: Sequence[Revocation]) -> None:
        """See `Revocations`."""
        if not self.available:
            raise ConnectionError("the revocations are away")
        self.announced += revoked


def stream_of(keys: Keys) -> str:
    """Return the name of the stream that carries revocations."""
    return keys("revocations")
