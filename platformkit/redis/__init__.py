"""Redis: connections and keys of one namespace per deployment."""

from platformkit.redis.connection import OUTAGES, connect, is_of_another_type
from platformkit.redis.keys import Keys

__all__ = ["OUTAGES", "Keys", "connect", "is_of_another_type"]
