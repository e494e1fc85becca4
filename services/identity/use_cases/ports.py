"""Interfaces that the use cases need; `services.identity.adapters.memory` ships a fake of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from platformkit.service import Cursor
from services.identity.domain.events import UserEvent
from services.identity.domain.user import User, UserStatus

NewId = Callable[[], str]


@dataclass(frozen=True, slots=True)
class Claim:
    """Creation that an idempotency key stands for.

    Args:
        key: Key that the caller chose.
        fingerprint: Digest of what it asks for.
        user: User that it creates if nobody used the key before.
        expire_time: When the key is forgotten.
    """

    key: str
    fingerprint: bytes
    user: User
    expire_time: datetime


class Users(Protocol):
    """The users, inside one transaction."""

    async def find(self, user_id: str) -> User | None:
        """Reads a user as it is committed."""
        ...

    async def find_for_change(self, user_id: str) -> User | None:
        """Reads a user and keeps others from changing it until the transaction ends."""
        ...

    async def page(self, status: UserStatus | None, after: Cursor | None, limit: int) -> Sequence[User]:
        """Reads up to `limit` users in the order of their creation."""
        ...

    async def add(self, user: User) -> None:
        """Stores a new user.

        Raises:
            EmailTakenError: Another user has the e-mail address.
        """
        ...

    async def save(self, user: User) -> None:
        """Stores the next revision of a user.

        Raises:
            EmailTakenError: Another user has the e-mail address.
        """
        ...


class IdempotencyKeys(Protocol):
    """The keys of recent creations, inside one transaction."""

    async def claim(self, claim: Claim, now: datetime) -> Claim | None:
        """Takes a key if it is free at `now`; otherwise answers who holds it, waiting for a claim that is in flight."""
        ...

    async def forget(self, now: datetime) -> None:
        """Removes the claims that have expired at `now`."""
        ...


class Events(Protocol):
    """Events that are published if the transaction commits, and only then."""

    async def publish(self, event: UserEvent) -> None:
        """Adds an event."""
        ...


class Transaction(Protocol):
    """Everything that becomes true together, or not at all."""

    async def now(self) -> datetime:
        """Return the present moment by the clock of the store, which all instances share."""
        ...

    @property
    def users(self) -> Users:
        """Return the users."""
        ...

    @property
    def keys(self) -> IdempotencyKeys:
        """Return the idempotency keys."""
        ...

    @property
    def events(self) -> Events:
        """Return the events."""
        ...


class Store(Protocol):
    """Source of transactions."""

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """Begins a transaction; it commits when the block ends and rolls back when the block raises.

        Raises:
            StoreUnavailableError: The store does not answer.
        """
        ...


class UserCache(Protocol):
    """Users read recently. It never raises: a cache that is away is a cache that misses."""

    async def get(self, user_id: str) -> User | None:
        """Reads a user, if it is there."""
        ...

    async def put(self, user: User) -> None:
        """Keeps a committed revision of a user, unless a later one is known."""
        ...

    async def fence(self, user: User) -> None:
        """Forgets and refuses every revision before the one of `user`, which is about to be committed."""
        ...
