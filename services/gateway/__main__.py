"""Serves the gateway: python -m services.gateway."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from platformkit.discovery import RedisRegistry
from platformkit.lifecycle import Application, Settings, run
from platformkit.redis import Keys, connect
from services.gateway.clients import Clients
from services.gateway.edge import gateway
from services.gateway.routes import Routes


@asynccontextmanager
async def application(settings: Settings) -> AsyncIterator[Application]:
    """The gateway to the services that discovery shows."""
    redis = connect(settings.required("REDIS_URL"))
    registry = RedisRegistry(redis, Keys(settings.namespace))
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
        await redis.aclose()


if __name__ == "__main__":
    sys.exit(run("gateway", application))
