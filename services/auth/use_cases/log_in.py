"""Begin a session."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import uuid4

from services.auth.domain.account import normalised
from services.auth.domain.events import LoginSucceeded
from services.auth.domain.session import Session
from services.auth.use_cases.check_password import CheckPassword
from services.auth.use_cases.issue_tokens import Issued, IssueTokens
from services.auth.use_cases.ports import Passwords, Store


@dataclass(frozen=True, slots=True)
class LogIn:
    """Begins sessions."""

    store: Store
    check: CheckPassword
    passwords: Passwords
    issue: IssueTokens

    async def __call__(self, email: str, password: str, network: str = "") -> Issued:
        """Begin a session for whoever knows the password.

        Raises:
            CredentialsInvalidError: The address or the password is wrong.
            AttemptsExhaustedError: Too many attempts failed.
            InvalidFieldError: Nobody can have such an address.
            SigningKeyError: There is no key to sign with.
            StoreUnavailableError: The store does not answer.
        """
        checked = await self.check(email, password, network)
        stronger = None
        if checked.account.password_hash is not None and self.passwords.is_outdated(checked.account.password_hash):
            stronger = await self.passwords.hash(normalised(password))
        async with self.store.transaction() as transaction:
            account = await self.check.confirm(transaction, checked)
            now = await transaction.now()
            if stronger is not None:
                account = replace(account, password_hash=stronger)
                await transaction.accounts.save(account)
            session = Session(str(uuid4()), account.user_id, now, now + self.issue.lifetimes.session)
            await transaction.sessions.add(session)
            issued = await self.issue(transaction, account, session, now)
            event = LoginSucceeded(account.user_id, session.session_id, network, now)
            await transaction.events.publish(event)
        return issued
