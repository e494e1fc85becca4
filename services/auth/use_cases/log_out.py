"""End one session of a user, or all of them."""

from __future__ import annotations

from dataclasses import dataclass

from services.auth.domain.errors import RefreshTokenInvalidError
from services.auth.domain.events import RevocationReason
from services.auth.domain.session import Lifetimes, token_digest
from services.auth.use_cases.announce import AnnounceRevocations
from services.auth.use_cases.ports import Store
from services.auth.use_cases.revoke import end_everything, end_session


@dataclass(frozen=True, slots=True)
class LogOut:
    """Ends sessions."""

    store: Store
    announce: AnnounceRevocations

    async def __call__(self, refresh_token: str) -> None:
        """End the session of a refresh token, used or not; one that is unknown or ended already is left as it is.

        Raises:
            StoreUnavailableError: The store does not answer.
        """
        async with self.store.transaction() as transaction:
            found = await transaction.sessions.find_token_for_change(token_digest(refresh_token))
            now = await transaction.now()
            if found is None or not found[0].alive(now):
                return
            await end_session(transaction, found[0], RevocationReason.LOGGED_OUT, now)
        await self.announce.soon()


@dataclass(frozen=True, slots=True)
class LogOutEverywhere:
    """Ends all sessions of users."""

    store: Store
    lifetimes: Lifetimes
    announce: AnnounceRevocations

    async def __call__(self, refresh_token: str) -> int:
        """End every session of the user to whom a refresh token belongs, and tell how many.

        Raises:
            RefreshTokenInvalidError: It is unknown, used, expired or revoked.
            StoreUnavailableError: The store does not answer.
        """
        digest = token_digest(refresh_token)
        async with self.store.transaction() as transaction:
            found = await transaction.sessions.find_token(digest)
            # The account before its sessions, as everywhere: two who lock in different orders wait for each other.
            account = await transaction.accounts.find_for_change(found[0].user_id) if found else None
            found = await transaction.sessions.find_token_for_change(digest)
            now = await transaction.now()
            if account is None or found is None or not found[0].alive(now) or found[1].use_time is not None:
                raise RefreshTokenInvalidError
            account = account.revoked()
            await transaction.accounts.save(account)
            reason = RevocationReason.LOGGED_OUT_EVERYWHERE
            ended = await end_everything(transaction, account, self.lifetimes, reason, now)
        await self.announce.soon()
        return ended
