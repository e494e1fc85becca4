"""Follow what identity tells of a user, inside the transaction of the caller."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.auth.domain.account import Account, User
from services.auth.domain.events import RevocationReason
from services.auth.domain.session import Lifetimes
from services.auth.use_cases.ports import Transaction
from services.auth.use_cases.revoke import end_everything, revoke_access


@dataclass(frozen=True, slots=True)
class FollowUser:
    """Keeps accounts as their users are."""

    lifetimes: Lifetimes

    async def updated(self, transaction: Transaction, user: User) -> None:
        """Take over the address and the roles; whoever has no account yet is asked for when it gets one."""
        known = await transaction.accounts.find_for_change(user.user_id)
        if known is None:
            return
        account = known.followed(user)
        if account == known:
            return
        await transaction.accounts.save(account)
        if account.version != known.version:
            now = await transaction.now()
            await revoke_access(transaction, account, self.lifetimes, RevocationReason.ROLES_CHANGED, now)

    async def deactivated(self, transaction: Transaction, user_id: str, deactivate_time: datetime) -> None:
        """End everything of a user who may not act any more, and remember that it gets no credentials."""
        known = await transaction.accounts.find_for_change(user_id)
        if known is None:
            await transaction.accounts.add(Account(user_id, "", (), False, None, None, 0, deactivate_time))
            return
        account = known.deactivated()
        if account == known:
            return
        await transaction.accounts.save(account)
        now = await transaction.now()
        await end_everything(transaction, account, self.lifetimes, RevocationReason.USER_DEACTIVATED, now)
