"""Events about accounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class RevocationReason(Enum):
    """Reason why tokens were revoked."""

    LOGGED_OUT = "logged out"
    LOGGED_OUT_EVERYWHERE = "logged out everywhere"
    REFRESH_TOKEN_REUSED = "refresh token reused"  # noqa: S105 - a reason
    PASSWORD_CHANGED = "password changed"  # noqa: S105 - a reason
    USER_DEACTIVATED = "user deactivated"
    ROLES_CHANGED = "roles changed"


@dataclass(frozen=True, slots=True)
class LoginSucceeded:
    """Somebody logged in."""

    user_id: str
    session_id: str
    address: str
    login_time: datetime


@dataclass(frozen=True, slots=True)
class LoginFailed:
    """Somebody tried with a wrong address or password; ``user_id`` is empty if nobody has the address."""

    account_key: str
    user_id: str
    failures: int
    locked_until: datetime | None
    address: str
    fail_time: datetime


@dataclass(frozen=True, slots=True)
class PasswordChanged:
    """A user changed its password."""

    user_id: str
    change_time: datetime


@dataclass(frozen=True, slots=True)
class TokenRevoked:
    """Tokens of a user are not good any more: those of a session, or all of them if ``session_id`` is empty."""

    user_id: str
    session_id: str
    reason: RevocationReason
    revoke_time: datetime


AuthEvent = LoginSucceeded | LoginFailed | PasswordChanged | TokenRevoked
