"""Public keys of the processes that call services, where each of them can be looked up by who is called."""

from __future__ import annotations

import asyncio
import json
from typing import Any, Final, Protocol

from redis.asyncio import Redis
from redis.exceptions import RedisError

from platformkit.redis import Keys, is_of_another_type
from platformkit.tokens.errors import KeysUnavailableError
from platformkit.tokens.keys import PublicKey

KEY_SECONDS: Final = 60.0
"""How long a key is kept after it was published last: as long as what it has signed is good."""

MAX_KEY_BYTES: Final = 2048


class CallerKeys(Protocol):
    """Keys by the service that signs with them. Whoever can publish one for a service can call in its name."""

    async def publish(self, service: str, key: PublicKey) -> None:
        """Show a key for the next ``KEY_SECONDS``.

        Raises:
            KeysUnavailableError: It may not have been shown.
        """
        ...

    async def find(self, service: str, key_id: str) -> PublicKey | None:
        """Return the key of a service with a name; None if nobody has published it lately.

        Raises:
            KeysUnavailableError: Nobody can tell.
        """
        ...


class RedisCallerKeys:
    """`CallerKeys` in Redis, one key each: ``<namespace>:callers:<service>:<kid>``.

    Args:
        redis: A client that answers in bytes.
        keys: Names of this deployment's keys.
    """

    def __init__(self, redis: Redis, keys: Keys) -> None:
        self._redis = redis
        self._keys = keys

    async def publish(self, service: str, key: PublicKey) -> None:
        """See `CallerKeys`."""
        document = json.dumps(key.document(), separators=(",", ":"))
        name = self._keys("callers", service, key.key_id)
        try:
            await self._redis.set(name, document, px=round(KEY_SECONDS * 1000))
        except (RedisError, OSError) as error:
            raise KeysUnavailableError(f"the key cannot be published in Redis: {error}") from error

    async def find(self, service: str, key_id: str) -> PublicKey | None:
        """See `CallerKeys`."""
        try:
            found: Any = await self._redis.get(self._keys("callers", service, key_id))
        except (RedisError, OSError) as error:
            if is_of_another_type(error):
                return None
            raise KeysUnavailableError(f"the keys in Redis cannot be read: {error}") from error
        return None if found is None else _read(found, key_id)


class MemoryCallerKeys:
    """`CallerKeys` in a dictionary, for tests; `available` takes them away.

    Attributes:
        published: By service and name of the key.
        available: Whether they can be reached.
        asked: How often somebody looked for one.
        tried: Set when somebody has tried to publish one.
    """

    def __init__(self) -> None:
        self.published: dict[tuple[str, str], PublicKey] = {}
        self.available = True
        self.asked = 0
        self.tried = asyncio.Event()

    async def publish(self, service: str, key: PublicKey) -> None:
        """See `CallerKeys`."""
        self.tried.set()
        if not self.available:
            raise KeysUnavailableError("the keys are away")
        self.published[service, key.key_id] = key

    async def find(self, service: str, key_id: str) -> PublicKey | None:
        """See `CallerKeys`."""
        self.asked += 1
        if not self.available:
            raise KeysUnavailableError("the keys are away")
        return self.published.get((service, key_id))


def _read(document: bytes, key_id: str) -> PublicKey | None:
    try:
        key = PublicKey.of(json.loads(document)) if len(document) <= MAX_KEY_BYTES else None
    except (ValueError, AttributeError, RecursionError):
        return None
    # A key under the name of another one would be that other one.
    return key if key is not None and key.key_id == key_id == key.key.thumbprint() else None
