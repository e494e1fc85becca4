"""What notification needs of identity's and auth's events: driven through its own handler."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from pact import match

from platformkit.events import Record, decode
from servanda import Delivery, ObserveFor, PactWith, Transport
from services.notification.adapters.event_handlers import HEARD, follow_event
from services.notification.adapters.memory import MemoryStore
from services.notification.domain.kind import NotificationKind
from services.notification.domain.login_failures import Threshold
from services.notification.domain.recipient import Contact, Recipient
from tests.contract.consumer.test_audit import cause, headers
from tests.contract.consumer.test_audit_auth import headers_of_auth

# Nobody else's: events about the users of other interactions are heard at any time.
USER_ID = "7f1f0f6e-2b1c-4c5d-8e9f-0000000e0702"
EARLIER = datetime(2020, 1, 1, tzinfo=UTC)

Hear = Callable[[Delivery], Awaitable[MemoryStore]]


@pytest.fixture
def known() -> MemoryStore:
    """A store that knows the user, who can be told something."""
    store = MemoryStore()
    store.committed.recipients.rows[USER_ID] = Recipient(USER_ID, Contact("old@example.org", "Ada", ""), EARLIER)
    return store


@pytest.fixture
def hear(servanda_observe: ObserveFor, known: MemoryStore) -> Hear:
    """Store after the handler of notification has heard an event."""
    notification = servanda_observe("notification")
    notification.sends_nothing()

    async def heard(delivery: Delivery) -> MemoryStore:
        event = decode(Record(delivery.topic, delivery.key, delivery.value, delivery.headers), HEARD)
        observed = replace(event, message=notification(event.message, Transport.KAFKA))
        async with known.transaction() as transaction:
            await follow_event(Threshold(1, timedelta(hours=1)), transaction, observed)
        return known

    return heard


def told(store: MemoryStore) -> tuple[NotificationKind, str, Mapping[str, str]]:
    (notification,) = store.committed.notifications.rows.values()
    return notification.kind, notification.email, notification.facts


async def test_a_created_user_is_welcomed_in_its_language(pact_with: PactWith, hear: Hear) -> None:
    pact = pact_with("notification", "identity")
    (
        pact.upon_event("a user was created", "plt.identity.v1.UserCreated")
        .given(
            "a user was created",
            user_id=USER_ID,
            email="ada@notification.example.org",
            display_name="Ada",
            locale="de-AT",
            **cause("request-new"),
        )
        .with_key(USER_ID)
        .with_headers(headers("UserCreated", "request-new"))
        .with_payload(
            {
                "user": {
                    "user_id": USER_ID,
                    "email": "ada@notification.example.org",
                    "profile": {"display_name": "Ada", "locale": "de-AT"},
                }
            }
        )
    )
    with pact.deliver() as delivery:
        store = await hear(delivery)

    assert told(store) == (NotificationKind.WELCOME, "ada@notification.example.org", {"name": "Ada"})
    (notification,) = store.committed.notifications.rows.values()
    assert (notification.locale, notification.cause.request_id) == ("de-AT", "request-new")


async def test_a_created_user_is_welcomed_in_the_language_of_its_choice_that_mails_are_written_in(
    pact_with: PactWith, hear: Hear
) -> None:
    pact = pact_with("notification", "identity")
    (
        pact.upon_event("a user with several languages was created", "plt.identity.v1.UserCreated")
        .given("a user was created", user_id=USER_ID, languages=["fr", "de-AT"], **cause("request-languages"))
        .with_key(USER_ID)
        .with_headers(headers("UserCreated", "request-languages"))
        .with_payload(
            {
                "user": {
                    "user_id": USER_ID,
                    "email": match.str("ada@example.com"),
                    "profile": {"display_name": match.str("Ada"), "languages": ["fr", "de-AT"]},
                }
            }
        )
    )
    with pact.deliver() as delivery:
        store = await hear(delivery)

    (notification,) = store.committed.notifications.rows.values()
    assert notification.locale == "de-AT"


async def test_a_changed_user_is_reached_where_it_is_now(pact_with: PactWith, hear: Hear) -> None:
    pact = pact_with("notification", "identity")
    (
        pact.upon_event("a user was updated", "plt.identity.v1.UserUpdated")
        .given(
            "a user was updated",
            user_id=USER_ID,
            email="new@notification.example.org",
            display_name="Ada L.",
            **cause("request-moved"),
        )
        .with_key(USER_ID)
        .with_headers(headers("UserUpdated", "request-moved"))
        .with_payload(
            {
                "user": {
                    "user_id": USER_ID,
                    "email": "new@notification.example.org",
                    "profile": {"display_name": "Ada L."},
                }
            }
        )
    )
    with pact.deliver() as delivery:
        store = await hear(delivery)

    contact = store.committed.recipients.rows[USER_ID].contact
    assert contact == Contact("new@notification.example.org", "Ada L.", "")


async def test_a_deactivated_user_is_told_so(pact_with: PactWith, hear: Hear) -> None:
    pact = pact_with("notification", "identity")
    (
        pact.upon_event("a user was deactivated", "plt.identity.v1.UserDeactivated")
        .given("a user was deactivated", user_id=USER_ID, **cause("request-away"))
        .with_key(USER_ID)
        .with_headers(headers("UserDeactivated", "request-away"))
        .with_payload({"user_id": USER_ID})
    )
    with pact.deliver() as delivery:
        store = await hear(delivery)

    assert told(store)[:2] == (NotificationKind.DEACTIVATED, "old@example.org")


async def test_failed_logins_are_told_with_where_they_came_from(pact_with: PactWith, hear: Hear) -> None:
    pact = pact_with("notification", "auth")
    (
        pact.upon_event("a login failed", "plt.auth.v1.LoginFailed")
        .given("a login failed", user_id=USER_ID, failures=1, address="192.0.2.1", **cause("request-wrong"))
        .with_key(USER_ID)
        .with_headers(headers_of_auth("LoginFailed", "request-wrong"))
        .with_payload({"account_key": match.str(USER_ID), "user_id": USER_ID, "address": "192.0.2.1"})
    )
    with pact.deliver() as delivery:
        store = await hear(delivery)

    kind, _, facts = told(store)
    assert (kind, facts["address"]) == (NotificationKind.LOGIN_FAILURES, "192.0.2.1")


async def test_a_changed_password_is_told(pact_with: PactWith, hear: Hear) -> None:
    pact = pact_with("notification", "auth")
    (
        pact.upon_event("a password was changed", "plt.auth.v1.PasswordChanged")
        .given("a password was changed", user_id=USER_ID, **cause("request-secret"))
        .with_key(USER_ID)
        .with_headers(headers_of_auth("PasswordChanged", "request-secret"))
        .with_payload({"user_id": USER_ID})
    )
    with pact.deliver() as delivery:
        store = await hear(delivery)

    assert told(store)[0] is NotificationKind.PASSWORD_CHANGED
