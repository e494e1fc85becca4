"""Sessions and their refresh tokens."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Session:
    """Time from a login over all refreshes to its end.

    Attributes:
        session_id: A UUID.
        user_id: Who logged in.
        create_time: When.
        expire_time: When it ends at the latest.
        end_time: When it was ended; None if it was not.
    """

    session_id: str
    user_id: str
    create_time: datetime
    expire_time: datetime
    end_time: datetime | None = None

    def alive(self, now: datetime) -> bool:
        """Return whether it goes on."""
        return self.end_time is None and now < self.expire_time


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """A refresh token, of which only the digest is kept, and the access token that was issued with it.

    Attributes:
        digest: SHA-256 of the token.
        session_id: Session that it belongs to.
        issue_time: When it was issued.
        use_time: When it was exchanged; None if it was not.
        access_id: Identifier of the access token.
        access_expire_time: When that one expires.
    """

    digest: bytes
    session_id: str
    issue_time: datetime
    access_id: str
    access_expire_time: datetime
    use_time: datetime | None = None


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """Durations for which tokens are good.

    Attributes:
        access: Of an access token.
        session: Of a session, however often it is refreshed.
    """

    access: timedelta
    session: timedelta


def new_refresh_token() -> str:
    """Return a new refresh token: 256 random bits, so its digest needs no salt."""
    return secrets.token_urlsafe(32)


def token_digest(token: str) -> bytes:
    """Return the digest under which a refresh token is kept."""
    return hashlib.sha256(token.encode()).digest()
