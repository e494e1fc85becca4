"""The service clients of the gateway: one channel for each interface, to whichever instances discovery shows."""

from __future__ import annotations

import asyncio

import grpc

from platformkit.channels import Prove, ServiceChannel
from platformkit.discovery import Registry


class Clients:
    """Channels by the full name of the interface, made when first asked for.

    Args:
        registry: Who knows the instances.
        prove: Proves to a service that the gateway calls, and for whom.
    """

    def __init__(self, registry: Registry, prove: Prove) -> None:
        self._registry = registry
        self._prove = prove
        self._channels: dict[str, ServiceChannel] = {}

    def channel(self, interface: str) -> grpc.aio.Channel:
        """Return the channel to an interface."""
        if interface not in self._channels:
            self._channels[interface] = ServiceChannel(self._registry, interface, self._prove)
        return self._channels[interface]

    async def close(self) -> None:
        """Ends the channels, and whatever call is still on its way."""
        await asyncio.gather(*(channel.close() for channel in self._channels.values()))
