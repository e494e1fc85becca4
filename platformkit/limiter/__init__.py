"""Rate limits that all instances share: how many requests a caller may make in how many seconds."""

from platformkit.limiter.fallback import FallbackLimiter
from platformkit.limiter.limit import Decision, Limit, Limiter, Usage
from platformkit.limiter.local import LocalLimiter
from platformkit.limiter.redis_limiter import RedisLimiter

__all__ = [
    "Decision",
    "FallbackLimiter",
    "Limit",
    "Limiter",
    "LocalLimiter",
    "RedisLimiter",
    "Usage",
]
