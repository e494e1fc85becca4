"""Registration of one instance for as long as it serves."""

from __future__ import annotations

import asyncio
from typing import Final

from platformkit.discovery.errors import RegistryUnavailableError
from platformkit.discovery.instance import Instance
from platformkit.discovery.registry import Registry
from platformkit.telemetry import get_logger

_log = get_logger(__name__)

HEARTBEAT_SECONDS: Final = 3.0
"""How often an instance registers again."""


class Registration:
    """Registers an instance again and again, so that it comes back even to a registry that lost everything.

    Args:
        registry: Where to.
        instance: What is shown.
        heartbeat_seconds: How often; well below the registry's time to live.
    """

    def __init__(self, registry: Registry, instance: Instance, *, heartbeat_seconds: float = HEARTBEAT_SECONDS) -> None:
        self._registry = registry
        self._instance = instance
        self._heartbeat = heartbeat_seconds
        self._registered: bool | None = None

    async def keep(self) -> None:
        """Registers and renews until cancelled, through outages of the registry."""
        while True:
            try:
                await self._registry.register(self._instance)
            except RegistryUnavailableError as error:
                self._note(registered=False, error=str(error))
            else:
                self._note(registered=True)
            await asyncio.sleep(self._heartbeat)

    async def end(self) -> None:
        """Takes the instance away; if the registry is out of reach, the instance expires there by itself."""
        try:
            await self._registry.deregister(self._instance.id)
        except RegistryUnavailableError as error:
            _log.warning("not deregistered, expires by itself", instance=self._instance.id, error=str(error))
        else:
            _log.info("deregistered", instance=self._instance.id)

    def _note(self, *, registered: bool, error: str | None = None) -> None:
        if registered != self._registered:
            self._registered = registered
            if registered:
                _log.info("registered", instance=self._instance.id)
            else:
                _log.warning("cannot register, trying again", instance=self._instance.id, error=error)
