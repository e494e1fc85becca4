"""A registry for deployments whose addresses never change."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable

from platformkit.discovery.instance import Instance


class StaticRegistry:
    """Always shows the same instances, whoever registers.

    Args:
        instances: What to show.
    """

    def __init__(self, instances: Iterable[Instance]) -> None:
        self._instances = tuple(sorted(instances, key=lambda instance: instance.id))

    async def register(self, instance: Instance) -> None:
        """Changes nothing."""

    async def deregister(self, instance_id: str) -> None:
        """Changes nothing."""

    async def instances(self) -> tuple[Instance, ...]:
        """Return the instances given at the start."""
        return self._instances

    async def watch(self) -> AsyncIterator[tuple[Instance, ...]]:
        """Shows the instances once and then waits for ever."""
        yield self._instances
        await asyncio.Event().wait()
