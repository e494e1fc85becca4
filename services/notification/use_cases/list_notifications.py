"""Read the notifications of a user page by page."""

from __future__ import annotations

from dataclasses import dataclass

from platformkit.service import Cursor, Page, page_of
from services.notification.domain.errors import RecipientUnknownError
from services.notification.domain.notification import Notification, NotificationStatus
from services.notification.use_cases.ports import Store


@dataclass(frozen=True, slots=True)
class ListNotifications:
    """Reads notifications, the latest first."""

    store: Store

    async def __call__(
        self, user_id: str, status: NotificationStatus | None, after: Cursor | None, limit: int
    ) -> Page[Notification]:
        """Read a page of up to `limit` notifications of a status, or of every status.

        Raises:
            RecipientUnknownError: No such user.
            StoreUnavailableError: The store does not answer.
        """
        async with self.store.transaction() as transaction:
            if await transaction.recipients.find(user_id) is None:
                raise RecipientUnknownError(user_id)
            found = await transaction.notifications.page(user_id, status, after, limit + 1)
        return page_of(found, limit, _cursor)


def _cursor(notification: Notification) -> Cursor:
    return Cursor(notification.create_time, notification.notification_id)
