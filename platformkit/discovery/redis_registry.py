"""Discovery in Redis: heartbeats with a time to live, watched by publish and subscribe."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable
from contextlib import aclosing
from typing import Final

from redis.asyncio import Redis
from redis.exceptions import RedisError

from platformkit.backoff import Backoff
from platformkit.discovery.errors import MalformedInstanceError, RegistryUnavailableError
from platformkit.discovery.instance import Instance
from platformkit.discovery.scripts import DEREGISTER, READ, REGISTER
from platformkit.redis import Keys, is_of_another_type
from platformkit.telemetry import get_logger

_log = get_logger(__name__)

TIME_TO_LIVE_SECONDS: Final = 10.0
"""How long an instance is shown after it was registered last."""


class RedisRegistry:
    """Instances in one Redis, shared by all services of a namespace.

    Args:
        client: Connection to Redis; whoever opened it closes it.
        keys: Of the namespace.
        time_to_live_seconds: How long an instance is shown after it was registered last. A watcher also reads
            everything anew this often, since publish and subscribe may lose a message.
        clock: Monotonic seconds.
    """

    def __init__(
        self,
        client: Redis,
        keys: Keys,
        *,
        time_to_live_seconds: float = TIME_TO_LIVE_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._records = keys("registry", "instances")
        self._deadlines = keys("registry", "deadlines")
        self._channel = keys("registry", "changes")
        self._time_to_live = time_to_live_seconds
        self._clock = clock
        self._register = client.register_script(REGISTER)
        self._deregister = client.register_script(DEREGISTER)
        self._read = client.register_script(READ)

    async def register(self, instance: Instance) -> None:
        """Shows an instance to everybody, or renews or replaces what is shown."""
        arguments: list[str | bytes | int] = [instance.id, instance.to_json(), round(self._time_to_live * 1000)]
        try:
            await self._register(keys=[self._records, self._deadlines, self._channel], args=arguments)
        except (RedisError, OSError) as error:
            raise _unavailable(error) from error

    async def deregister(self, instance_id: str) -> None:
        """Takes an instance away at once."""
        try:
            await self._deregister(keys=[self._records, self._deadlines, self._channel], args=[instance_id])
        except (RedisError, OSError) as error:
            raise _unavailable(error) from error

    async def instances(self) -> tuple[Instance, ...]:
        """Return the live instances of all services now."""
        try:
            records: list[bytes] = await self._read(keys=[self._records, self._deadlines])
        except (RedisError, OSError) as error:
            raise _unavailable(error) from error
        return _ordered(_readable(records))

    async def watch(self) -> AsyncIterator[tuple[Instance, ...]]:
        """Yield the live instances now, and again after each change.

        While Redis is away nothing is shown. If it comes back without its data, what was known is kept for one time to
        live: by then every instance that is alive has registered itself again.
        """
        shown: tuple[Instance, ...] | None = None
        unconfirmed: dict[str, Instance] = {}
        keep_until = float("-inf")
        outage = _Outage()
        while True:
            try:
                async with aclosing(self._reads()) as reads:
                    async for found in reads:
                        if outage.over():
                            unconfirmed = {instance.id: instance for instance in shown or ()}
                            keep_until = self._clock() + self._time_to_live
                        for instance in found:
                            unconfirmed.pop(instance.id, None)
                        kept = unconfirmed.values() if self._clock() < keep_until else ()
                        current = _ordered((*found, *kept))
                        if current != shown:
                            shown = current
                            yield current
            except RegistryUnavailableError as error:
                await outage.wait(error)

    async def _reads(self) -> AsyncGenerator[tuple[Instance, ...], None]:
        """Reads everything at once, and again whenever there may be something new."""
        try:
            async with self._client.pubsub() as changes:
                # Subscribed before the first read, so that nothing falls between; a confirmation that comes later
                # means that the connection was made anew, and is therefore as good as a change.
                await changes.subscribe(self._channel)
                while True:
                    yield await self.instances()
                    await changes.get_message(timeout=self._time_to_live)
        except (RedisError, OSError) as error:
            raise _unavailable(error) from error


class _Outage:
    """Says once that Redis is away and once that it is back, and waits before the next attempt."""

    def __init__(self) -> None:
        self._backoff = Backoff()
        self._away = False

    async def wait(self, error: RegistryUnavailableError) -> None:
        if not self._away:
            _log.warning("registry unavailable, keeping what is known", error=str(error))
            self._away = True
        await self._backoff.wait()

    def over(self) -> bool:
        if not self._away:
            return False
        _log.info("registry available again")
        self._away = False
        self._backoff.reset()
        return True


def _ordered(instances: Iterable[Instance]) -> tuple[Instance, ...]:
    return tuple(sorted(instances, key=lambda instance: instance.id))


def _readable(records: list[bytes]) -> list[Instance]:
    instances = []
    for record in records:
        try:
            instances.append(Instance.from_json(record))
        except MalformedInstanceError as error:
            _log.warning("instance left out", error=str(error))
    return instances


def _unavailable(error: Exception) -> RegistryUnavailableError:
    if is_of_another_type(error):
        return RegistryUnavailableError(f"the registry in Redis cannot be read, its keys hold something else: {error}")
    return RegistryUnavailableError(f"the registry in Redis cannot be reached: {error}")
