"""An account: what a user logs in with, and what auth knows of the user."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime

from services.auth.domain.errors import InvalidFieldError


@dataclass(frozen=True, slots=True)
class User:
    """A user as identity knows it.

    Attributes:
        user_id: Canonical text of a UUID.
        email: Address as its owner writes it.
        roles: What it may do, by name.
        active: Whether it may act.
        update_time: When it was changed last, with time zone.
    """

    user_id: str
    email: str
    roles: tuple[str, ...]
    active: bool
    update_time: datetime


@dataclass(frozen=True, slots=True)
class Account:
    """Knowledge of auth about a user.

    Attributes:
        user_id: Canonical text of a UUID.
        email_key: Address to log in with, see `email_key_of`; empty if nothing but the end of the user is known.
        roles: What the user may do, by name.
        active: Whether the user may act; once it may not, it never may again.
        password_hash: PHC string; None for no password.
        password_time: When the password was set; None for no password.
        version: How often all tokens were revoked.
        update_time: Age of what is known of the user, with time zone.
    """

    user_id: str
    email_key: str
    roles: tuple[str, ...]
    active: bool
    password_hash: str | None
    password_time: datetime | None
    version: int
    update_time: datetime

    @classmethod
    def of(cls, user: User, password_hash: str, now: datetime) -> Account:
        """Return the account of a user who gets a first password."""
        return cls(
            user.user_id, email_key_of(user.email), user.roles, user.active, password_hash, now, 0, user.update_time
        )

    def with_password(self, password_hash: str, now: datetime) -> Account:
        """Return the account with another password, and all tokens revoked."""
        return replace(self, password_hash=password_hash, password_time=now, version=self.version + 1)

    def revoked(self) -> Account:
        """Return the account with all tokens revoked."""
        return replace(self, version=self.version + 1)

    def followed(self, user: User) -> Account:
        """Return the account as identity tells of its user; what is older than what is known changes nothing.

        A role that is taken away revokes all tokens, for they grant it.
        """
        if user.update_time <= self.update_time:
            return self
        lost = set(self.roles) - set(user.roles)
        return replace(
            self,
            email_key=email_key_of(user.email),
            roles=user.roles,
            version=self.version + bool(lost),
            update_time=user.update_time,
        )

    def deactivated(self) -> Account:
        """Return the account of a user who may not act any more, with all tokens revoked."""
        return replace(self, active=False, version=self.version + 1) if self.active else self

    @property
    def may_act(self) -> bool:
        """Return whether anybody can log in to it."""
        return self.active and self.password_hash is not None


def email_key_of(email: str) -> str:
    """Return an address without regard to case, as identity compares addresses.

    Raises:
        InvalidFieldError: It holds the one character that no text column holds.
    """
    if "\0" in email:
        raise InvalidFieldError("email", "must not contain the character U+0000")
    return email.casefold()


def digest_of(email_key: str) -> bytes:
    """Return the SHA-256 under which attempts on an address are counted, whether anybody has it or not."""
    return hashlib.sha256(email_key.encode()).digest()


def normalised(password: str) -> str:
    """Return a password in the one form in which it is hashed, whatever keyboard it was typed on.

    Compatibility composition (NFKC) is what NIST SP 800-63B asks for.
    """
    return unicodedata.normalize("NFKC", password)
