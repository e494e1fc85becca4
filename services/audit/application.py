"""Audit, put together on the stores that its environment names."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from plt.audit.v1 import audit_pb2, audit_pb2_grpc

from platformkit.discovery import RedisRegistry
from platformkit.events import Consumer, KafkaPublisher, KafkaSubscription, PostgresInbox, topics_of
from platformkit.lifecycle import Application, Servicer
from platformkit.paging import PageTokens
from platformkit.postgres import OUTAGES, create_pool
from platformkit.process import Settings
from platformkit.redis import Keys, connect
from services.audit.adapters.event_handlers import EVENTS, event_handlers
from services.audit.adapters.repository import PostgresStore
from services.audit.adapters.servicer import AuditServicer
from services.audit.use_cases.list_entries import ListEntries

CONSUMER = "audit"


@asynccontextmanager
async def application(settings: Settings) -> AsyncIterator[Application]:
    """The service on the stores that the settings name."""
    pool = await create_pool(settings.postgres_dsn)
    redis = connect(settings.redis_url)
    kafka, topics = settings.kafka_bootstrap_servers, topics_of(EVENTS)
    publisher = KafkaPublisher(kafka, settings.namespace, [topic.dead_letters() for topic in topics])
    subscription = KafkaSubscription(kafka, settings.namespace, CONSUMER, topics)
    inbox = PostgresInbox(pool, CONSUMER)
    consumer = Consumer(subscription, inbox, event_handlers(), publisher, name=CONSUMER)
    store = PostgresStore(pool)
    servicer = AuditServicer(ListEntries(store), PageTokens(settings.page_token_secret))
    try:
        yield Application(
            servicers=(
                Servicer(
                    audit_pb2.DESCRIPTOR.services_by_name["AuditService"],
                    audit_pb2_grpc.add_AuditServiceServicer_to_server,
                    servicer,
                ),
            ),
            background={"consumer": consumer.run, "short inbox": inbox.keep_short},
            readiness={"postgres": store.require_tables},
            registry=RedisRegistry(redis, Keys(settings.namespace)),
            outages=OUTAGES,
        )
    finally:
        await subscription.close()
        await publisher.close()
        await redis.aclose()
        await pool.close()
