"""Issue the tokens of a session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from platformkit.tokens import Claims, SigningKey
from services.auth.domain.account import Account
from services.auth.domain.errors import SigningKeyError
from services.auth.domain.key_schedule import KeySchedule
from services.auth.domain.session import Lifetimes, RefreshToken, Session, new_refresh_token, token_digest
from services.auth.use_cases.ports import Sealing, Transaction


@dataclass(frozen=True, slots=True)
class Issued:
    """Tokens for a user.

    Attributes:
        user_id: Whom they are for.
        session_id: Session that they belong to.
        access_token: What is shown with each request.
        access_expire_time: When that expires.
        refresh_token: What is exchanged for new ones, once.
        refresh_expire_time: When that expires.
    """

    user_id: str
    session_id: str
    access_token: str
    access_expire_time: datetime
    refresh_token: str
    refresh_expire_time: datetime

    def __repr__(self) -> str:
        return f"Issued(user_id={self.user_id!r}, session_id={self.session_id!r})"


@dataclass(frozen=True, slots=True)
class IssueTokens:
    """Issues tokens, inside the transaction of its caller.

    Attributes:
        lifetimes: How long they are good.
        schedule: Which key signs.
        sealing: Opens the key.
        issuer: Who they say signed.
        audience: For whom they say to be.
    """

    lifetimes: Lifetimes
    schedule: KeySchedule
    sealing: Sealing
    issuer: str
    audience: str

    async def __call__(self, transaction: Transaction, account: Account, session: Session, now: datetime) -> Issued:
        """Issue new tokens of a session.

        Raises:
            SigningKeyError: There is no key to sign with.
        """
        key = await self.signing_key(transaction, now)
        # A token says whole seconds.
        issued = now.replace(microsecond=0)
        expires = min(issued + self.lifetimes.access, session.expire_time)
        claims = Claims(
            issuer=self.issuer,
            audience=self.audience,
            subject=account.user_id,
            token_id=str(uuid4()),
            issue_time=int(issued.timestamp()),
            expire_time=int(expires.timestamp()),
            roles=account.roles,
            session=session.session_id,
            version=account.version,
        )
        secret = new_refresh_token()
        token = RefreshToken(token_digest(secret), session.session_id, now, claims.token_id, expires)
        await transaction.sessions.add_token(token)
        access = key.sign(claims)
        return Issued(account.user_id, session.session_id, access, expires, secret, session.expire_time)

    async def signing_key(self, transaction: Transaction, now: datetime) -> SigningKey:
        """Return the key that signs at this moment.

        Raises:
            SigningKeyError: There is none, or it cannot be opened.
        """
        stored = self.schedule.signing(await transaction.keys.all(), now)
        if stored is None:
            raise SigningKeyError("no signing key was made yet")
        return SigningKey.of(self.sealing.open(stored.private))
