"""Read one user, or the users page by page."""

from __future__ import annotations

from dataclasses import dataclass

from platformkit.service import Cursor, Page, page_of
from services.identity.domain.errors import UserNotFoundError
from services.identity.domain.user import User, UserStatus
from services.identity.use_cases.ports import Store, UserCache


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
class ListUsers:
    """Reads users in the order of their creation."""

    store: Store

    async def __call__(self, status: UserStatus | None, after: Cursor | None, limit: int) -> Page[User]:
        """Reads a page of up to `limit` users of a status, or of every status.

        Raises:
            StoreUnavailableError: The store does not answer.
        """
        async with self.store.transaction() as transaction:
            found = await transaction.users.page(status, after, limit + 1)
        return page_of(found, limit, _cursor)


def _cursor(user: User) -> Cursor:
    return Cursor(user.create_time, user.user_id)
