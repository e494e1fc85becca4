from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from google.protobuf.message import Message
from plt.auth.v1 import events_pb2 as auth_events
from plt.identity.v1 import events_pb2, identity_pb2

from platformkit.context import trace_of
from platformkit.events import Event, decode, encode
from services.notification.adapters.event_handlers import HEARD, follow_event
from services.notification.adapters.memory import MemoryStore
from services.notification.domain.errors import InvalidFieldError, RecipientUnknownError
from services.notification.domain.kind import NotificationKind
from services.notification.domain.login_failures import Threshold
from services.notification.domain.recipient import PreferenceChanges

TIME = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
USER_ID = "7f1f0f6e-2b1c-4c5d-8e9f-000000000001"
PROFILE = identity_pb2.Profile(display_name="Ada", locale="de")
USER = identity_pb2.User(user_id=USER_ID, email="ada@example.com", profile=PROFILE)
CREATED = events_pb2.UserCreated(user=USER)
DEACTIVATED = events_pb2.UserDeactivated(user_id=USER_ID)
CHANGED = auth_events.PasswordChanged(user_id=USER_ID)
FAILED = auth_events.LoginFailed(account_key=USER_ID, user_id=USER_ID, address="192.0.2.1")
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


async def hear(store: MemoryStore, *messages: Message) -> None:
    """Events, a second apart."""
    for number, message in enumerate(messages):
        time = TIME + timedelta(seconds=number)
        record = encode(message, event_id=f"e-{number}", time=time, request_id="r-1", trace=trace_of(PARENT))
        await follow(store, decode(record, HEARD))


async def follow(store: MemoryStore, event: Event) -> None:
    async with store.transaction() as transaction:
        await follow_event(Threshold(3, timedelta(hours=1)), transaction, event)


def told(store: MemoryStore) -> list[tuple[NotificationKind, str]]:
    return [(one.kind, one.cause.event_id) for one in store.committed.notifications.rows.values()]


async def test_each_event_that_is_told_is_one_notification(store: MemoryStore) -> None:
    await hear(store, CREATED, CHANGED, FAILED, FAILED, FAILED, DEACTIVATED)
    assert told(store) == [
        (NotificationKind.WELCOME, "e-0"),
        (NotificationKind.PASSWORD_CHANGED, "e-1"),
        (NotificationKind.LOGIN_FAILURES, "e-4"),
        (NotificationKind.DEACTIVATED, "e-5"),
    ]


async def test_a_notification_knows_the_request_and_the_trace_that_caused_it(store: MemoryStore) -> None:
    await hear(store, CREATED)
    (notification,) = store.committed.notifications.rows.values()
    assert (notification.cause.request_id, notification.cause.trace_parent) == ("r-1", PARENT)


async def test_the_same_event_again_is_no_second_notification(store: MemoryStore) -> None:
    await hear(store, CREATED)
    await hear(store, CREATED)
    assert told(store) == [(NotificationKind.WELCOME, "e-0")]


async def test_mails_go_to_the_address_that_identity_told_last(store: MemoryStore) -> None:
    moved = identity_pb2.User(user_id=USER_ID, email="new@example.com", profile=PROFILE)
    await hear(store, CREATED, events_pb2.UserUpdated(user=moved), CHANGED)
    emails = [one.email for one in store.committed.notifications.rows.values()]
    assert emails == ["ada@example.com", "new@example.com"]


async def test_a_user_of_whom_only_a_change_was_heard_is_known_from_then_on(store: MemoryStore) -> None:
    await hear(store, events_pb2.UserUpdated(user=USER), CHANGED)
    assert told(store) == [(NotificationKind.PASSWORD_CHANGED, "e-1")]


async def test_a_deactivated_user_is_told_nothing_any_more(store: MemoryStore) -> None:
    await hear(store, CREATED, DEACTIVATED, CHANGED, FAILED, FAILED, FAILED, DEACTIVATED)
    assert told(store) == [(NotificationKind.WELCOME, "e-0"), (NotificationKind.DEACTIVATED, "e-1")]


async def test_a_kind_that_is_muted_is_not_told(store: MemoryStore) -> None:
    await hear(store, CREATED)
    recipients = store.committed.recipients.rows
    muted = PreferenceChanges(muted=frozenset({NotificationKind.PASSWORD_CHANGED}))
    recipients[USER_ID] = recipients[USER_ID].changed(muted, "", TIME)
    await hear(store, CREATED, CHANGED)
    assert told(store) == [(NotificationKind.WELCOME, "e-0")]


async def test_failed_logins_with_an_address_that_nobody_has_are_told_nobody(store: MemoryStore) -> None:
    await hear(store, *[auth_events.LoginFailed(account_key="digest")] * 5)
    assert told(store) == []


async def test_a_failed_login_of_a_user_who_is_unknown_yet_counts(store: MemoryStore) -> None:
    await hear(store, FAILED, FAILED, CREATED, FAILED)
    assert told(store) == [(NotificationKind.WELCOME, "e-2"), (NotificationKind.LOGIN_FAILURES, "e-3")]


@pytest.mark.parametrize("message", [CHANGED, DEACTIVATED], ids=["password", "deactivation"])
async def test_what_is_to_be_told_to_an_unknown_user_is_tried_again_later(store: MemoryStore, message: Message) -> None:
    with pytest.raises(RecipientUnknownError):
        await hear(store, message)


async def test_failures_of_an_unknown_user_that_are_worth_a_mail_are_tried_again_as_a_whole(
    store: MemoryStore,
) -> None:
    with pytest.raises(RecipientUnknownError):
        await hear(store, FAILED, FAILED, FAILED)
    await hear(store, CREATED, FAILED)
    assert told(store)[1] == (NotificationKind.LOGIN_FAILURES, "e-1")


@pytest.mark.parametrize(
    "user",
    [
        identity_pb2.User(user_id="nobody", email="ada@example.com"),
        identity_pb2.User(user_id=USER_ID, email="ada@example.com\r\nBcc: eve@example.com"),
    ],
    ids=["no identifier", "no address"],
)
async def test_an_event_that_no_mail_can_be_made_of_is_refused(store: MemoryStore, user: identity_pb2.User) -> None:
    with pytest.raises(InvalidFieldError):
        await hear(store, events_pb2.UserCreated(user=user))


@pytest.mark.parametrize(
    ("profile", "locale"),
    [
        pytest.param({"locale": "fr", "languages": ["fr", "de", "en"]}, "de", id="the first that mails are written in"),
        pytest.param({"locale": "fr", "languages": ["fr"]}, "fr", id="none of them is one"),
        pytest.param({"locale": "de"}, "de", id="an event of a version that tells of one"),
        pytest.param({}, "", id="none"),
    ],
)
async def test_the_language_of_mails_is_the_preferred_one_that_there_are_templates_in(
    store: MemoryStore, profile: Mapping[str, Any], locale: str
) -> None:
    user = identity_pb2.User(user_id=USER_ID, email="ada@example.com", profile=identity_pb2.Profile(**profile))
    await hear(store, events_pb2.UserCreated(user=user))
    assert store.committed.recipients.rows[USER_ID].contact.locale == locale
