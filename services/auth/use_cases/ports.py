"""Interfaces that the use cases need; `services.auth.adapters.memory` ships a fake of each.

Time comes from the store, which all instances share, wherever it decides: an instance whose clock is wrong decides
nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from enum import Enum
from typing import Protocol

from services.auth.domain.account import Account, User
from services.auth.domain.attempts import Attempts
from services.auth.domain.events import AuthEvent
from services.auth.domain.key_schedule import StoredKey
from services.auth.domain.revocation import Revocation
from services.auth.domain.session import RefreshToken, Session


class Target(Enum):
    """Kind of what attempts are counted by."""

    ACCOUNT = "account"
    ADDRESS = "address"


class Users(Protocol):
    """The users, as identity knows them."""

    async def find(self, user_id: str) -> User | None:
        """Ask for a user.

        Raises:
            Exception: Identity does not answer, see `platformkit.channels`.
        """
        ...

    async def ensure_admin(self, email: str) -> User:
        """Return the user with an address, who is made an administrator if there is none yet.

        Raises:
            Exception: Identity refuses, or does not answer, see `platformkit.channels`.
        """
        ...


class Passwords(Protocol):
    """Hashes of passwords. Each takes long and much memory, on purpose, and blocks no other request."""

    async def hash(self, password: str) -> str:
        """Hash a password with a new salt."""
        ...

    async def matches(self, password_hash: str | None, password: str) -> bool:
        """Tell whether a password is the one that was hashed; without a hash, take as long and say no."""
        ...

    def is_outdated(self, password_hash: str) -> bool:
        """Tell whether the hash was made with other parameters than those of today."""
        ...


class Sealing(Protocol):
    """Encryption of what must not be read in the store."""

    def seal(self, secret: str) -> str:
        """Return the secret as the store may hold it."""
        ...

    def open(self, sealed: str) -> str:
        """Return the secret.

        Raises:
            SigningKeyError: It was sealed with another key.
        """
        ...


class Accounts(Protocol):
    """The accounts, inside one transaction."""

    async def by_email(self, email_key: str) -> Account | None:
        """Read the account that an address logs in to."""
        ...

    async def find(self, user_id: str) -> Account | None:
        """Read an account as it is committed."""
        ...

    async def find_for_change(self, user_id: str) -> Account | None:
        """Read an account and keep others from changing it until the transaction ends."""
        ...

    async def add(self, account: Account) -> None:
        """Store a new account.

        Raises:
            CredentialsExistError: There is one.
        """
        ...

    async def save(self, account: Account) -> None:
        """Store what became of an account."""
        ...


class Sessions(Protocol):
    """The sessions and their refresh tokens, inside one transaction."""

    async def add(self, session: Session) -> None:
        """Store a new session."""
        ...

    async def add_token(self, token: RefreshToken) -> None:
        """Store a new refresh token."""
        ...

    async def find(self, session_id: str) -> Session | None:
        """Read a session as it is committed."""
        ...

    async def find_token(self, digest: bytes) -> tuple[Session, RefreshToken] | None:
        """Read a refresh token and its session as they are committed."""
        ...

    async def find_token_for_change(self, digest: bytes) -> tuple[Session, RefreshToken] | None:
        """Read them, and keep others from changing the session until the transaction ends."""
        ...

    async def use(self, digest: bytes, now: datetime) -> None:
        """Mark a refresh token as used."""
        ...

    async def end(self, session_id: str, now: datetime) -> None:
        """Mark a session as ended."""
        ...

    async def end_all(self, user_id: str, now: datetime) -> int:
        """Mark every session of a user that goes on as ended, and tell how many."""
        ...

    async def tokens_alive(self, session_id: str, now: datetime) -> Sequence[RefreshToken]:
        """Read the refresh tokens whose access token has not expired."""
        ...

    async def forget(self, before: datetime) -> None:
        """Remove the sessions that ended or expired before a time, with their tokens."""
        ...


class AttemptLog(Protocol):
    """Attempts that failed, inside one transaction."""

    async def find_for_change(self, target: Target, key: bytes) -> Attempts:
        """Read the attempts, and keep others from making one until the transaction ends."""
        ...

    async def save(self, target: Target, key: bytes, attempts: Attempts) -> None:
        """Store what became of them."""
        ...

    async def forget(self, before: datetime) -> None:
        """Remove those of which the last one was made before a time."""
        ...


class Keys(Protocol):
    """The signing keys, inside one transaction."""

    async def lock(self) -> None:
        """Keep other instances from making keys until the transaction ends."""
        ...

    async def all(self) -> Sequence[StoredKey]:
        """Read all of them."""
        ...

    async def add(self, key: StoredKey) -> None:
        """Store a new one."""
        ...

    async def remove(self, key_id: str) -> None:
        """Remove one."""
        ...


class RevocationLog(Protocol):
    """Revocations on their way to the verifiers, inside one transaction."""

    async def add(self, revocation: Revocation) -> None:
        """Store one that has to be announced."""
        ...

    async def waiting(self, limit: int) -> Sequence[tuple[int, Revocation]]:
        """Read those to announce, by number; others pass them over until the transaction ends."""
        ...

    async def announced(self, numbers: Sequence[int]) -> None:
        """Mark them as announced."""
        ...

    async def repeat(self, now: datetime) -> None:
        """Let everything be announced again that has not expired."""
        ...

    async def forget(self, before: datetime) -> None:
        """Remove those that expired before a time."""
        ...


class Events(Protocol):
    """Events that are published if the transaction commits, and only then."""

    async def publish(self, event: AuthEvent) -> None:
        """Add an event."""
        ...


class Transaction(Protocol):
    """Everything that becomes true together, or not at all."""

    @property
    def accounts(self) -> Accounts:
        """Return the accounts."""
        ...

    @property
    def sessions(self) -> Sessions:
        """Return the sessions."""
        ...

    @property
    def attempts(self) -> AttemptLog:
        """Return the attempts."""
        ...

    @property
    def keys(self) -> Keys:
        """Return the signing keys."""
        ...

    @property
    def revocations(self) -> RevocationLog:
        """Return the revocations."""
        ...

    @property
    def events(self) -> Events:
        """Return the events."""
        ...

    async def now(self) -> datetime:
        """Return the time of the store."""
        ...


class Store(Protocol):
    """Source of transactions."""

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """Begin a transaction; it commits when the block ends and rolls back when the block raises.

        Raises:
            StoreUnavailableError: The store does not answer.
        """
        ...


class Announcements(Protocol):
    """Way to the verifiers."""

    async def announce(self, revoked: Sequence[Revocation], now: datetime) -> None:
        """Tell verifiers what is revoked; the same again changes nothing.

        Raises:
            ConnectionError: They cannot be told now.
        """
        ...

    async def lost(self) -> bool:
        """Tell whether what was announced may have been lost since `kept` was called last.

        Raises:
            ConnectionError: Nobody can tell now.
        """
        ...

    async def kept(self) -> None:
        """Note that everything was announced.

        Raises:
            ConnectionError: It cannot be noted now.
        """
        ...
