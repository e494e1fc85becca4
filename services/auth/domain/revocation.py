"""Revocations that verifiers have to hear of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class TokenRevocation:
    """One access token that is revoked.

    Attributes:
        token_id: Its identifier.
        expire_time: When it would have expired.
    """

    token_id: str
    expire_time: datetime


@dataclass(frozen=True, slots=True)
class AccountRevocation:
    """All access tokens of a user that were issued before a version.

    Attributes:
        user_id: Whose.
        version: Lowest version that is good.
        expire_time: When the last of them would have expired.
    """

    user_id: str
    version: int
    expire_time: datetime


Revocation = TokenRevocation | AccountRevocation
