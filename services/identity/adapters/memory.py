"""Fakes of what the use cases need: the rules of the real adapters without their stores, for unit tests only."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from platformkit.service import Clock, Cursor, StoreUnavailableError, now
from services.identity.domain.errors import EmailTakenError
from services.identity.domain.events import UserEvent
from services.identity.domain.user import User, UserStatus
from services.identity.use_cases.ports import Claim


class MemoryUsers:
    """`Users` in a dictionary."""

    def __init__(self, rows: dict[str, User]) -> None:
        self._rows = rows

    async def find(self, user_id: str) -> User | None:
        """See `Users`."""
        return self._rows.get(user_id)

    async def find_for_change(self, user_id: str) -> User | None:
        """See `Users`; nothing is locked, so only transactions that follow each other are told apart."""
        return self._rows.get(user_id)

    async def page(self, status: UserStatus | None, after: Cursor | None, limit: int) -> Sequence[User]:
        """See `Users`."""
        start = (after.time, after.id) if after else None
        users = sorted(self._rows.values(), key=_position)
        wanted = [u for u in users if status in {None, u.status} and (start is None or _position(u) > start)]
        return wanted[:limit]

    async def add(self, user: User) -> None:
        """See `Users`."""
        await self.save(user)

    async def save(self, user: User) -> None:
        """See `Users`."""
        others = (other for other in self._rows.values() if other.user_id != user.user_id)
        if any(other.data.email_key == user.data.email_key for other in others):
            raise EmailTakenError(user.data.email)
        self._rows[user.user_id] = user


class MemoryKeys:
    """`IdempotencyKeys` in a dictionary."""

    def __init__(self, rows: dict[str, Claim]) -> None:
        self._rows = rows

    async def claim(self, claim: Claim, now: datetime) -> Claim | None:
        """See `IdempotencyKeys`."""
        held = self._rows.get(claim.key)
        if held is not None and held.expire_time > now:
            return held
        self._rows[claim.key] = claim
        return None

    async def forget(self, now: datetime) -> None:
        """See `IdempotencyKeys`."""
        for key in [key for key, claim in self._rows.items() if claim.expire_time <= now]:
            del self._rows[key]


class MemoryEvents:
    """`Events` in a list."""

    def __init__(self, rows: list[UserEvent]) -> None:
        self._rows = rows

    async def publish(self, event: UserEvent) -> None:
        """See `Events`."""
        self._rows.append(event)


@dataclass(frozen=True, slots=True)
class MemoryTransaction:
    """`Transaction` on copies of what is committed."""

    users: MemoryUsers
    keys: MemoryKeys
    events: MemoryEvents
    clock: Clock

    async def now(self) -> datetime:
        """See `Transaction`."""
        return self.clock()


@dataclass(slots=True)
class MemoryStore:
    """`Store` in this process; `available` takes it away, and `clock` is its own."""

    users: dict[str, User] = field(default_factory=dict)
    keys: dict[str, Claim] = field(default_factory=dict)
    events: list[UserEvent] = field(default_factory=list)
    available: bool = True
    clock: Clock = now

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[MemoryTransaction]:
        """See `Store`."""
        if not self.available:
            raise StoreUnavailableError
        users, keys, events = dict(self.users), dict(self.keys), list(self.events)
        yield MemoryTransaction(MemoryUsers(users), MemoryKeys(keys), MemoryEvents(events), self.clock)
        self.users, self.keys, self.events = users, keys, events


@dataclass(slots=True)
class MemoryCache:
    """`UserCache` in a dictionary; `available` takes it away."""

    users: dict[str, User] = field(default_factory=dict)
    fences: dict[str, int] = field(default_factory=dict)
    available: bool = True

    async def get(self, user_id: str) -> User | None:
        """See `UserCache`."""
        return self.users.get(user_id) if self.available else None

    async def put(self, user: User) -> None:
        """See `UserCache`."""
        if self.available and user.revision >= self.fences.get(user.user_id, 0):
            self.users[user.user_id] = user
            self.fences[user.user_id] = user.revision

    async def fence(self, user: User) -> None:
        """See `UserCache`."""
        if self.available and user.revision > self.fences.get(user.user_id, 0):
            self.users.pop(user.user_id, None)
            self.fences[user.user_id] = user.revision


def _position(user: User) -> tuple[datetime, str]:
    return user.create_time, user.user_id
