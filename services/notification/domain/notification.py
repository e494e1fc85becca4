"""Notifications: one mail for each event that a user is told of, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from uuid import UUID, uuid5

from services.notification.domain.kind import NotificationKind
from services.notification.domain.recipient import Recipient

# Fixed forever: the identifiers of all notifications, and with them the Message-IDs, hang on it.
NOTIFICATION_IDS = UUID("5d7b6c0e-1f6a-5b8f-9d0a-6e0f4a3c2b19")


class NotificationStatus(Enum):
    """State of a notification."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Cause:
    """Event that a notification tells of.

    Attributes:
        source: Who told of it.
        event_id: Identifier of the event; unique within its source.
        request_id: Request that caused it; empty if unknown.
        trace_parent: Its place in a distributed trace, a ``traceparent``; empty if unknown.
        trace_state: Value of ``tracestate``; may be empty.
    """

    source: str
    event_id: str
    request_id: str = ""
    trace_parent: str = ""
    trace_state: str = ""


@dataclass(frozen=True, slots=True)
class Notification:
    """One mail to a user.

    Attributes:
        notification_id: Identifier, a UUID; the same for the same event and user, whenever it is decided to send it.
        user_id: User whom it is for.
        email: Address at the time of the event.
        locale: Language tag to write it in.
        kind: What it tells.
        facts: Values for the templates.
        cause: Event that it tells of.
        create_time: When it was decided to send it; aware.
        status: What has become of it.
        attempts: How often it was tried to hand it over.
        send_time: When the mail server took it; None if it has not.
        failure: Why the last attempt failed; empty if none did.
    """

    notification_id: str
    user_id: str
    email: str
    locale: str
    kind: NotificationKind
    facts: Mapping[str, str]
    cause: Cause
    create_time: datetime
    status: NotificationStatus = NotificationStatus.PENDING
    attempts: int = 0
    send_time: datetime | None = None
    failure: str = field(default="")

    @classmethod
    def of(
        cls, kind: NotificationKind, recipient: Recipient, cause: Cause, facts: Mapping[str, str], now: datetime
    ) -> Notification:
        """Return the notification that tells a recipient of an event."""
        name = f"{cause.source}\n{cause.event_id}\n{recipient.user_id}"
        return cls(
            notification_id=str(uuid5(NOTIFICATION_IDS, name)),
            user_id=recipient.user_id,
            email=recipient.contact.email,
            locale=recipient.locale,
            kind=kind,
            facts={"name": recipient.contact.display_name, **facts},
            cause=cause,
            create_time=now,
        )


@dataclass(frozen=True, slots=True)
class RetrySchedule:
    """Waits between attempts to hand a mail over.

    Attributes:
        first: Wait after the first attempt; it doubles with each one.
        longest: Wait at most.
        give_up: Age of a notification at which no further attempt is made.
    """

    first: timedelta
    longest: timedelta
    give_up: timedelta

    def wait_after(self, attempts: int, age: timedelta) -> timedelta | None:
        """Return how long to wait after so many attempts; None if the notification is too old to be tried again."""
        # Beyond this many doublings every wait is the longest one.
        wait = min(self.first * 2 ** min(attempts - 1, 30), self.longest)
        return wait if age + wait <= self.give_up else None
