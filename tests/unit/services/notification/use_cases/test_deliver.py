from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.notification.adapters.memory import MemoryMailer, MemoryStore
from services.notification.domain.kind import NotificationKind
from services.notification.domain.notification import Cause, Notification, NotificationStatus, RetrySchedule
from services.notification.domain.recipient import Contact, Recipient
from services.notification.use_cases.deliver import Attempt, Deliver, Outcome
from services.notification.use_cases.ports import (
    Lease,
    MailDelayedError,
    MailRefusedError,
    MailServerUnavailableError,
)

LEASE = timedelta(seconds=60)
SCHEDULE = RetrySchedule(timedelta(seconds=10), timedelta(seconds=60), timedelta(seconds=100))
RECIPIENT = Recipient("u-1", Contact("ada@example.com", "Ada", ""), datetime(2026, 1, 2, tzinfo=UTC))


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def mailer() -> MemoryMailer:
    return MemoryMailer()


@pytest.fixture
def deliver(store: MemoryStore, mailer: MemoryMailer) -> Deliver:
    return Deliver(store, mailer, LEASE, SCHEDULE)


async def decide_on(store: MemoryStore, event_id: str = "e-1") -> None:
    cause = Cause("/plt/identity", event_id)
    async with store.transaction() as transaction:
        now = await transaction.now()
        notification = Notification.of(NotificationKind.WELCOME, RECIPIENT, cause, {}, now)
        await transaction.notifications.add(notification)


async def leased(deliver: Deliver) -> Lease:
    lease = await deliver.take()
    assert lease is not None
    return lease


def only(store: MemoryStore) -> Notification:
    (notification,) = store.committed.notifications.rows.values()
    return notification


async def test_a_mail_that_the_server_took_is_sent_and_not_due_any_more(
    deliver: Deliver, store: MemoryStore, mailer: MemoryMailer
) -> None:
    await decide_on(store)
    assert await deliver.attempt(await leased(deliver)) == Attempt(Outcome.SENT)
    store.clock.pass_by(timedelta(days=1))
    assert await deliver.take() is None
    assert (only(store).status, only(store).attempts, len(mailer.sent)) == (NotificationStatus.SENT, 1, 1)


async def test_nobody_else_gets_a_mail_while_its_lease_lasts(deliver: Deliver, store: MemoryStore) -> None:
    await decide_on(store)
    await leased(deliver)
    store.clock.pass_by(LEASE - timedelta(seconds=1))
    assert await deliver.take() is None


async def test_what_somebody_took_and_never_finished_is_due_again_when_the_lease_is_over(
    deliver: Deliver, store: MemoryStore
) -> None:
    await decide_on(store)
    first = await leased(deliver)
    store.clock.pass_by(LEASE)
    second = await leased(deliver)
    assert first.notification.notification_id == second.notification.notification_id
    assert second.notification.attempts == 2


async def test_a_mail_that_the_server_refuses_for_good_has_failed(
    deliver: Deliver, store: MemoryStore, mailer: MemoryMailer
) -> None:
    await decide_on(store)
    mailer.trouble = MailRefusedError("550: no such user")
    assert await deliver.attempt(await leased(deliver)) == Attempt(Outcome.FAILED, "550: no such user")
    store.clock.pass_by(timedelta(days=1))
    assert await deliver.take() is None
    assert (only(store).status, only(store).failure) == (NotificationStatus.FAILED, "550: no such user")


async def test_a_mail_that_the_server_does_not_take_now_waits_longer_each_time(
    deliver: Deliver, store: MemoryStore, mailer: MemoryMailer
) -> None:
    await decide_on(store)
    mailer.trouble = MailDelayedError("451: later")
    for seconds in (10, 20, 40):
        assert await deliver.attempt(await leased(deliver)) == Attempt(Outcome.POSTPONED, "451: later")
        store.clock.pass_by(timedelta(seconds=seconds - 1))
        assert await deliver.take() is None
        store.clock.pass_by(timedelta(seconds=1))
    mailer.trouble = None
    assert await deliver.attempt(await leased(deliver)) == Attempt(Outcome.SENT)
    assert (only(store).failure, only(store).attempts) == ("", 4)


async def test_a_mail_that_is_too_old_is_given_up_and_says_why(
    deliver: Deliver, store: MemoryStore, mailer: MemoryMailer
) -> None:
    await decide_on(store)
    store.clock.pass_by(SCHEDULE.give_up)
    mailer.trouble = MailDelayedError("451: later")
    assert await deliver.attempt(await leased(deliver)) == Attempt(Outcome.FAILED, "451: later")
    assert only(store).status is NotificationStatus.FAILED


async def test_while_the_server_is_away_a_mail_keeps_its_turn_however_old_it_is(
    deliver: Deliver, store: MemoryStore, mailer: MemoryMailer
) -> None:
    await decide_on(store)
    store.clock.pass_by(timedelta(days=30))
    mailer.trouble = MailServerUnavailableError("nobody listens")
    with pytest.raises(MailServerUnavailableError):
        await deliver.attempt(await leased(deliver))
    assert (only(store).status, only(store).attempts) == (NotificationStatus.PENDING, 0)
    assert await deliver.take() is not None


async def test_who_comes_too_late_changes_nothing_of_what_others_do_by_then(
    deliver: Deliver, store: MemoryStore, mailer: MemoryMailer
) -> None:
    await decide_on(store)
    late = await leased(deliver)
    store.clock.pass_by(LEASE)
    current = await leased(deliver)
    mailer.trouble = MailRefusedError("550: no such user")
    await deliver.attempt(late)
    assert only(store).status is NotificationStatus.PENDING
    mailer.trouble = None
    await deliver.attempt(current)
    assert only(store).status is NotificationStatus.SENT


async def test_a_mail_that_was_taken_is_sent_even_if_the_lease_is_over(
    deliver: Deliver, store: MemoryStore, mailer: MemoryMailer
) -> None:
    await decide_on(store)
    late = await leased(deliver)
    store.clock.pass_by(LEASE)
    await leased(deliver)
    await deliver.attempt(late)
    assert only(store).status is NotificationStatus.SENT


async def test_the_one_that_is_due_for_longest_is_first(deliver: Deliver, store: MemoryStore) -> None:
    for event_id in ("e-1", "e-2"):
        await decide_on(store, event_id)
        store.clock.pass_by(timedelta(seconds=1))
    assert (await leased(deliver)).notification.cause.event_id == "e-1"
    assert (await leased(deliver)).notification.cause.event_id == "e-2"
