"""Fakes of what the use cases need: the rules of the real adapters without their stores, for unit tests only."""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

from platformkit.service import StoreUnavailableError, now
from services.auth.domain.account import Account, User, email_key_of
from services.auth.domain.attempts import Attempts
from services.auth.domain.errors import CredentialsExistError
from services.auth.domain.events import AuthEvent
from services.auth.domain.key_schedule import StoredKey
from services.auth.domain.revocation import Revocation
from services.auth.domain.session import RefreshToken, Session
from services.auth.use_cases.ports import Target


@dataclass(slots=True)
class MemoryUsers:
    """`Users` in a dictionary."""

    rows: dict[str, User] = field(default_factory=dict)

    async def find(self, user_id: str) -> User | None:
        """See `Users`."""
        return self.rows.get(user_id)

    async def ensure_admin(self, email: str) -> User:
        """See `Users`."""
        for user in self.rows.values():
            if email_key_of(user.email) == email_key_of(email):
                return user
        user_id = str(uuid5(NAMESPACE_URL, email_key_of(email)))
        self.rows[user_id] = User(user_id, email, ("admin",), active=True, update_time=now())
        return self.rows[user_id]


@dataclass(slots=True)
class MemoryPasswords:
    """`Passwords` without any protection; ``compared`` shows what was compared with what."""

    scheme: str = "plain"
    compared: list[str | None] = field(default_factory=list)

    async def hash(self, password: str) -> str:
        """See `Passwords`."""
        return f"{self.scheme}:{password}"

    async def matches(self, password_hash: str | None, password: str) -> bool:
        """See `Passwords`."""
        self.compared.append(password_hash)
        return password_hash is not None and password_hash.partition(":")[2] == password

    def is_outdated(self, password_hash: str) -> bool:
        """See `Passwords`."""
        return not password_hash.startswith(f"{self.scheme}:")


@dataclass(slots=True)
class MemoryAccounts:
    """`Accounts` in a dictionary."""

    rows: dict[str, Account] = field(default_factory=dict)

    async def by_email(self, email_key: str) -> Account | None:
        """See `Accounts`."""
        found = [account for account in self.rows.values() if email_key and account.email_key == email_key]
        return max(found, key=lambda account: account.update_time, default=None)

    async def find(self, user_id: str) -> Account | None:
        """See `Accounts`."""
        return self.rows.get(user_id)

    async def find_for_change(self, user_id: str) -> Account | None:
        """See `Accounts`; nothing is locked, so only transactions that follow each other are told apart."""
        return self.rows.get(user_id)

    async def add(self, account: Account) -> None:
        """See `Accounts`."""
        if account.user_id in self.rows:
            raise CredentialsExistError(account.user_id)
        self.rows[account.user_id] = account

    async def save(self, account: Account) -> None:
        """See `Accounts`."""
        self.rows[account.user_id] = account


@dataclass(slots=True)
class MemorySessions:
    """`Sessions` in dictionaries."""

    rows: dict[str, Session] = field(default_factory=dict)
    tokens: dict[bytes, RefreshToken] = field(default_factory=dict)

    async def add(self, session: Session) -> None:
        """See `Sessions`."""
        self.rows[session.session_id] = session

    async def add_token(self, token: RefreshToken) -> None:
        """See `Sessions`."""
        self.tokens[token.digest] = token

    async def find(self, session_id: str) -> Session | None:
        """See `Sessions`."""
        return self.rows.get(session_id)

    async def find_token(self, digest: bytes) -> tuple[Session, RefreshToken] | None:
        """See `Sessions`."""
        token = self.tokens.get(digest)
        return (self.rows[token.session_id], token) if token else None

    async def find_token_for_change(self, digest: bytes) -> tuple[Session, RefreshToken] | None:
        """See `Sessions`; nothing is locked."""
        return await self.find_token(digest)

    async def use(self, digest: bytes, now: datetime) -> None:
        """See `Sessions`."""
        self.tokens[digest] = replace(self.tokens[digest], use_time=now)

    async def end(self, session_id: str, now: datetime) -> None:
        """See `Sessions`."""
        self.rows[session_id] = replace(self.rows[session_id], end_time=now)

    async def end_all(self, user_id: str, now: datetime) -> int:
        """See `Sessions`."""
        alive = [session for session in self.rows.values() if session.user_id == user_id and session.alive(now)]
        for session in alive:
            await self.end(session.session_id, now)
        return len(alive)

    async def tokens_alive(self, session_id: str, now: datetime) -> Sequence[RefreshToken]:
        """See `Sessions`."""
        own = [token for token in self.tokens.values() if token.session_id == session_id]
        return [token for token in own if token.access_expire_time > now]

    async def forget(self, before: datetime) -> None:
        """See `Sessions`."""
        over = {key for key, row in self.rows.items() if min(row.expire_time, row.end_time or row.expire_time) < before}
        self.rows = {key: row for key, row in self.rows.items() if key not in over}
        self.tokens = {key: token for key, token in self.tokens.items() if token.session_id not in over}


@dataclass(slots=True)
class MemoryAttempts:
    """`AttemptLog` in a dictionary."""

    rows: dict[tuple[Target, bytes], Attempts] = field(default_factory=dict)

    async def find_for_change(self, target: Target, key: bytes) -> Attempts:
        """See `AttemptLog`; nothing is locked."""
        return self.rows.get((target, key), Attempts())

    async def save(self, target: Target, key: bytes, attempts: Attempts) -> None:
        """See `AttemptLog`."""
        self.rows[target, key] = attempts

    async def forget(self, before: datetime) -> None:
        """See `AttemptLog`."""
        self.rows = {
            key: row for key, row in self.rows.items() if row.last_time is not None and row.last_time >= before
        }


@dataclass(slots=True)
class MemoryKeys:
    """`Keys` in a dictionary."""

    rows: dict[str, StoredKey] = field(default_factory=dict)

    async def lock(self) -> None:
        """See `Keys`; nothing is locked."""

    async def all(self) -> Sequence[StoredKey]:
        """See `Keys`."""
        return sorted(self.rows.values(), key=lambda key: (key.start_time, key.key_id))

    async def add(self, key: StoredKey) -> None:
        """See `Keys`."""
        self.rows[key.key_id] = key

    async def remove(self, key_id: str) -> None:
        """See `Keys`."""
        del self.rows[key_id]


@dataclass(slots=True)
class MemoryRevocations:
    """`RevocationLog` in lists."""

    rows: list[Revocation] = field(default_factory=list)
    told: set[int] = field(default_factory=set)

    async def add(self, revocation: Revocation) -> None:
        """See `RevocationLog`."""
        self.rows.append(revocation)

    async def waiting(self, limit: int) -> Sequence[tuple[int, Revocation]]:
        """See `RevocationLog`."""
        return [(number, row) for number, row in enumerate(self.rows) if number not in self.told][:limit]

    async def announced(self, numbers: Sequence[int]) -> None:
        """See `RevocationLog`."""
        self.told.update(numbers)

    async def repeat(self, now: datetime) -> None:
        """See `RevocationLog`."""
        self.told = {number for number in self.told if self.rows[number].expire_time <= now}

    async def forget(self, before: datetime) -> None:
        """See `RevocationLog`; numbers are places, so what is forgotten is only never told again."""
        self.told.update(number for number, row in enumerate(self.rows) if row.expire_time < before)


@dataclass(slots=True)
class MemoryEvents:
    """`Events` in a list."""

    rows: list[AuthEvent] = field(default_factory=list)

    async def publish(self, event: AuthEvent) -> None:
        """See `Events`."""
        self.rows.append(event)


@dataclass(slots=True)
class MemoryTransaction:
    """`Transaction` on copies of what is committed."""

    accounts: MemoryAccounts = field(default_factory=MemoryAccounts)
    sessions: MemorySessions = field(default_factory=MemorySessions)
    attempts: MemoryAttempts = field(default_factory=MemoryAttempts)
    keys: MemoryKeys = field(default_factory=MemoryKeys)
    revocations: MemoryRevocations = field(default_factory=MemoryRevocations)
    events: MemoryEvents = field(default_factory=MemoryEvents)
    time: datetime = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

    async def now(self) -> datetime:
        """See `Transaction`."""
        return self.time


@dataclass(slots=True)
class MemoryStore:
    """`Store` in this process; ``time`` is its clock, ``available`` takes it away."""

    committed: MemoryTransaction = field(default_factory=MemoryTransaction)
    available: bool = True

    @property
    def events(self) -> list[AuthEvent]:
        """Return the events that were published."""
        return self.committed.events.rows

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[MemoryTransaction]:
        """See `Store`."""
        if not self.available:
            raise StoreUnavailableError("the store was made unavailable")
        own = copy.deepcopy(self.committed)
        yield own
        self.committed = own


@dataclass(slots=True)
class MemoryAnnouncements:
    """`Announcements` in a list; ``available`` takes it away, and clearing ``mark`` loses what it had."""

    told: list[Revocation] = field(default_factory=list)
    mark: bool = False
    available: bool = True

    async def announce(self, revoked: Sequence[Revocation], now: datetime) -> None:
        """See `Announcements`."""
        self._require()
        self.told += [revocation for revocation in revoked if revocation.expire_time > now]

    async def lost(self) -> bool:
        """See `Announcements`."""
        self._require()
        return not self.mark

    async def kept(self) -> None:
        """See `Announcements`."""
        self._require()
        self.mark = True

    def _require(self) -> None:
        if not self.available:
            raise ConnectionError("the verifiers were made unavailable")
