"""The recipients and their failed logins in PostgreSQL, schema notification."""

from __future__ import annotations

from datetime import datetime

import asyncpg

from platformkit.events import Connection
from services.notification.domain.kind import NotificationKind
from services.notification.domain.login_failures import LoginFailures
from services.notification.domain.recipient import Contact, Preferences, Recipient

FIND = """
    SELECT user_id, email, display_name, profile_locale, contact_time, active, locale, muted, revision, update_time
    FROM recipients WHERE user_id = $1
"""

SAVE = """
    INSERT INTO recipients
        (user_id, email, display_name, profile_locale, contact_time, active, locale, muted, revision, update_time)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    ON CONFLICT (user_id) DO UPDATE
    SET email = excluded.email, display_name = excluded.display_name, profile_locale = excluded.profile_locale,
        contact_time = excluded.contact_time, active = excluded.active, locale = excluded.locale,
        muted = excluded.muted, revision = excluded.revision, update_time = excluded.update_time
"""

# Makes the row if there is none, so that there is something to lock.
FIND_FAILURES = """
    INSERT INTO login_failures (user_id, times, count_time) VALUES ($1, '{}', clock_timestamp())
    ON CONFLICT (user_id) DO UPDATE SET count_time = excluded.count_time
    RETURNING times, tell_time
"""

SAVE_FAILURES = "UPDATE login_failures SET times = $2, tell_time = $3 WHERE user_id = $1"

FORGET_FAILURES = "DELETE FROM login_failures WHERE count_time < $1"


class PostgresRecipients:
    """`Recipients` in the table recipients."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def find(self, user_id: str) -> Recipient | None:
        """See `Recipients`."""
        row = await self._connection.fetchrow(FIND, user_id)
        return _recipient(row) if row else None

    async def find_for_change(self, user_id: str) -> Recipient | None:
        """See `Recipients`."""
        row = await self._connection.fetchrow(f"{FIND} FOR UPDATE", user_id)
        return _recipient(row) if row else None

    async def save(self, recipient: Recipient) -> None:
        """See `Recipients`."""
        contact, preferences = recipient.contact, recipient.preferences
        await self._connection.execute(
            SAVE,
            recipient.user_id,
            contact.email,
            contact.display_name,
            contact.locale,
            recipient.contact_time,
            recipient.active,
            preferences.locale,
            sorted(kind.value for kind in preferences.muted),
            preferences.revision,
            preferences.update_time,
        )


class PostgresFailures:
    """`FailureLog` in the table login_failures."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def find_for_change(self, user_id: str) -> LoginFailures:
        """See `FailureLog`."""
        row = await self._connection.fetchrow(FIND_FAILURES, user_id)
        return LoginFailures(tuple(row["times"]), row["tell_time"]) if row else LoginFailures()

    async def save(self, user_id: str, failures: LoginFailures) -> None:
        """See `FailureLog`."""
        await self._connection.execute(SAVE_FAILURES, user_id, failures.times, failures.tell_time)

    async def forget(self, before: datetime) -> None:
        """See `FailureLog`."""
        await self._connection.execute(FORGET_FAILURES, before)


def _recipient(row: asyncpg.Record) -> Recipient:
    muted = frozenset(NotificationKind(kind) for kind in row["muted"])
    return Recipient(
        user_id=str(row["user_id"]),
        contact=Contact(row["email"], row["display_name"], row["profile_locale"]),
        contact_time=row["contact_time"],
        active=row["active"],
        preferences=Preferences(row["locale"], muted, row["revision"], row["update_time"]),
    )
