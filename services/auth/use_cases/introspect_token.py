"""Tell whether a token is good, and what it says (RFC 7662)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from platformkit.tokens import FixedKeys, PublicKey, RefusedTokenError, Verifier
from services.auth.domain.session import token_digest
from services.auth.use_cases.key_documents import public_keys
from services.auth.use_cases.ports import Store, Transaction


@dataclass(frozen=True, slots=True)
class Introspected:
    """A token that is good.

    Attributes:
        user_id: Whom it stands for.
        session_id: Session that it belongs to.
        expire_time: When it expires.
        refreshes: Whether it is a refresh token, else it is an access token.
        roles: What an access token grants.
    """

    user_id: str
    session_id: str
    expire_time: datetime
    refreshes: bool
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IntrospectToken:
    """Examines tokens."""

    store: Store
    issuer: str
    audience: str

    async def __call__(self, token: str) -> Introspected | None:
        """Return what a token says, as far as it is good at this moment; None if it is not.

        Raises:
            StoreUnavailableError: The store does not answer.
        """
        async with self.store.transaction() as transaction:
            now = await transaction.now()
            # A refresh token has no dot, and an access token has two.
            if "." in token:
                return await self._access(transaction, token, now)
            return await self._refresh(transaction, token, now)

    async def _refresh(self, transaction: Transaction, token: str, now: datetime) -> Introspected | None:
        found = await transaction.sessions.find_token(token_digest(token))
        if found is None or not found[0].alive(now) or found[1].use_time is not None:
            return None
        session = found[0]
        account = await transaction.accounts.find(session.user_id)
        if account is None or not account.may_act:
            return None
        return Introspected(session.user_id, session.session_id, session.expire_time, refreshes=True)

    async def _access(self, transaction: Transaction, token: str, now: datetime) -> Introspected | None:
        keys: tuple[PublicKey, ...] = public_keys(await transaction.keys.all())
        verifier = Verifier(FixedKeys(keys), self.issuer, self.audience, clock=now.timestamp, leeway_seconds=0)
        try:
            claims = await verifier.verify(token)
        except RefusedTokenError:
            return None
        account = await transaction.accounts.find(claims.subject)
        session = await transaction.sessions.find(claims.session)
        if account is None or not account.may_act or account.version != claims.version:
            return None
        if session is None or not session.alive(now):
            return None
        expires = datetime.fromtimestamp(claims.expire_time, UTC)
        return Introspected(claims.subject, claims.session, expires, refreshes=False, roles=claims.roles)
