"""Redis: connections and keys of one namespace per deployment."""

from platformkit.redis.connection import OUTAGES, connect
from platformkit.redis.keys import Keys

__all__ = ["OUTAGES", "Keys", "connect"]
