"""Identity, put together on the stores that its environment names."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from plt.identity.v1 import events_pb2, identity_pb2, identity_pb2_grpc

from platformkit.discovery import RedisRegistry
from platformkit.events import KafkaPublisher, Relay, topics_of
from platformkit.lifecycle import Application, Servicer
from platformkit.paging import PageTokens
from platformkit.postgres import OUTAGES, create_pool
from platformkit.process import Settings
from platformkit.redis import Keys, connect
from services.identity.adapters.cache import RedisCache
from services.identity.adapters.repository import PostgresStore
from services.identity.adapters.servicer import IdentityServicer
from services.identity.use_cases.forget_keys import ForgetKeys
from services.identity.use_cases.identity import Identity, now

EVENTS = (events_pb2.UserCreated, events_pb2.UserUpdated, events_pb2.UserDeactivated)


@asynccontextmanager
async def application(settings: Settings) -> AsyncIterator[Application]:
    """The service on the stores that the settings name."""
    pool = await create_pool(settings.postgres_dsn)
    redis = connect(settings.redis_url)
    publisher = KafkaPublisher(settings.kafka_bootstrap_servers, settings.namespace, topics_of(EVENTS))
    keys = Keys(settings.namespace)
    store = PostgresStore(pool)
    identity = Identity.on(store, RedisCache(redis, keys))
    servicer = IdentityServicer(identity, PageTokens(settings.page_token_secret))
    try:
        yield Application(
            servicers=(
                Servicer(
                    identity_pb2.DESCRIPTOR.services_by_name["IdentityService"],
                    identity_pb2_grpc.add_IdentityServiceServicer_to_server,
                    servicer,
                ),
            ),
            background={"relay": Relay(pool, publisher).run, "forget keys": ForgetKeys(store, now).run},
            readiness={"postgres": store.require_tables},
            registry=RedisRegistry(redis, keys),
            outages=OUTAGES,
        )
    finally:
        await publisher.close()
        await redis.aclose()
        await pool.close()
