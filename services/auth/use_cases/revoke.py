"""Revoke tokens, inside the transaction of the caller."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from services.auth.domain.account import Account
from services.auth.domain.events import RevocationReason, TokenRevoked
from services.auth.domain.revocation import AccountRevocation, TokenRevocation
from services.auth.domain.session import Lifetimes, Session
from services.auth.use_cases.ports import Transaction

MARGIN: Final = timedelta(minutes=1)
"""Time for which a revocation is known beyond the life of the token: verifiers allow for clocks that differ, and a
token may have been issued while the one who revokes waited for a lock."""


async def end_session(transaction: Transaction, session: Session, reason: RevocationReason, now: datetime) -> None:
    """End a session and revoke its access tokens."""
    await transaction.sessions.end(session.session_id, now)
    for token in await transaction.sessions.tokens_alive(session.session_id, now):
        await transaction.revocations.add(TokenRevocation(token.access_id, token.access_expire_time + MARGIN))
    await transaction.events.publish(TokenRevoked(session.user_id, session.session_id, reason, now))


async def end_everything(
    transaction: Transaction, account: Account, lifetimes: Lifetimes, reason: RevocationReason, now: datetime
) -> int:
    """End every session of an account, which has its new version already, and tell how many were ended."""
    ended = await transaction.sessions.end_all(account.user_id, now)
    await revoke_access(transaction, account, lifetimes, reason, now)
    return ended


async def revoke_access(
    transaction: Transaction, account: Account, lifetimes: Lifetimes, reason: RevocationReason, now: datetime
) -> None:
    """Revoke every access token of an account, which has its new version already; sessions go on."""
    until = now + lifetimes.access + MARGIN
    await transaction.revocations.add(AccountRevocation(account.user_id, account.version, until))
    await transaction.events.publish(TokenRevoked(account.user_id, "", reason, now))
