from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from platformkit.context import current
from services.notification.adapters.memory import MemoryMailer, MemoryStore
from services.notification.adapters.sender import Sender
from services.notification.domain.kind import NotificationKind
from services.notification.domain.notification import Cause, Notification, NotificationStatus, RetrySchedule
from services.notification.domain.recipient import Contact, Recipient
from services.notification.use_cases.deliver import Deliver
from services.notification.use_cases.ports import MailServerUnavailableError

SCHEDULE = RetrySchedule(timedelta(seconds=10), timedelta(seconds=60), timedelta(seconds=100))
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class SlowMailer(MemoryMailer):
    """Hands over when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.go_on = asyncio.Event(), asyncio.Event()
        self.contexts: list[tuple[str, str]] = []

    async def send(self, notification: Notification) -> None:
        trace = current().trace
        self.contexts.append((current().request_id, trace.parent if trace else ""))
        self.begun.set()
        await self.go_on.wait()
        await super().send(notification)


async def store_with_one() -> MemoryStore:
    store = MemoryStore()
    recipient = Recipient("u-1", Contact("ada@example.com", "Ada", ""), store.clock.time)
    cause = Cause("/plt/identity", "e-1", "request-1", PARENT)
    async with store.transaction() as transaction:
        notification = Notification.of(NotificationKind.WELCOME, recipient, cause, {}, store.clock.time)
        await transaction.notifications.add(notification)
    return store


def sender(store: MemoryStore, mailer: MemoryMailer, sleeps: list[float] | None = None) -> Sender:
    async def sleep(seconds: float) -> None:
        (sleeps if sleeps is not None else []).append(seconds)
        await asyncio.sleep(0)

    return Sender(Deliver(store, mailer, timedelta(seconds=60), SCHEDULE), mailer, sleep)


def status(store: MemoryStore) -> NotificationStatus:
    (notification,) = store.committed.notifications.rows.values()
    return notification.status


async def turns(count: int) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def test_a_mail_that_is_being_handed_over_is_finished_before_the_end() -> None:
    store, mailer = await store_with_one(), SlowMailer()
    task = asyncio.create_task(sender(store, mailer).run())
    await mailer.begun.wait()
    # A server that stops cancels more than once.
    for _ in range(3):
        task.cancel()
        await turns(5)
    assert not task.done()
    mailer.go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (status(store), len(mailer.sent)) == (NotificationStatus.SENT, 1)


async def test_an_error_on_the_way_out_does_not_keep_a_sender_alive() -> None:
    store, mailer = await store_with_one(), SlowMailer()
    task = asyncio.create_task(sender(store, mailer).run())
    await mailer.begun.wait()
    task.cancel()
    await turns(5)
    mailer.trouble = MailServerUnavailableError("nobody listens")
    mailer.go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert status(store) is NotificationStatus.PENDING


async def test_a_mail_is_sent_in_the_context_of_what_caused_it() -> None:
    store, mailer = await store_with_one(), SlowMailer()
    task = asyncio.create_task(sender(store, mailer).run())
    await mailer.begun.wait()
    mailer.go_on.set()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert mailer.contexts == [("request-1", PARENT)]


async def test_a_sender_waits_longer_and_longer_while_the_server_is_away_and_sends_afterwards() -> None:
    store, mailer, sleeps = await store_with_one(), MemoryMailer(), list[float]()
    mailer.trouble = MailServerUnavailableError("nobody listens")
    task = asyncio.create_task(sender(store, mailer, sleeps).run())
    await turns(40)
    assert len(sleeps) > 5
    assert max(sleeps) > 8 * sleeps[0]
    mailer.trouble = None
    await turns(40)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert status(store) is NotificationStatus.SENT


async def test_a_sender_goes_on_when_the_store_was_away() -> None:
    store, mailer = await store_with_one(), MemoryMailer()
    store.available = False
    task = asyncio.create_task(sender(store, mailer).run())
    await turns(20)
    store.available = True
    await turns(40)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert status(store) is NotificationStatus.SENT
    # Nobody waits at an open connection for mails that may never come.
    assert mailer.closed > 0
