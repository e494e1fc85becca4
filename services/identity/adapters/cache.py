"""Users read recently, in Redis: cache-aside, where a revision never replaces a later one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar, cast

from google.protobuf.message import DecodeError
from redis.asyncio import Redis
from redis.exceptions import RedisError

from platformkit.redis import Keys, is_of_another_type
from platformkit.telemetry import get_logger
from services.identity.adapters.messages import dump, load
from services.identity.domain.errors import IdentityError
from services.identity.domain.user import User

LIFETIME_SECONDS: Final = 30.0
"""How long a user stays."""

FENCE_SECONDS: Final = 30.0
"""How long an old revision is refused after a change; longer than any transaction that could still read it."""

COOLDOWN_SECONDS: Final = 1.0
"""How long Redis is not asked after it failed, so that its absence does not slow every request down."""

READ_SECONDS: Final = 0.25
"""How long a reader waits for Redis; the store is quicker than that."""

FENCE_WAIT_SECONDS: Final = 2.0
"""How long a change waits for Redis: it has more to lose than a reader."""

# What another version wrote here, in another type or without such a revision, gives way.
_KNOWN: Final = """
    if redis.call('TYPE', KEYS[1]).ok ~= 'hash' then redis.call('DEL', KEYS[1]) end
    local known = tonumber(string.match(redis.call('HGET', KEYS[1], 'revision') or '', '^%d+$'))
"""

# Equal revisions pass: what was fenced is put when it is committed.
PUT: Final = f"""{_KNOWN}
    if known and known > tonumber(ARGV[1]) then return 0 end
    redis.call('HSET', KEYS[1], 'revision', ARGV[1], 'user', ARGV[2])
    redis.call('PEXPIRE', KEYS[1], ARGV[3])
    return 1
"""

FENCE: Final = f"""{_KNOWN}
    if known and known >= tonumber(ARGV[1]) then return 0 end
    redis.call('HDEL', KEYS[1], 'user')
    redis.call('HSET', KEYS[1], 'revision', ARGV[1])
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
    return 1
"""

T = TypeVar("T")


class RedisCache:
    """`UserCache` in Redis.

    A user whose fence failed is read past the cache by this process until a later revision is put, or until whatever is
    in Redis has expired; so whoever changes a user through this process does not read the old one afterwards.

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
        # When the doubt about a user ends.
        self._doubtful: dict[str, float] = {}
        self._log = get_logger("identity.cache")
        self._put = redis.register_script(PUT)
        self._fence = redis.register_script(FENCE)

    async def get(self, user_id: str) -> User | None:
        """See `UserCache`."""
        if self._resting() or self._doubtful.get(user_id, 0.0) > self._clock():
            return None
        key = key_of(self._keys, user_id)
        raw = await self._attempt(cast("Awaitable[bytes | None]", self._redis.hget(key, "user")), READ_SECONDS)
        if not raw:
            return None
        try:
            return load(raw)
        except (DecodeError, ValueError, IdentityError):
            # Bytes that this version of the service would not have written; the store knows better.
            self._log.warning("cached user is unreadable", user_id=user_id)
            return None

    async def put(self, user: User) -> None:
        """See `UserCache`."""
        if self._resting():
            return
        arguments: list[int | bytes] = [user.revision, dump(user), round(LIFETIME_SECONDS * 1000)]
        command = self._put(keys=[key_of(self._keys, user.user_id)], args=arguments)
        if await self._attempt(command, READ_SECONDS) is not None:
            self._doubtful.pop(user.user_id, None)

    async def fence(self, user: User) -> None:
        """See `UserCache`."""
        arguments = [user.revision, round(FENCE_SECONDS * 1000)]
        command = self._fence(keys=[key_of(self._keys, user.user_id)], args=arguments)
        if await self._attempt(command, FENCE_WAIT_SECONDS) is None:
            self._doubt(user.user_id)

    def _resting(self) -> bool:
        return self._clock() < self._silent_until

    def _doubt(self, user_id: str) -> None:
        now = self._clock()
        self._doubtful = {each: end for each, end in self._doubtful.items() if end > now}
        self._doubtful[user_id] = now + LIFETIME_SECONDS

    async def _attempt(self, command: Awaitable[T], seconds: float) -> T | None:
        try:
            async with asyncio.timeout(seconds):
                return await command
        except (RedisError, TimeoutError) as error:
            if is_of_another_type(error):
                self._log.warning("cached user is unreadable", error=str(error))
                return None
            self._silent_until = self._clock() + COOLDOWN_SECONDS
            self._log.warning("cache is away, the store answers", error=str(error) or type(error).__name__)
            return None


def key_of(keys: Keys, user_id: str) -> str:
    """Return the name of the key that holds a user."""
    return keys("identity", "user-2", user_id)
