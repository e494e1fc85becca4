"""Scripts that run inside Redis: each is one atomic step and counts time by the server's clock.

Kept per namespace: a hash of records by instance id, a sorted set of the deadlines (server time, milliseconds) by which
instances must have renewed themselves, and a channel that says that something changed.
"""

from __future__ import annotations

from typing import Final

_NOW: Final = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
"""

REGISTER: Final = (
    _NOW
    + """
local function make_way(key, type)
  local found = redis.call('TYPE', key).ok
  if found ~= type and found ~= 'none' then redis.call('DEL', key) end
end
make_way(KEYS[1], 'hash')
make_way(KEYS[2], 'zset')
local deadline = tonumber(redis.call('ZSCORE', KEYS[2], ARGV[1]) or 0)
local changed = deadline <= now or redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2]
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[2], now + ARGV[3], ARGV[1])
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now)) do
  redis.call('HDEL', KEYS[1], id)
  redis.call('ZREM', KEYS[2], id)
  changed = true
end
if changed then redis.call('PUBLISH', KEYS[3], ARGV[1]) end
"""
)
"""KEYS: hash, deadlines, channel. ARGV: id, record, time to live in ms. Takes away all that missed their deadline, and
values of another type, which nobody could read: every instance registers again soon."""

DEREGISTER: Final = """
redis.call('ZREM', KEYS[2], ARGV[1])
if redis.call('HDEL', KEYS[1], ARGV[1]) == 1 then redis.call('PUBLISH', KEYS[3], ARGV[1]) end
"""
"""KEYS: hash, deadlines, channel. ARGV: id."""

READ: Final = (
    _NOW
    + """
local alive = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. now, '+inf')) do
  local record = redis.call('HGET', KEYS[1], id)
  if record then alive[#alive + 1] = record end
end
return alive
"""
)
"""KEYS: hash, deadlines. The records of all that kept their deadline."""
