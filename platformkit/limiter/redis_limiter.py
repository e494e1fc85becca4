"""Counting in Redis, for all instances together and by its clock."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from redis.asyncio import Redis

from platformkit.limiter.limit import Decision, Limit, usage
from platformkit.redis import Keys

TAKE: Final = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
-- What another version wrote here, in another type or as no whole number, counts as nothing.
local function known(key)
  if redis.call('TYPE', key).ok ~= 'string' then return 0 end
  local found = string.match(redis.call('GET', key), '^%d+$')
  return found and #found <= 16 and tonumber(found) or 0
end
local ahead, allowed, told = {}, true, {}
for i, key in ipairs(KEYS) do
  local interval, burst = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
  ahead[i] = math.max(0, known(key) - now)
  local fits = ahead[i] + interval <= interval * burst
  allowed = allowed and fits
  told[i] = string.format('%.0f %d', ahead[i], fits and 1 or 0)
end
if allowed then
  for i, key in ipairs(KEYS) do
    local spent = ahead[i] + tonumber(ARGV[2 * i - 1])
    redis.call('SET', key, string.format('%.0f', now + spent), 'PX', math.ceil(spent / 1000))
  end
end
return told
"""
"""KEYS: one for each caller and limit. ARGV: for each, microseconds between two requests, and the burst. Either all are
counted or none; a key is gone as soon as it says nothing any more."""


class RedisLimiter:
    """A limiter that all instances share.

    Args:
        redis: Client.
        keys: Names of the deployment.
    """

    def __init__(self, redis: Redis, keys: Keys) -> None:
        self._keys = keys
        self._script = redis.register_script(TAKE)

    async def take(self, taken: Sequence[tuple[str, Limit]]) -> Decision:
        """Count a request, see `Limiter`.

        Raises:
            RedisError: Redis is away, see `platformkit.redis.OUTAGES`.
        """
        names = [self._keys("limit", limit.name, who) for who, limit in taken]
        numbers = [number for _, limit in taken for number in (limit.interval_microseconds, limit.burst)]
        told: Any = await self._script(keys=names, args=numbers)
        answers = [tuple(int(part) for part in each.split()) for each in told]
        allowed = all(fits for _, fits in answers)
        usages = (
            usage(limit, ahead, bool(fits), allowed) for (ahead, fits), (_, limit) in zip(answers, taken, strict=True)
        )
        return Decision(tuple(usages))
