"""Read one user, or the users page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.identity.domain.errors import UserNotFoundError
from services.identity.domain.user import User, UserStatus
from services.identity.use_cases.ports import Cursor, Store, UserCache


@dataclass(frozen=True, slots=True)
class GetUser:
    """Reads a user, from the cache if it is there."""

    store: Store
    cache: UserCache

    async def __call__(self, user_id: str) -> User:
        """Reads a user.

        Raises:
            UserNotFoundError: No such user.
            StoreUnavailableError: Neither the cache knows the user nor the store answers.
        """
        cached = await self.cache.get(user_id)
        if cached is not None:
            return cached
        async with self.store.transaction() as transaction:
            user = await transaction.users.find(user_id)
        if user is None:
            raise UserNotFoundError(user_id)
        await self.cache.put(user)
        return user


@dataclass(frozen=True, slots=True)
class Page:
    """Some users, and where the next page starts; None after the last one."""

    users: Sequence[User]
    next: Cursor | None


@dataclass(frozen=True, slots=True)
class ListUsers:
    """Reads users in the order of their creation."""

    store: Store

    async def __call__(self, status: UserStatus | None, after: Cursor | None, limit: int) -> Page:
        """Reads a page of up to `limit` users of a status, or of every status.

        Raises:
            StoreUnavailableError: The store does not answer.
        """
        async with self.store.transaction() as transaction:
            # One more than asked for tells whether there is a next page.
            users = await transaction.users.page(status, after, limit + 1)
        if len(users) <= limit:
            return Page(users, None)
        last = users[limit - 1]
        return Page(users[:limit], Cursor(last.create_time, last.user_id))
