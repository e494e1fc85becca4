"""Hand notifications over to the mail server.

SMTP has no transactions, so that the server took a mail and that this is known here are two steps. Whoever dies between
them leaves a lease that ends by itself, and the mail is handed over again: with the same Message-ID and the same bytes,
by which a mail server drops it. docs/adr/0048-mails.md tells why there is no better way.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from services.notification.domain.notification import RetrySchedule
from services.notification.use_cases.ports import (
    Lease,
    MailDelayedError,
    Mailer,
    MailRefusedError,
    MailServerUnavailableError,
    Store,
)


class Outcome(Enum):
    """Result of one attempt."""

    SENT = "sent"
    FAILED = "failed"
    POSTPONED = "postponed"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt, told to whoever logs it.

    Attributes:
        outcome: What came of it.
        reason: Why the mail was not taken; empty if it was.
    """

    outcome: Outcome
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Deliver:
    """Hands notifications over, one at a time.

    Attributes:
        store: Where they are.
        mailer: Takes them to the mail server.
        lease: How long one attempt may take, and some more: when it is over, another one begins.
        schedule: When to try again.
    """

    store: Store
    mailer: Mailer
    lease: timedelta
    schedule: RetrySchedule

    async def take(self) -> Lease | None:
        """Take a notification that is due; None if none is.

        Raises:
            StoreUnavailableError: The store does not answer.
        """
        async with self.store.transaction() as transaction:
            return await transaction.notifications.lease(self.lease)

    async def attempt(self, lease: Lease) -> Attempt:
        """Hand a notification over, and note what came of it.

        Raises:
            MailServerUnavailableError: The mail server takes no mail at all now; the notification keeps its turn.
            StoreUnavailableError: The store does not answer; what the mail server took is sent again after the lease.
        """
        try:
            await self.mailer.send(lease.notification)
        except MailServerUnavailableError:
            async with self.store.transaction() as transaction:
                await transaction.notifications.release(lease)
            raise
        except MailRefusedError as error:
            return await self._failed(lease, str(error))
        except MailDelayedError as error:
            return await self._postponed(lease, str(error))
        async with self.store.transaction() as transaction:
            await transaction.notifications.sent(lease)
        return Attempt(Outcome.SENT)

    async def _failed(self, lease: Lease, reason: str) -> Attempt:
        async with self.store.transaction() as transaction:
            await transaction.notifications.failed(lease, reason)
        return Attempt(Outcome.FAILED, reason)

    async def _postponed(self, lease: Lease, reason: str) -> Attempt:
        notification = lease.notification
        async with self.store.transaction() as transaction:
            age = await transaction.now() - notification.create_time
            wait = self.schedule.wait_after(notification.attempts, age)
            if wait is None:
                await transaction.notifications.failed(lease, reason)
                return Attempt(Outcome.FAILED, reason)
            await transaction.notifications.postpone(lease, wait, reason)
        return Attempt(Outcome.POSTPONED, reason)
