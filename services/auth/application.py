"""Auth, put together on the stores that its environment names."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from plt.auth.v1 import auth_pb2, auth_pb2_grpc

from platformkit.channels import ServiceChannel
from platformkit.discovery import RedisRegistry
from platformkit.events import (
    FORGET_SECONDS,
    Consumer,
    DeadLetterRpcs,
    PostgresInbox,
    PostgresParking,
    Relay,
    topics_of,
)
from platformkit.lifecycle import Application, Servicer, Settings, every
from platformkit.paging import PageTokens
from platformkit.postgres import OUTAGES
from platformkit.redis import Keys
from platformkit.service import Connections
from platformkit.tokens import KEY_SET_PATH
from services.auth.adapters.announcements import RedisAnnouncements
from services.auth.adapters.event_handlers import HEARD, event_handlers
from services.auth.adapters.key_set import key_set
from services.auth.adapters.messages import EVENTS
from services.auth.adapters.passwords import Argon2Passwords
from services.auth.adapters.repository import PostgresStore
from services.auth.adapters.sealing import Sealed
from services.auth.adapters.servicer import AuthServicer
from services.auth.adapters.settings import AuthSettings
from services.auth.adapters.users import INTERFACE, IdentityUsers
from services.auth.use_cases import announce, forget, rotate_keys
from services.auth.use_cases.auth import Auth, Outside

CONSUMER = "auth"
AUTH = auth_pb2.DESCRIPTOR.services_by_name["AuthService"]


@asynccontextmanager
async def application(settings: Settings) -> AsyncIterator[Application]:
    """Build the service on the stores that the settings name."""
    own, keys, heard = AuthSettings.of(settings), Keys(settings.namespace), topics_of(HEARD)
    page_tokens = PageTokens(settings.page_token_secret)
    async with Connections(settings) as connections:
        pool, redis = await connections.postgres(), connections.redis()
        registry = RedisRegistry(redis, keys)
        published = (*topics_of(EVENTS), *(topic.dead_letters() for topic in heard))
        publisher = connections.publisher(published)
        dead_letters = DeadLetterRpcs(connections.dead_letters(CONSUMER, heard), page_tokens)
        subscription = connections.subscription(CONSUMER, heard)
        internal_tokens = connections.internal_tokens(redis)
        identity = ServiceChannel(registry, INTERFACE.full_name, internal_tokens.prove)
        passwords = Argon2Passwords(own.hashing, own.hash_threads)
        store, inbox = PostgresStore(pool), PostgresInbox(pool, CONSUMER)
        announcements = RedisAnnouncements(redis, keys)
        outside = Outside(store, IdentityUsers(identity), passwords, Sealed(own.sealing_key), announcements)
        auth = Auth.on(outside, own.policy)
        handlers, parking = event_handlers(auth.follow), PostgresParking(CONSUMER, settings.event_retry_delays)
        consumer = Consumer(subscription, inbox, handlers, publisher, name=CONSUMER, parking=parking)
        try:
            yield Application(
                servicers=(
                    Servicer(AUTH, auth_pb2_grpc.add_AuthServiceServicer_to_server, AuthServicer(auth, dead_letters)),
                ),
                paths={KEY_SET_PATH: key_set(auth.publish_keys)},
                background={
                    "relay": Relay(pool, publisher).run,
                    "consumer": consumer.run,
                    "parked events": consumer.run_parked,
                    "signing keys": every(rotate_keys.PERIOD_SECONDS, auth.rotate, outages=OUTAGES),
                    "revocations": every(announce.PERIOD_SECONDS, auth.announce, outages=OUTAGES, sleep=_shortly),
                    "forget": every(forget.PERIOD_SECONDS, auth.forget, outages=OUTAGES),
                    "short inbox": every(FORGET_SECONDS, inbox.forget, outages=OUTAGES),
                },
                readiness={"postgres": store.require_tables, "signing key": auth.require_key},
                registry=registry,
                internal_tokens=internal_tokens,
                outages=OUTAGES,
            )
        finally:
            passwords.close()
            await identity.close()


async def _shortly(seconds: float) -> None:
    # After an outage, verifiers have waited long enough.
    await asyncio.sleep(min(seconds, announce.PERIOD_SECONDS))
