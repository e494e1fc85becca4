"""Change or deactivate a user."""

from __future__ import annotations

from dataclasses import dataclass

from services.identity.domain.errors import UserNotFoundError
from services.identity.domain.events import UserDeactivated, UserEvent, UserUpdated
from services.identity.domain.user import User, UserChanges
from services.identity.use_cases.ports import Store, Transaction, UserCache


@dataclass(frozen=True, slots=True)
class UpdateUser:
    """Changes users."""

    store: Store
    cache: UserCache

    async def __call__(self, user_id: str, changes: UserChanges, etag: str = "") -> User:
        """Changes a user. Changes that change nothing leave its revision as it is and publish no event.

        Raises:
            UserNotFoundError: No such user.
            EtagStaleError: The etag is set and not the current one.
            UserDeactivatedError: The user is deactivated.
            InvalidUserError: The user would break a rule.
            EmailTakenError: Another user has the e-mail address.
            StoreUnavailableError: The store does not answer.
        """
        async with self.store.transaction() as transaction:
            before = await _find(transaction, user_id)
            before.require_etag(etag)
            after = before.change(before.data.with_changes(changes), await transaction.now())
            if after != before:
                event = UserUpdated(after, before.data.changed_fields(after.data))
                await _save(transaction, self.cache, after, event)
        await self.cache.put(after)
        return after


@dataclass(frozen=True, slots=True)
class DeactivateUser:
    """Deactivates users."""

    store: Store
    cache: UserCache

    async def __call__(self, user_id: str, etag: str = "") -> User:
        """Deactivates a user; one that is deactivated already stays as it is, whatever the etag, so a retry succeeds.

        Raises:
            UserNotFoundError: No such user.
            EtagStaleError: The etag is set and not the current one.
            StoreUnavailableError: The store does not answer.
        """
        async with self.store.transaction() as transaction:
            before = await _find(transaction, user_id)
            after = before.deactivate(await transaction.now())
            if after != before:
                before.require_etag(etag)
                await _save(transaction, self.cache, after, UserDeactivated(user_id, after.update_time))
        await self.cache.put(after)
        return after


async def _find(transaction: Transaction, user_id: str) -> User:
    user = await transaction.users.find_for_change(user_id)
    if user is None:
        raise UserNotFoundError(user_id)
    return user


async def _save(transaction: Transaction, cache: UserCache, user: User, event: UserEvent) -> None:
    await transaction.users.save(user)
    await transaction.events.publish(event)
    # Before the commit: a reader that still sees the old revision can no longer put it into the cache after it.
    await cache.fence(user)
