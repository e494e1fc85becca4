"""Exchange a refresh token for new tokens."""

from __future__ import annotations

from dataclasses import dataclass

from services.auth.domain.errors import RefreshTokenInvalidError
from services.auth.domain.events import RevocationReason
from services.auth.domain.session import token_digest
from services.auth.use_cases.announce import AnnounceRevocations
from services.auth.use_cases.issue_tokens import Issued, IssueTokens
from services.auth.use_cases.ports import Store, Transaction
from services.auth.use_cases.revoke import end_session


@dataclass(frozen=True, slots=True)
class RefreshTokens:
    """Exchanges refresh tokens, each once.

    A second use means that two have the token, and one of them has stolen it; nobody can tell which, so the session
    ends for both (RFC 9700, section 4.14.2).
    """

    store: Store
    issue: IssueTokens
    announce: AnnounceRevocations

    async def __call__(self, refresh_token: str) -> Issued:
        """Exchange a refresh token.

        Raises:
            RefreshTokenInvalidError: It is unknown, used, expired or revoked.
            SigningKeyError: There is no key to sign with.
            StoreUnavailableError: The store does not answer.
        """
        # What a second use revokes has to be committed, so it is refused only afterwards.
        async with self.store.transaction() as transaction:
            issued = await self._exchanged(transaction, token_digest(refresh_token))
        if issued is None:
            await self.announce.soon()
            raise RefreshTokenInvalidError
        return issued

    async def _exchanged(self, transaction: Transaction, digest: bytes) -> Issued | None:
        found = await transaction.sessions.find_token_for_change(digest)
        now = await transaction.now()
        if found is None or not found[0].alive(now):
            return None
        session, token = found
        if token.use_time is not None:
            await end_session(transaction, session, RevocationReason.REFRESH_TOKEN_REUSED, now)
            return None
        account = await transaction.accounts.find(session.user_id)
        if account is None or not account.may_act:
            return None
        await transaction.sessions.use(digest, now)
        return await self.issue(transaction, account, session, now)
