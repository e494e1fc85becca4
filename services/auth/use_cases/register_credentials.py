"""Give a user a password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.auth.domain.account import Account, User, normalised
from services.auth.domain.errors import CredentialsExistError, UserDeactivatedError, UserUnknownError
from services.auth.use_cases.ports import Passwords, Store, Users


@dataclass(frozen=True, slots=True)
class RegisterCredentials:
    """Gives users of identity their first password."""

    store: Store
    users: Users
    passwords: Passwords

    async def __call__(self, user_id: str, password: str) -> datetime:
        """Give a user a password, and tell when.

        Raises:
            UserUnknownError: Identity knows no such user.
            UserDeactivatedError: The user may not act any more.
            CredentialsExistError: The user has a password.
            StoreUnavailableError: The store does not answer.
        """
        user = await self.users.find(user_id)
        if user is None:
            raise UserUnknownError(user_id)
        if not user.active:
            raise UserDeactivatedError(user_id)
        password_hash = await self.passwords.hash(normalised(password))
        async with self.store.transaction() as transaction:
            now = await transaction.now()
            known = await transaction.accounts.find_for_change(user_id)
            if known is None:
                await transaction.accounts.add(Account.of(user, password_hash, now))
            else:
                await transaction.accounts.save(_with_first_password(known, user, password_hash, now))
        return now


def _with_first_password(known: Account, user: User, password_hash: str, now: datetime) -> Account:
    # What events told since identity was asked counts: the user may have been deactivated.
    if not known.active:
        raise UserDeactivatedError(known.user_id)
    if known.password_hash is not None:
        raise CredentialsExistError(known.user_id)
    return known.followed(user).with_password(password_hash, now)
