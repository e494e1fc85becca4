"""Check an address and a password, in the same way and the same time whether or not anybody has the address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.auth.domain.account import Account, digest_of, email_key_of, normalised
from services.auth.domain.attempts import Attempts, Limit
from services.auth.domain.errors import CredentialsInvalidError
from services.auth.domain.events import LoginFailed
from services.auth.use_cases.ports import Passwords, Store, Target, Transaction


@dataclass(frozen=True, slots=True)
class Limits:
    """Numbers of attempts that may fail.

    Attributes:
        account: On one account.
        address: From one network address.
    """

    account: Limit
    address: Limit


@dataclass(frozen=True, slots=True)
class Checked:
    """An account whose password was shown.

    Attributes:
        account: The account, as it was when its password was compared.
        email_key: Address that was tried.
        network: Network that the attempt came from; empty if unknown.
    """

    account: Account
    email_key: str
    network: str


@dataclass(frozen=True, slots=True)
class CheckPassword:
    """Checks passwords, and counts those that are wrong."""

    store: Store
    passwords: Passwords
    limits: Limits

    async def __call__(self, email: str, password: str, network: str) -> Checked:
        """Check an address and a password; whoever goes on with the account calls `confirm`.

        Args:
            email: Address in any case.
            password: As it was typed.
            network: Network that the attempt comes from; empty if unknown.

        Raises:
            CredentialsInvalidError: One of them is wrong.
            AttemptsExhaustedError: Too many attempts failed.
            InvalidFieldError: Nobody can have such an address.
            StoreUnavailableError: The store does not answer.
        """
        email_key = email_key_of(email)
        async with self.store.transaction() as transaction:
            attempts, now = await self._charge(transaction, email_key, network)
            account = await transaction.accounts.by_email(email_key)
        able = account is not None and account.may_act
        known = account.password_hash if account is not None and able else None
        if not await self.passwords.matches(known, normalised(password)) or account is None:
            async with self.store.transaction() as transaction:
                await transaction.events.publish(_failure(account, email_key, attempts, network, now))
            raise CredentialsInvalidError
        return Checked(account, email_key, network)

    async def confirm(self, transaction: Transaction, checked: Checked) -> Account:
        """Return the account, kept from changing until the transaction ends, and take back that the attempt failed.

        Raises:
            CredentialsInvalidError: The password was changed or the user deactivated in the meantime.
        """
        account = await transaction.accounts.find_for_change(checked.account.user_id)
        if account is None or not account.may_act or account.password_time != checked.account.password_time:
            raise CredentialsInvalidError
        if checked.network:
            key = checked.network.encode()
            made = await transaction.attempts.find_for_change(Target.ADDRESS, key)
            await transaction.attempts.save(Target.ADDRESS, key, made.refunded(self.limits.address))
        await transaction.attempts.save(Target.ACCOUNT, digest_of(checked.email_key), Attempts())
        return account

    async def _charge(self, transaction: Transaction, email_key: str, network: str) -> tuple[Attempts, datetime]:
        """Count an attempt as a failure; return the attempts on the account, and when it was made."""
        # The address first, as in `confirm`: two who lock in different orders wait for each other.
        rows = [(Target.ADDRESS, network.encode(), self.limits.address)] if network else []
        rows.append((Target.ACCOUNT, digest_of(email_key), self.limits.account))
        found = [await transaction.attempts.find_for_change(target, key) for target, key, _ in rows]
        # Only now, for whoever held the rows made attempts in the meantime.
        now = await transaction.now()
        charged = [attempts.charged(limit, now) for attempts, (_, _, limit) in zip(found, rows, strict=True)]
        for attempts, (target, key, _) in zip(charged, rows, strict=True):
            await transaction.attempts.save(target, key, attempts)
        return charged[-1], now


def _failure(account: Account | None, email_key: str, attempts: Attempts, network: str, now: datetime) -> LoginFailed:
    return LoginFailed(
        account_key=account.user_id if account else digest_of(email_key).hex(),
        user_id=account.user_id if account else "",
        failures=attempts.failures,
        locked_until=attempts.locked_until,
        address=network,
        fail_time=now,
    )
