"""Audit, put together on the stores that its environment names."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from plt.audit.v1 import audit_pb2, audit_pb2_grpc

from platformkit.discovery import RedisRegistry
from platformkit.events import FORGET_SECONDS, Consumer, DeadLetterRpcs, PostgresInbox, PostgresParking, topics_of
from platformkit.lifecycle import Application, Servicer, Settings, every
from platformkit.paging import PageTokens
from platformkit.postgres import OUTAGES
from platformkit.redis import Keys
from platformkit.service import Connections
from services.audit.adapters.event_handlers import EVENTS, event_handlers
from services.audit.adapters.repository import PostgresStore
from services.audit.adapters.servicer import AuditServicer
from services.audit.use_cases.list_entries import ListEntries

CONSUMER = "audit"


@asynccontextmanager
async def application(settings: Settings) -> AsyncIterator[Application]:
    """Build the service on the stores that the settings name."""
    tokens, topics = PageTokens(settings.page_token_secret), topics_of(EVENTS)
    async with Connections(settings) as connections:
        pool, redis = await connections.postgres(), connections.redis()
        publisher = connections.publisher(topic.dead_letters() for topic in topics)
        dead_letters = DeadLetterRpcs(connections.dead_letters(CONSUMER, topics), tokens)
        subscription = connections.subscription(CONSUMER, topics)
        inbox, store = PostgresInbox(pool, CONSUMER), PostgresStore(pool)
        parking = PostgresParking(CONSUMER, settings.event_retry_delays)
        consumer = Consumer(subscription, inbox, event_handlers(), publisher, name=CONSUMER, parking=parking)
        yield Application(
            servicers=(
                Servicer(
                    audit_pb2.DESCRIPTOR.services_by_name["AuditService"],
                    audit_pb2_grpc.add_AuditServiceServicer_to_server,
                    AuditServicer(ListEntries(store), dead_letters, tokens),
                ),
            ),
            background={
                "consumer": consumer.run,
                "parked events": consumer.run_parked,
                "short inbox": every(FORGET_SECONDS, inbox.forget, outages=OUTAGES),
            },
            readiness={"postgres": store.require_tables},
            registry=RedisRegistry(redis, Keys(settings.namespace)),
            internal_tokens=connections.internal_tokens(redis),
            outages=OUTAGES,
        )
