"""Make the first administrator, who can then give others their credentials."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from services.auth.domain.account import email_key_of
from services.auth.domain.errors import CredentialsExistError, NoAdminError
from services.auth.use_cases.ports import Store, Users
from services.auth.use_cases.register_credentials import RegisterCredentials

ADMIN: Final = "admin"


@dataclass(frozen=True, slots=True)
class MakeFirstAdmin:
    """Makes an administrator with a password, once: whoever has a password keeps it."""

    store: Store
    users: Users
    register: RegisterCredentials

    async def __call__(self, email: str, password: str) -> bool:
        """Make the administrator, and tell whether that was necessary.

        Raises:
            NoAdminError: A user with this address exists, and is no administrator.
            UserDeactivatedError: The user may not act any more.
            InvalidFieldError: Nobody can have such an address.
            StoreUnavailableError: The store does not answer.
            Exception: Identity refuses, or does not answer, see `platformkit.channels`.
        """
        async with self.store.transaction() as transaction:
            account = await transaction.accounts.by_email(email_key_of(email))
        if account is not None and account.password_hash is not None:
            if ADMIN not in account.roles:
                raise NoAdminError(email)
            return False
        user = await self.users.ensure_admin(email)
        if ADMIN not in user.roles:
            raise NoAdminError(email)
        try:
            await self.register(user.user_id, password)
        except CredentialsExistError:
            # Somebody else was faster, with the same command for example.
            return False
        return True
