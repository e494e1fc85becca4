"""Follow what auth tells of an account, inside the transaction of the caller."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from services.notification.domain.errors import RecipientUnknownError
from services.notification.domain.kind import NotificationKind
from services.notification.domain.login_failures import Threshold
from services.notification.domain.notification import Cause, Notification
from services.notification.use_cases.ports import Transaction


@dataclass(frozen=True, slots=True)
class CountLoginFailures:
    """Tells users of failed logins, once they are many.

    Attributes:
        threshold: How many they have to be.
    """

    threshold: Threshold

    async def __call__(
        self, transaction: Transaction, user_id: str, time: datetime, address: str, cause: Cause
    ) -> None:
        """Count a failed login from an address, which may be empty.

        Raises:
            RecipientUnknownError: There is something to tell, and no event has told of the user.
        """
        failures = await transaction.failures.find_for_change(user_id)
        failures, is_worth_a_mail = failures.counted(time, self.threshold)
        await transaction.failures.save(user_id, failures)
        if is_worth_a_mail:
            facts = {"time": time.isoformat(), "address": address, "count": str(self.threshold.count)}
            await _tell(transaction, user_id, NotificationKind.LOGIN_FAILURES, facts, cause)


async def password_changed(transaction: Transaction, user_id: str, time: datetime, cause: Cause) -> None:
    """Tell a user that its password was changed.

    Raises:
        RecipientUnknownError: No event has told of the user.
    """
    await _tell(transaction, user_id, NotificationKind.PASSWORD_CHANGED, {"time": time.isoformat()}, cause)


async def _tell(
    transaction: Transaction, user_id: str, kind: NotificationKind, facts: Mapping[str, str], cause: Cause
) -> None:
    recipient = await transaction.recipients.find(user_id)
    if recipient is None:
        raise RecipientUnknownError(user_id)
    if recipient.wants(kind):
        await transaction.notifications.add(Notification.of(kind, recipient, cause, facts, await transaction.now()))
