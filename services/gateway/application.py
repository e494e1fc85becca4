"""The gateway, put together on the stores that its environment names."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from platformkit.discovery import RedisRegistry
from platformkit.lifecycle import Settings
from platformkit.lifecycle.application import Application
from platformkit.redis import Keys
from platformkit.service.connections import Connections
from services.gateway.adapters.clients import Clients
from services.gateway.adapters.edge import gateway
from services.gateway.adapters.routes import Routes


@asynccontextmanager
async def application(settings: Settings) -> AsyncIterator[Application]:
    """Build the gateway to the services that discovery shows."""
    async with Connections(settings) as connections:
        registry = RedisRegistry(connections.redis(), Keys(settings.namespace))
        routes, clients = Routes(), Clients(registry)

        async def follow() -> None:
            await routes.follow(registry)

        try:
            yield Application(
                edge=gateway(routes, clients.channel),
                background={"routes": follow},
                readiness={"discovery": routes.require_discovery},
            )
        finally:
            await clients.close()
