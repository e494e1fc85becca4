"""Users read recently, in Redis: cache-aside, where a revision never replaces a later one."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar, cast

from google.protobuf.message import DecodeError
from redis.asyncio import Redis
from redis.exceptions import RedisError

from platformkit.redis import Keys
from platformkit.telemetry import get_logger
from services.identity.adapters.messages import dump, load
from services.identity.domain.errors import IdentityError
from services.identity.domain.user import User

LIFETIME_MS: Final = 60_000
"""How long a user stays, and so how old an answer can be at most if Redis was away when the user was changed."""

FENCE_MS: Final = 30_000
"""How long an old revision is refused after a change; longer than any transaction that could still read it."""

COOLDOWN_SECONDS: Final = 1.0
"""How long Redis is left alone after it failed, so that its absence does not slow every request down."""

# Equal revisions pass: what was fenced is put when it is committed.
PUT: Final = """
    local known = redis.call('HGET', KEYS[1], 'revision')
    if known and tonumber(known) > tonumber(ARGV[1]) then return 0 end
    redis.call('HSET', KEYS[1], 'revision', ARGV[1], 'user', ARGV[2])
    redis.call('PEXPIRE', KEYS[1], ARGV[3])
    return 1
"""

FENCE: Final = """
    local known = redis.call('HGET', KEYS[1], 'revision')
    if known and tonumber(known) >= tonumber(ARGV[1]) then return 0 end
    redis.call('HDEL', KEYS[1], 'user')
    redis.call('HSET', KEYS[1], 'revision', ARGV[1])
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
    return 1
"""

T = TypeVar("T")


class RedisCache:
    """`UserCache` in Redis.

    Args:
        redis: A client that answers in bytes.
        keys: Names of this deployment's keys.
        clock: Monotonic seconds.
    """

    def __init__(self, redis: Redis, keys: Keys, clock: Callable[[], float] = time.monotonic) -> None:
        self._redis = redis
        self._keys = keys
        self._clock = clock
        self._silent_until = 0.0
        self._log = get_logger("identity.cache")
        self._put = redis.register_script(PUT)
        self._fence = redis.register_script(FENCE)

    async def get(self, user_id: str) -> User | None:
        """See `UserCache`."""
        raw = await self._attempt(
            lambda: cast("Awaitable[bytes | None]", self._redis.hget(key_of(self._keys, user_id), "user"))
        )
        if raw is None:
            return None
        try:
            return load(raw)
        except (DecodeError, ValueError, IdentityError):
            # Bytes that this version of the service would not have written; the store knows better.
            self._log.warning("cached user is unreadable", user_id=user_id)
            return None

    async def put(self, user: User) -> None:
        """See `UserCache`."""
        await self._attempt(
            lambda: self._put(keys=[key_of(self._keys, user.user_id)], args=[user.revision, dump(user), LIFETIME_MS])
        )

    async def fence(self, user: User) -> None:
        """See `UserCache`."""
        await self._attempt(
            lambda: self._fence(keys=[key_of(self._keys, user.user_id)], args=[user.revision, FENCE_MS])
        )

    async def _attempt(self, command: Callable[[], Awaitable[T]]) -> T | None:
        if self._clock() < self._silent_until:
            return None
        try:
            return await command()
        except RedisError as error:
            self._silent_until = self._clock() + COOLDOWN_SECONDS
            self._log.warning("cache is away, reading from the store", error=str(error))
            return None


def key_of(keys: Keys, user_id: str) -> str:
    """Name of the key that holds a user."""
    return keys("identity", "user", user_id)
