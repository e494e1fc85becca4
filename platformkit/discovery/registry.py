"""The interface of every registry."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol

from platformkit.discovery.instance import Instance


class Registry(Protocol):
    """Knows the live instances of all services."""

    async def register(self, instance: Instance) -> None:
        """Shows an instance to everybody, or renews or replaces what is shown.

        To be called again before the registry's time to live has passed, else the instance disappears.

        Raises:
            RegistryUnavailableError: The registry cannot be reached.
        """

    async def deregister(self, instance_id: str) -> None:
        """Takes an instance away at once; an unknown one is no error.

        Raises:
            RegistryUnavailableError: The registry cannot be reached.
        """

    async def instances(self) -> tuple[Instance, ...]:
        """Return the live instances of all services now, in the order of their ids.

        Raises:
            RegistryUnavailableError: The registry cannot be reached.
        """

    def watch(self) -> AsyncIterator[tuple[Instance, ...]]:
        """Yield the live instances now, and again after each change, without an end.

        A registry that cannot be reached is no change: what was known stays valid until it answers again.
        """
