"""Notification, put together on the stores and the mail server that its environment names."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from plt.notification.v1 import notification_pb2, notification_pb2_grpc

from platformkit.discovery import RedisRegistry
from platformkit.events import FORGET_SECONDS, Consumer, DeadLetterRpcs, PostgresInbox, PostgresParking, topics_of
from platformkit.lifecycle import Application, Servicer, Settings, Task, every
from platformkit.paging import PageTokens
from platformkit.postgres import OUTAGES
from platformkit.redis import Keys
from platformkit.service import Connections
from services.notification.adapters.event_handlers import HEARD, event_handlers
from services.notification.adapters.repository import PostgresStore
from services.notification.adapters.sender import Sender
from services.notification.adapters.servicer import NotificationServicer
from services.notification.adapters.settings import NotificationSettings
from services.notification.adapters.sink import HOST, Mailbox, SmtpSink
from services.notification.adapters.sink_page import MAILS_PATH, mails_page
from services.notification.adapters.smtp import MailServer, SmtpMailer
from services.notification.adapters.writing import MailWriter
from services.notification.use_cases.deliver import Deliver
from services.notification.use_cases.forget import PERIOD_SECONDS, Forget
from services.notification.use_cases.ports import Store

CONSUMER = "notification"
NOTIFICATION = notification_pb2.DESCRIPTOR.services_by_name["NotificationService"]


@asynccontextmanager
async def application(settings: Settings) -> AsyncIterator[Application]:
    """Build the service on the stores and the mail server that the settings name."""
    own, heard = NotificationSettings.of(settings), topics_of(HEARD)
    tokens, mailbox = PageTokens(settings.page_token_secret), Mailbox()
    async with Connections(settings) as connections, AsyncExitStack() as stack:
        pool, redis = await connections.postgres(), connections.redis()
        publisher = connections.publisher(topic.dead_letters() for topic in heard)
        dead_letters = DeadLetterRpcs(connections.dead_letters(CONSUMER, heard), tokens)
        subscription = connections.subscription(CONSUMER, heard)
        inbox, store = PostgresInbox(pool, CONSUMER), PostgresStore(pool)
        parking = PostgresParking(CONSUMER, settings.event_retry_delays)
        handlers = event_handlers(own.threshold)
        consumer = Consumer(subscription, inbox, handlers, publisher, name=CONSUMER, parking=parking)
        server = own.server or MailServer(HOST, await stack.enter_async_context(SmtpSink(mailbox).listening()))
        yield Application(
            servicers=(
                Servicer(
                    NOTIFICATION,
                    notification_pb2_grpc.add_NotificationServiceServicer_to_server,
                    NotificationServicer(store, dead_letters, tokens),
                ),
            ),
            paths={} if own.server else {MAILS_PATH: mails_page(mailbox)},
            background={
                "consumer": consumer.run,
                "parked events": consumer.run_parked,
                **{f"sender {number}": _sender(own, store, server) for number in range(1, own.connections + 1)},
                "forget": every(PERIOD_SECONDS, Forget(store, own.keep, own.threshold), outages=OUTAGES),
                "short inbox": every(FORGET_SECONDS, inbox.forget, outages=OUTAGES),
            },
            readiness={"postgres": store.require_tables},
            registry=RedisRegistry(redis, Keys(settings.namespace)),
            internal_tokens=connections.internal_tokens(redis),
            outages=OUTAGES,
        )


def _sender(own: NotificationSettings, store: Store, server: MailServer) -> Task:
    mailer = SmtpMailer(server, MailWriter(own.sender), own.limit)
    return Sender(Deliver(store, mailer, own.lease, own.schedule), mailer).run
