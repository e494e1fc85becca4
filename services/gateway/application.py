"""The gateway, put together on the stores that its environment names."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from platformkit.discovery import RedisRegistry, Registry
from platformkit.lifecycle import Application, Settings
from platformkit.limiter import FallbackLimiter, LocalLimiter, RedisLimiter
from platformkit.redis import Keys
from platformkit.service import Connections
from platformkit.telemetry import get_logger
from platformkit.tokens import FetchedKeys, PublishedKeys, RevocationList, VerifiedTokens, Verifier
from services.gateway.adapters.clients import Clients
from services.gateway.adapters.edge import gateway
from services.gateway.adapters.routes import Routes
from services.gateway.configuration import DEFAULT, Configuration, read_configuration
from services.gateway.pipeline import pipeline

_log = get_logger("gateway")


@asynccontextmanager
async def application(settings: Settings) -> AsyncIterator[Application]:
    """Build the gateway to the services that discovery shows."""
    configuration = read_configuration(Path(settings.environ.get("GATEWAY_CONFIGURATION") or DEFAULT))
    async with Connections(settings) as connections:
        redis, keys = connections.redis(), Keys(settings.namespace)
        registry = RedisRegistry(redis, keys)
        limiter = FallbackLimiter(RedisLimiter(redis, keys), LocalLimiter(shared=False))
        internal_tokens = connections.internal_tokens(redis)
        routes, clients = Routes(), Clients(registry, internal_tokens.prove)

        async def follow() -> None:
            await routes.follow(registry)

        revoked = RevocationList()

        async def hear() -> None:
            await revoked.follow(redis, keys)

        stages = pipeline(configuration, routes.match, limiter, _tokens(configuration, registry, revoked))
        try:
            yield Application(
                edge=gateway(routes, clients.channel, stages),
                background={"routes": follow, "revocations": hear},
                readiness={"discovery": routes.require_discovery},
                internal_tokens=internal_tokens,
            )
        finally:
            await clients.close()


def _tokens(configuration: Configuration, registry: Registry, revoked: RevocationList) -> VerifiedTokens | None:
    wanted = configuration.authentication
    if wanted is None:
        _log.warning("no access tokens are verified: every rpc is open to everybody who reaches the gateway")
        return None
    keys = FetchedKeys(PublishedKeys(registry, wanted.service))
    return VerifiedTokens(Verifier(keys, wanted.issuer, wanted.audience), revoked)
