"""A registry inside one process, for tests of what uses a registry."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable

from platformkit.discovery.instance import Instance


class MemoryRegistry:
    """Shows what was registered in this process; nothing expires.

    Args:
        instances: What is registered from the start.
    """

    def __init__(self, instances: Iterable[Instance] = ()) -> None:
        self._instances = {instance.id: instance for instance in instances}
        self._changed = asyncio.Condition()

    async def register(self, instance: Instance) -> None:
        """Shows an instance, or replaces it."""
        async with self._changed:
            self._instances[instance.id] = instance
            self._changed.notify_all()

    async def deregister(self, instance_id: str) -> None:
        """Takes an instance away."""
        async with self._changed:
            self._instances.pop(instance_id, None)
            self._changed.notify_all()

    async def instances(self) -> tuple[Instance, ...]:
        """Return what is registered now."""
        return self._snapshot()

    async def watch(self) -> AsyncIterator[tuple[Instance, ...]]:
        """Yield what is registered now, and again after each change; changes in quick succession show as one."""
        shown: tuple[Instance, ...] | None = None
        while True:
            async with self._changed:
                while (current := self._snapshot()) == shown:
                    await self._changed.wait()
            shown = current
            yield current

    def _snapshot(self) -> tuple[Instance, ...]:
        return tuple(self._instances[key] for key in sorted(self._instances))
