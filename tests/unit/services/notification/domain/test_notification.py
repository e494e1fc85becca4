from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.notification.domain.kind import NotificationKind
from services.notification.domain.notification import Cause, Notification, RetrySchedule
from services.notification.domain.recipient import Contact, Recipient

TIME = datetime(2026, 1, 2, tzinfo=UTC)
RECIPIENT = Recipient("u-1", Contact("ada@example.com", "Ada", "de"), TIME)
CAUSE = Cause("/plt/identity", "e-1")
SCHEDULE = RetrySchedule(timedelta(seconds=10), timedelta(seconds=60), timedelta(seconds=100))


def identifier(recipient: Recipient = RECIPIENT, cause: Cause = CAUSE) -> str:
    return Notification.of(NotificationKind.WELCOME, recipient, cause, {}, TIME).notification_id


def test_the_identifiers_of_all_times_are_these() -> None:
    # Fixed forever: a mail server knows mails by them.
    assert identifier() == "397c2650-6758-5c39-beb4-3d132c83dac2"


def test_the_same_event_has_the_same_identifier_whatever_the_address_is_by_then() -> None:
    assert identifier(Recipient("u-1", Contact("new@example.com", "Ada", ""), TIME)) == identifier()


def test_another_event_or_user_or_source_has_another_identifier() -> None:
    others = [
        identifier(cause=Cause("/plt/identity", "e-2")),
        identifier(cause=Cause("/plt/auth", "e-1")),
        identifier(Recipient("u-2", RECIPIENT.contact, TIME)),
    ]
    assert len({identifier(), *others}) == 4


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 10), (2, 20), (3, 40), (4, 60), (1000, 60)])
def test_each_wait_is_twice_the_one_before_up_to_the_longest(attempts: int, seconds: int) -> None:
    assert SCHEDULE.wait_after(attempts, timedelta()) == timedelta(seconds=seconds)


def test_what_would_be_too_old_is_not_tried_again() -> None:
    assert SCHEDULE.wait_after(1, timedelta(seconds=90)) == timedelta(seconds=10)
    assert SCHEDULE.wait_after(1, timedelta(seconds=91)) is None
