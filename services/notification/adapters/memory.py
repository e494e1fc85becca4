"""Fakes of what the use cases need: the rules of the real adapters without their stores, for unit tests only."""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from platformkit.service import Cursor, StoreUnavailableError
from services.notification.domain.login_failures import LoginFailures
from services.notification.domain.notification import Notification, NotificationStatus
from services.notification.domain.recipient import Recipient
from services.notification.use_cases.ports import Lease


@dataclass(slots=True)
class MemoryClock:
    """Time of a store, set by hand."""

    time: datetime = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

    def pass_by(self, duration: timedelta) -> None:
        """Let time go by."""
        self.time += duration


@dataclass(slots=True)
class MemoryRecipients:
    """`Recipients` in a dictionary."""

    rows: dict[str, Recipient] = field(default_factory=dict)

    async def find(self, user_id: str) -> Recipient | None:
        """See `Recipients`."""
        return self.rows.get(user_id)

    async def find_for_change(self, user_id: str) -> Recipient | None:
        """See `Recipients`; nothing is locked, so only transactions that follow each other are told apart."""
        return self.rows.get(user_id)

    async def save(self, recipient: Recipient) -> None:
        """See `Recipients`."""
        self.rows[recipient.user_id] = recipient


@dataclass(slots=True)
class MemoryFailures:
    """`FailureLog` in a dictionary."""

    clock: MemoryClock
    rows: dict[str, tuple[LoginFailures, datetime]] = field(default_factory=dict)

    async def find_for_change(self, user_id: str) -> LoginFailures:
        """See `FailureLog`."""
        return self.rows.get(user_id, (LoginFailures(), self.clock.time))[0]

    async def save(self, user_id: str, failures: LoginFailures) -> None:
        """See `FailureLog`."""
        self.rows[user_id] = failures, self.clock.time

    async def forget(self, before: datetime) -> None:
        """See `FailureLog`."""
        self.rows = {user_id: row for user_id, row in self.rows.items() if row[1] >= before}


@dataclass(slots=True)
class MemoryNotifications:
    """`Notifications` in dictionaries: what they are, when they are due, and the lease that each is under."""

    clock: MemoryClock
    rows: dict[str, Notification] = field(default_factory=dict)
    due: dict[str, datetime] = field(default_factory=dict)
    leases: dict[str, int] = field(default_factory=dict)
    leased: int = 0

    async def add(self, notification: Notification) -> None:
        """See `Notifications`."""
        if notification.notification_id not in self.rows:
            self.rows[notification.notification_id] = notification
            self.due[notification.notification_id] = self.clock.time

    async def page(
        self, user_id: str, status: NotificationStatus | None, after: Cursor | None, limit: int
    ) -> Sequence[Notification]:
        """See `Notifications`."""
        end = (after.time, after.id) if after else None
        latest_first = sorted(self.rows.values(), key=_position, reverse=True)
        own = [one for one in latest_first if one.user_id == user_id and status in {None, one.status}]
        return [one for one in own if end is None or _position(one) < end][:limit]

    async def lease(self, duration: timedelta) -> Lease | None:
        """See `Notifications`."""
        pending = [key for key, one in self.rows.items() if one.status is NotificationStatus.PENDING]
        due = sorted((self.due[key], key) for key in pending if self.due[key] <= self.clock.time)
        if not due:
            return None
        key, self.leased = due[0][1], self.leased + 1
        self.due[key], self.leases[key] = self.clock.time + duration, self.leased
        self.rows[key] = replace(self.rows[key], attempts=self.rows[key].attempts + 1)
        return Lease(self.leased, self.rows[key])

    async def sent(self, lease: Lease) -> None:
        """See `Notifications`."""
        key = lease.notification.notification_id
        if self.rows[key].status is NotificationStatus.PENDING:
            self.leases.pop(key, None)
            sent = NotificationStatus.SENT
            self.rows[key] = replace(self.rows[key], status=sent, send_time=self.clock.time, failure="")

    async def failed(self, lease: Lease, failure: str) -> None:
        """See `Notifications`."""
        if key := self._ended(lease):
            self.rows[key] = replace(self.rows[key], status=NotificationStatus.FAILED, failure=failure)

    async def postpone(self, lease: Lease, wait: timedelta, failure: str) -> None:
        """See `Notifications`."""
        if key := self._ended(lease):
            self.rows[key] = replace(self.rows[key], failure=failure)
            self.due[key] = self.clock.time + wait

    async def release(self, lease: Lease) -> None:
        """See `Notifications`."""
        if key := self._ended(lease):
            self.rows[key] = replace(self.rows[key], attempts=self.rows[key].attempts - 1)
            self.due[key] = self.clock.time

    async def forget(self, before: datetime) -> None:
        """See `Notifications`."""
        pending = NotificationStatus.PENDING
        self.rows = {key: one for key, one in self.rows.items() if one.status is pending or one.create_time >= before}

    def _ended(self, lease: Lease) -> str:
        key = lease.notification.notification_id
        if self.leases.get(key) != lease.number:
            return ""
        del self.leases[key]
        return key


@dataclass(frozen=True, slots=True)
class MemoryTransaction:
    """`Transaction` on what the store holds."""

    clock: MemoryClock
    recipients: MemoryRecipients
    failures: MemoryFailures
    notifications: MemoryNotifications

    async def now(self) -> datetime:
        """See `Transaction`."""
        return self.clock.time


class MemoryStore:
    """`Store` in this process.

    Attributes:
        clock: Its time.
        available: False takes the store away.
        committed: What it holds.
    """

    def __init__(self) -> None:
        self.clock = MemoryClock()
        self.available = True
        self.committed = MemoryTransaction(
            self.clock, MemoryRecipients(), MemoryFailures(self.clock), MemoryNotifications(self.clock)
        )

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[MemoryTransaction]:
        """See `Store`."""
        if not self.available:
            raise StoreUnavailableError("the store was made unavailable")
        # All copies share the one clock.
        working = copy.deepcopy(self.committed, {id(self.clock): self.clock})
        yield working
        self.committed = working


@dataclass(slots=True)
class MemoryMailer:
    """`Mailer` that keeps what it is given; ``trouble`` is raised instead."""

    sent: list[Notification] = field(default_factory=list)
    trouble: Exception | None = None
    closed: int = 0

    async def send(self, notification: Notification) -> None:
        """See `Mailer`."""
        if self.trouble is not None:
            raise self.trouble
        self.sent.append(notification)

    async def close(self) -> None:
        """See `Mailer`."""
        self.closed += 1


def _position(notification: Notification) -> tuple[datetime, str]:
    return notification.create_time, notification.notification_id
