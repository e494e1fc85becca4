"""Identity, put together on the stores that its environment names."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from plt.identity.v1 import events_pb2, identity_pb2, identity_pb2_grpc

from platformkit.discovery import RedisRegistry
from platformkit.events import Relay, topics_of
from platformkit.lifecycle import Application, Servicer, Settings, every
from platformkit.paging import PageTokens
from platformkit.postgres import OUTAGES
from platformkit.redis import Keys
from platformkit.service import Connections
from services.identity.adapters.cache import RedisCache
from services.identity.adapters.repository import PostgresStore
from services.identity.adapters.servicer import IdentityServicer
from services.identity.use_cases.forget_keys import PERIOD_SECONDS, ForgetKeys
from services.identity.use_cases.identity import Identity

EVENTS = (events_pb2.UserCreated, events_pb2.UserUpdated, events_pb2.UserDeactivated)


@asynccontextmanager
async def application(settings: Settings) -> AsyncIterator[Application]:
    """Build the service on the stores that the settings name."""
    tokens, keys = PageTokens(settings.page_token_secret), Keys(settings.namespace)
    async with Connections(settings) as connections:
        pool, redis = await connections.postgres(), connections.redis()
        relay = Relay(pool, connections.publisher(topics_of(EVENTS)))
        store = PostgresStore(pool)
        servicer = IdentityServicer(Identity.on(store, RedisCache(redis, keys)), tokens)
        yield Application(
            servicers=(
                Servicer(
                    identity_pb2.DESCRIPTOR.services_by_name["IdentityService"],
                    identity_pb2_grpc.add_IdentityServiceServicer_to_server,
                    servicer,
                ),
            ),
            background={
                "relay": relay.run,
                "forget keys": every(PERIOD_SECONDS, ForgetKeys(store), outages=OUTAGES),
            },
            readiness={"postgres": store.require_tables},
            registry=RedisRegistry(redis, keys),
            internal_tokens=connections.internal_tokens(redis),
            outages=OUTAGES,
        )
