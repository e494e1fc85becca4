"""The notifications in PostgreSQL, schema notification."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

import asyncpg

from platformkit.events import Connection
from platformkit.service import Cursor
from services.notification.domain.kind import NotificationKind
from services.notification.domain.notification import Cause, Notification, NotificationStatus
from services.notification.use_cases.ports import Lease

COLUMNS = """
    notification_id, user_id, email, locale, kind, facts, source, event_id, request_id, trace_parent, trace_state,
    create_time, status, attempts, send_time, failure
"""

ADD = f"""
    INSERT INTO notifications ({COLUMNS}, due_time)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, clock_timestamp())
    ON CONFLICT (notification_id) DO NOTHING
"""  # noqa: S608 - constants only

PAGE = f"""
    SELECT {COLUMNS} FROM notifications
    WHERE user_id = $1
      AND ($2::text IS NULL OR status = $2)
      AND ($3::timestamptz IS NULL OR (create_time, notification_id) < ($3, $4::uuid))
    ORDER BY create_time DESC, notification_id DESC
    LIMIT $5
"""  # noqa: S608 - constants only

LEASE = f"""
    UPDATE notifications
    SET due_time = clock_timestamp() + $1::interval, lease_number = nextval('lease_numbers'), attempts = attempts + 1
    WHERE notification_id = (
        SELECT notification_id FROM notifications
        WHERE status = 'pending' AND due_time <= clock_timestamp()
        ORDER BY due_time
        LIMIT 1
        FOR UPDATE SKIP LOCKED
    )
    RETURNING lease_number, {COLUMNS}
"""  # noqa: S608 - constants only

# Whoever has the lease by now: the mail server took the mail, and there is nothing left to do.
SENT = """
    UPDATE notifications
    SET status = 'sent', send_time = clock_timestamp(), failure = '', lease_number = NULL
    WHERE notification_id = $1 AND status = 'pending'
"""

FAILED = """
    UPDATE notifications
    SET status = 'failed', failure = $3, lease_number = NULL
    WHERE notification_id = $1 AND lease_number = $2
"""

POSTPONE = """
    UPDATE notifications
    SET due_time = clock_timestamp() + $4::interval, failure = $3, lease_number = NULL
    WHERE notification_id = $1 AND lease_number = $2
"""

RELEASE = """
    UPDATE notifications
    SET due_time = clock_timestamp(), attempts = attempts - 1, lease_number = NULL
    WHERE notification_id = $1 AND lease_number = $2
"""

FORGET = "DELETE FROM notifications WHERE status <> 'pending' AND create_time < $1"


class PostgresNotifications:
    """`Notifications` in the table notifications."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, notification: Notification) -> None:
        """See `Notifications`."""
        await self._connection.execute(ADD, *_row(notification))

    async def page(
        self, user_id: str, status: NotificationStatus | None, after: Cursor | None, limit: int
    ) -> Sequence[Notification]:
        """See `Notifications`."""
        rows = await self._connection.fetch(
            PAGE,
            user_id,
            status.value if status else None,
            after.time if after else None,
            after.id if after else None,
            limit,
        )
        return [_notification(row) for row in rows]

    async def lease(self, duration: timedelta) -> Lease | None:
        """See `Notifications`."""
        row = await self._connection.fetchrow(LEASE, duration)
        return Lease(row["lease_number"], _notification(row)) if row else None

    async def sent(self, lease: Lease) -> None:
        """See `Notifications`."""
        await self._connection.execute(SENT, lease.notification.notification_id)

    async def failed(self, lease: Lease, failure: str) -> None:
        """See `Notifications`."""
        await self._connection.execute(FAILED, *_place(lease), storable(failure))

    async def postpone(self, lease: Lease, wait: timedelta, failure: str) -> None:
        """See `Notifications`."""
        await self._connection.execute(POSTPONE, *_place(lease), storable(failure), wait)

    async def release(self, lease: Lease) -> None:
        """See `Notifications`."""
        await self._connection.execute(RELEASE, *_place(lease))

    async def forget(self, before: datetime) -> None:
        """See `Notifications`."""
        await self._connection.execute(FORGET, before)


def storable(failure: str) -> str:
    """Return what a server said as PostgreSQL and an answer can hold it: printable, and no more than a line."""
    printable = "".join(letter if letter.isprintable() else " " for letter in failure)
    return " ".join(printable.split())[:500]


def _place(lease: Lease) -> tuple[str, int]:
    return lease.notification.notification_id, lease.number


def _row(notification: Notification) -> tuple[object, ...]:
    cause = notification.cause
    return (
        notification.notification_id,
        notification.user_id,
        notification.email,
        notification.locale,
        notification.kind.value,
        json.dumps(dict(notification.facts)),
        cause.source,
        cause.event_id,
        cause.request_id,
        cause.trace_parent,
        cause.trace_state,
        notification.create_time,
        notification.status.value,
        notification.attempts,
        notification.send_time,
        notification.failure,
    )


def _notification(row: asyncpg.Record) -> Notification:
    return Notification(
        notification_id=str(row["notification_id"]),
        user_id=str(row["user_id"]),
        email=row["email"],
        locale=row["locale"],
        kind=NotificationKind(row["kind"]),
        facts=json.loads(row["facts"]),
        cause=Cause(row["source"], row["event_id"], row["request_id"], row["trace_parent"], row["trace_state"]),
        create_time=row["create_time"],
        status=NotificationStatus(row["status"]),
        attempts=row["attempts"],
        send_time=row["send_time"],
        failure=row["failure"],
    )
