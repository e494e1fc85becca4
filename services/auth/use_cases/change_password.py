"""Replace a password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.auth.domain.account import normalised
from services.auth.domain.events import PasswordChanged, RevocationReason
from services.auth.domain.session import Lifetimes
from services.auth.use_cases.announce import AnnounceRevocations
from services.auth.use_cases.check_password import CheckPassword
from services.auth.use_cases.ports import Passwords, Store
from services.auth.use_cases.revoke import end_everything


@dataclass(frozen=True, slots=True)
class ChangePassword:
    """Replaces passwords."""

    store: Store
    check: CheckPassword
    passwords: Passwords
    lifetimes: Lifetimes
    announce: AnnounceRevocations

    async def __call__(self, email: str, current: str, new: str, network: str = "") -> datetime:
        """Replace a password for whoever knows it, end every session, and tell when.

        Raises:
            CredentialsInvalidError: The address or the current password is wrong.
            AttemptsExhaustedError: Too many attempts failed.
            InvalidFieldError: Nobody can have such an address.
            StoreUnavailableError: The store does not answer.
        """
        checked = await self.check(email, current, network)
        password_hash = await self.passwords.hash(normalised(new))
        async with self.store.transaction() as transaction:
            account = await self.check.confirm(transaction, checked)
            now = await transaction.now()
            account = account.with_password(password_hash, now)
            await transaction.accounts.save(account)
            await end_everything(transaction, account, self.lifetimes, RevocationReason.PASSWORD_CHANGED, now)
            await transaction.events.publish(PasswordChanged(account.user_id, now))
        await self.announce.soon()
        return now
