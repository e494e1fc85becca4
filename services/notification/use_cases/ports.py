"""Interfaces that the use cases need; `services.notification.adapters.memory` ships a fake of each.

Time comes from the store, which all instances share, wherever it decides: an instance whose clock is wrong decides
nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from platformkit.service import Cursor
from services.notification.domain.login_failures import LoginFailures
from services.notification.domain.notification import Notification, NotificationStatus
from services.notification.domain.recipient import Recipient


@dataclass(frozen=True, slots=True)
class Lease:
    """Right to hand a notification over, which ends by itself.

    Attributes:
        number: Differs from that of every other lease.
        notification: What to hand over.
    """

    number: int
    notification: Notification


class Recipients(Protocol):
    """The recipients, inside one transaction."""

    async def find(self, user_id: str) -> Recipient | None:
        """Read a recipient as it is committed."""
        ...

    async def find_for_change(self, user_id: str) -> Recipient | None:
        """Read a recipient and keep others from changing it until the transaction ends."""
        ...

    async def save(self, recipient: Recipient) -> None:
        """Store a recipient, new or changed."""
        ...


class FailureLog(Protocol):
    """Failed logins by user, inside one transaction."""

    async def find_for_change(self, user_id: str) -> LoginFailures:
        """Read the failures, and keep others from counting one until the transaction ends."""
        ...

    async def save(self, user_id: str, failures: LoginFailures) -> None:
        """Store what became of them."""
        ...

    async def forget(self, before: datetime) -> None:
        """Remove those of users of whom nothing was counted since a time."""
        ...


class Notifications(Protocol):
    """The notifications, inside one transaction."""

    async def add(self, notification: Notification) -> None:
        """Store a notification; one that is there already stays as it is."""
        ...

    async def page(
        self, user_id: str, status: NotificationStatus | None, after: Cursor | None, limit: int
    ) -> Sequence[Notification]:
        """Read up to `limit` notifications of a user, the latest first."""
        ...

    async def lease(self, duration: timedelta) -> Lease | None:
        """Take the pending notification that has been due for longest, with one attempt more; None if none is due.

        Nobody else gets it until the lease has lasted for its duration, whatever becomes of the one who took it.
        """
        ...

    async def sent(self, lease: Lease) -> None:
        """Note that the mail server took the mail, whether or not the lease has ended since."""
        ...

    async def failed(self, lease: Lease, failure: str) -> None:
        """Note that no further attempt is made, unless the lease has ended."""
        ...

    async def postpone(self, lease: Lease, wait: timedelta, failure: str) -> None:
        """Let the next attempt wait, unless the lease has ended."""
        ...

    async def release(self, lease: Lease) -> None:
        """Give a notification back as if it had not been taken, unless the lease has ended."""
        ...

    async def forget(self, before: datetime) -> None:
        """Remove those that were decided on before a time and are not pending."""
        ...


class Transaction(Protocol):
    """Everything that becomes true together, or not at all."""

    @property
    def recipients(self) -> Recipients:
        """Return the recipients."""
        ...

    @property
    def failures(self) -> FailureLog:
        """Return the failed logins."""
        ...

    @property
    def notifications(self) -> Notifications:
        """Return the notifications."""
        ...

    async def now(self) -> datetime:
        """Return the time of the store."""
        ...


class Store(Protocol):
    """Source of transactions."""

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """Begin a transaction; it commits when the block ends and rolls back when the block raises.

        Raises:
            StoreUnavailableError: The store does not answer.
        """
        ...


class MailRefusedError(Exception):
    """The mail server will never take this mail."""


class MailDelayedError(Exception):
    """The mail server does not take this mail now, or nobody knows whether it did."""


class MailServerUnavailableError(Exception):
    """The mail server takes no mail at all now."""


class Mailer(Protocol):
    """Way to the mail server."""

    async def send(self, notification: Notification) -> None:
        """Write a notification as a mail and hand it over; return when the server has taken responsibility for it.

        Raises:
            MailRefusedError: The server will never take it, or it cannot be written.
            MailDelayedError: The server does not take it now, or nobody knows whether it did.
            MailServerUnavailableError: The server takes no mail at all now.
        """
        ...

    async def close(self) -> None:
        """End the connection, if there is one; the next mail begins another."""
        ...
