"""The store in PostgreSQL follows the rules of the fake that unit tests use."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from platformkit.events import Pool
from platformkit.service import Cursor
from services.notification.adapters.memory import MemoryStore
from services.notification.adapters.repository import PostgresStore
from services.notification.domain.kind import NotificationKind
from services.notification.domain.login_failures import LoginFailures
from services.notification.domain.notification import Cause, Notification, NotificationStatus
from services.notification.domain.recipient import Contact, Preferences, Recipient
from services.notification.use_cases.list_notifications import ListNotifications
from services.notification.use_cases.ports import Lease, Store
from tests.integration.services.notification.happenings import user_id_of

TIME = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
USER_ID = user_id_of(1)
MUTED = frozenset({NotificationKind.WELCOME, NotificationKind.DEACTIVATED})
RECIPIENT = Recipient(
    USER_ID, Contact("ada@example.com", "Ada", "de"), TIME, preferences=Preferences("en", MUTED, 3, TIME)
)
CAUSE = Cause("/plt/identity", "e-1", "r-1", "parent", "state")
HOUR = timedelta(hours=1)
NOTHING = timedelta()


@pytest.fixture(params=["memory", "postgres"])
def store(request: pytest.FixtureRequest, pool: Pool) -> Store:
    return MemoryStore() if request.param == "memory" else PostgresStore(pool)


def notification(number: int = 1) -> Notification:
    # Two and two at the same moment, so that the time alone orders nothing.
    moment, cause = TIME + timedelta(seconds=number // 2), replace(CAUSE, event_id=f"e-{number}")
    return Notification.of(NotificationKind.PASSWORD_CHANGED, RECIPIENT, cause, {"time": "t"}, moment)


async def add(store: Store, *added: Notification) -> None:
    async with store.transaction() as transaction:
        await transaction.recipients.save(RECIPIENT)
        for one in added:
            await transaction.notifications.add(one)


async def lease(store: Store, duration: timedelta = HOUR) -> Lease:
    async with store.transaction() as transaction:
        found = await transaction.notifications.lease(duration)
    assert found is not None
    return found


async def only(store: Store) -> Notification:
    (found,) = (await ListNotifications(store)(USER_ID, None, None, 10)).items
    return found


async def test_a_recipient_is_read_as_it_was_stored_last(store: Store) -> None:
    async with store.transaction() as transaction:
        await transaction.recipients.save(Recipient(USER_ID, Contact("old@example.com", "", ""), TIME))
        await transaction.recipients.save(RECIPIENT.deactivated())
        assert await transaction.recipients.find(USER_ID) == RECIPIENT.deactivated()
        assert await transaction.recipients.find_for_change(USER_ID) == RECIPIENT.deactivated()
        assert await transaction.recipients.find(user_id_of(2)) is None


async def test_failures_are_read_as_they_were_stored_and_forgotten_when_they_are_old(store: Store) -> None:
    failures = LoginFailures((TIME, TIME + timedelta(seconds=1)), TIME)
    async with store.transaction() as transaction:
        assert await transaction.failures.find_for_change(USER_ID) == LoginFailures()
        await transaction.failures.save(USER_ID, failures)
    async with store.transaction() as transaction:
        assert await transaction.failures.find_for_change(USER_ID) == failures
        await transaction.failures.forget(await transaction.now() + HOUR)
        assert await transaction.failures.find_for_change(USER_ID) == LoginFailures()


async def test_a_notification_is_read_as_it_was_stored_and_stays_as_it_is(store: Store) -> None:
    await add(store, notification())
    await add(store, replace(notification(), email="other@example.com"))
    assert await only(store) == notification()


async def test_pages_give_each_notification_once_the_latest_first(store: Store) -> None:
    stored = [notification(number) for number in range(7)]
    await add(store, *stored)
    seen: list[Notification] = []
    after: Cursor | None = None
    while not seen or after is not None:
        page = await ListNotifications(store)(USER_ID, None, after, 3)
        seen += page.items
        after = page.next
    assert seen == sorted(stored, key=lambda one: (one.create_time, one.notification_id), reverse=True)


async def test_a_lease_is_for_one_and_counts_an_attempt(store: Store) -> None:
    await add(store, notification())
    assert (await lease(store)).notification == replace(notification(), attempts=1)
    async with store.transaction() as transaction:
        assert await transaction.notifications.lease(HOUR) is None


async def test_a_lease_that_is_over_is_another_one_for_the_next(store: Store) -> None:
    await add(store, notification())
    first, second = await lease(store, NOTHING), await lease(store)
    assert first.number != second.number
    async with store.transaction() as transaction:
        for late in (
            transaction.notifications.failed(first, "no"),
            transaction.notifications.postpone(first, NOTHING, "later"),
            transaction.notifications.release(first),
        ):
            await late
    found = await only(store)
    assert (found.status, found.failure, found.attempts) == (NotificationStatus.PENDING, "", 2)


async def test_a_mail_that_was_taken_is_sent_whoever_has_the_lease(store: Store) -> None:
    await add(store, notification())
    first, _ = await lease(store, NOTHING), await lease(store)
    async with store.transaction() as transaction:
        await transaction.notifications.sent(first)
    found = await only(store)
    assert (found.status, found.send_time is not None) == (NotificationStatus.SENT, True)


async def test_what_failed_says_why_and_is_not_due(store: Store) -> None:
    await add(store, notification())
    held = await lease(store)
    async with store.transaction() as transaction:
        await transaction.notifications.failed(held, "550: no such user")
        assert await transaction.notifications.lease(HOUR) is None
    found = await only(store)
    assert (found.status, found.failure) == (NotificationStatus.FAILED, "550: no such user")


async def test_what_is_postponed_is_due_later_and_what_is_released_at_once(store: Store) -> None:
    await add(store, notification())
    held = await lease(store)
    async with store.transaction() as transaction:
        await transaction.notifications.release(held)
    held = await lease(store)
    assert held.notification.attempts == 1
    async with store.transaction() as transaction:
        await transaction.notifications.postpone(held, HOUR, "451: later")
        assert await transaction.notifications.lease(HOUR) is None
    assert (await only(store)).failure == "451: later"


async def test_what_is_done_is_forgotten_when_it_is_old_and_what_is_pending_is_not(store: Store) -> None:
    await add(store, notification(1), notification(3))
    held = await lease(store)
    async with store.transaction() as transaction:
        await transaction.notifications.sent(held)
        await transaction.notifications.forget(TIME + HOUR)
    assert (await only(store)).status is NotificationStatus.PENDING


async def test_what_a_failed_transaction_stored_is_gone(store: Store) -> None:
    async def fail() -> None:
        async with store.transaction() as transaction:
            await transaction.notifications.add(notification(1))
            raise ZeroDivisionError

    await add(store)
    with pytest.raises(ZeroDivisionError):
        await fail()
    assert list((await ListNotifications(store)(USER_ID, None, None, 10)).items) == []


async def test_what_a_server_says_is_kept_as_one_line(pool: Pool) -> None:
    store = PostgresStore(pool)
    await add(store, notification())
    held = await lease(store)
    async with store.transaction() as transaction:
        await transaction.notifications.failed(held, "550: no\0such\r\nuser " + "!" * 1000)
    failure = (await only(store)).failure
    assert failure.startswith("550: no such user !!!")
    assert len(failure) == 500
