"""Follow what identity tells of a user, inside the transaction of the caller."""

from __future__ import annotations

from datetime import datetime

from services.notification.domain.errors import RecipientUnknownError
from services.notification.domain.kind import NotificationKind
from services.notification.domain.notification import Cause, Notification
from services.notification.domain.recipient import Contact, Recipient
from services.notification.use_cases.ports import Transaction


async def user_created(transaction: Transaction, user_id: str, contact: Contact, time: datetime, cause: Cause) -> None:
    """Remember a new user, and welcome it."""
    recipient = await _followed(transaction, user_id, contact, time)
    if recipient.wants(NotificationKind.WELCOME):
        welcome = Notification.of(NotificationKind.WELCOME, recipient, cause, {}, await transaction.now())
        await transaction.notifications.add(welcome)


async def user_updated(transaction: Transaction, user_id: str, contact: Contact, time: datetime) -> None:
    """Take over where a user is reached from now on."""
    await _followed(transaction, user_id, contact, time)


async def user_deactivated(transaction: Transaction, user_id: str, time: datetime, cause: Cause) -> None:
    """Tell a user that it may not act any more, and nothing else afterwards.

    Raises:
        RecipientUnknownError: No event has told of the user.
    """
    recipient = await transaction.recipients.find_for_change(user_id)
    if recipient is None:
        raise RecipientUnknownError(user_id)
    await transaction.recipients.save(recipient.deactivated())
    if recipient.wants(NotificationKind.DEACTIVATED):
        facts = {"time": time.isoformat()}
        told = Notification.of(NotificationKind.DEACTIVATED, recipient, cause, facts, await transaction.now())
        await transaction.notifications.add(told)


async def _followed(transaction: Transaction, user_id: str, contact: Contact, time: datetime) -> Recipient:
    known = await transaction.recipients.find_for_change(user_id)
    recipient = Recipient(user_id, contact, time) if known is None else known.followed(contact, time)
    if recipient != known:
        await transaction.recipients.save(recipient)
    return recipient
