"""Read and change what a user wants to be told."""

from __future__ import annotations

from dataclasses import dataclass

from services.notification.domain.errors import RecipientUnknownError
from services.notification.domain.recipient import PreferenceChanges, Recipient
from services.notification.use_cases.ports import Store


@dataclass(frozen=True, slots=True)
class GetPreferences:
    """Reads preferences."""

    store: Store

    async def __call__(self, user_id: str) -> Recipient:
        """Read a user with its preferences.

        Raises:
            RecipientUnknownError: No such user.
            StoreUnavailableError: The store does not answer.
        """
        async with self.store.transaction() as transaction:
            recipient = await transaction.recipients.find(user_id)
        if recipient is None:
            raise RecipientUnknownError(user_id)
        return recipient


@dataclass(frozen=True, slots=True)
class UpdatePreferences:
    """Changes preferences."""

    store: Store

    async def __call__(self, user_id: str, changes: PreferenceChanges, etag: str = "") -> Recipient:
        """Change the preferences of a user; changes that change nothing leave their revision as it is.

        Raises:
            RecipientUnknownError: No such user.
            RecipientInactiveError: The user is deactivated.
            EtagStaleError: The etag is set and not the current one.
            StoreUnavailableError: The store does not answer.
        """
        async with self.store.transaction() as transaction:
            before = await transaction.recipients.find_for_change(user_id)
            if before is None:
                raise RecipientUnknownError(user_id)
            after = before.changed(changes, etag, await transaction.now())
            if after != before:
                await transaction.recipients.save(after)
        return after
