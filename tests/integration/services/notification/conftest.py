from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping

import pytest

from platformkit.events import KafkaPublisher, Pool, Record, topics_of
from platformkit.postgres import create_pool
from servanda.infra import Endpoints
from services.notification.adapters.event_handlers import HEARD
from services.notification.adapters.sink import Mailbox, SmtpSink
from tests.integration.services.service_stores import service_environs

Publish = Callable[[list[Record]], Awaitable[None]]


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
async def sink_port(mailbox: Mailbox) -> AsyncIterator[int]:
    """Address of a mail server that puts mails into the mailbox."""
    async with SmtpSink(mailbox).listening() as port:
        yield port


@pytest.fixture
def environ(servanda_endpoints: Endpoints, sink_port: int) -> Iterator[Mapping[str, str]]:
    """The environment of a notification process, but for its ports."""
    with service_environs(servanda_endpoints, ["notification"]) as environs:
        yield {
            **environs["notification"],
            "SMTP_URL": f"smtp://127.0.0.1:{sink_port}",
            "MAIL_FROM": "Platform <no-reply@example.com>",
        }


@pytest.fixture
async def pool(environ: Mapping[str, str]) -> AsyncIterator[Pool]:
    async with await create_pool(environ["POSTGRES_DSN"]) as pool:
        yield pool


@pytest.fixture
async def publish(environ: Mapping[str, str]) -> AsyncIterator[Publish]:
    publisher = KafkaPublisher(environ["KAFKA_BOOTSTRAP_SERVERS"], environ["NAMESPACE"], topics_of(HEARD))
    yield publisher.publish
    await publisher.close()
