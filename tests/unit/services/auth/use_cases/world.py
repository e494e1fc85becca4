"""The use cases on fakes, with a clock that is set by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from services.auth.adapters.memory import MemoryAnnouncements, MemoryPasswords, MemoryStore, MemoryUsers
from services.auth.adapters.sealing import Sealed
from services.auth.domain.account import Account, User
from services.auth.domain.attempts import Limit
from services.auth.domain.events import AuthEvent
from services.auth.domain.key_schedule import KeySchedule
from services.auth.domain.session import Lifetimes
from services.auth.use_cases.auth import Auth, Outside, Policy
from services.auth.use_cases.check_password import Limits
from services.auth.use_cases.issue_tokens import Issued

NOW = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
USER_ID = "7f1f0f6e-2b1c-4c5d-8e9f-000000000001"
EMAIL = "ada@example.com"
PASSWORD = "correct horse battery"
POLICY = Policy(
    issuer="plt.auth",
    audience="plt",
    lifetimes=Lifetimes(access=timedelta(minutes=5), session=timedelta(days=30)),
    schedule=KeySchedule(timedelta(hours=24), timedelta(minutes=10), timedelta(minutes=6)),
    limits=Limits(account=Limit(3), address=Limit(5)),
)


class World:
    """Auth on fakes."""

    def __init__(self) -> None:
        self.store, self.users, self.passwords = MemoryStore(), MemoryUsers(), MemoryPasswords()
        self.announcements = MemoryAnnouncements(mark=True)
        self.store.committed.time = NOW
        outside = Outside(self.store, self.users, self.passwords, Sealed(None), self.announcements)
        self.auth = Auth.on(outside, POLICY)

    @property
    def now(self) -> datetime:
        return self.store.committed.time

    def passes(self, **time: float) -> None:
        """Let time pass in the store."""
        self.store.committed.time += timedelta(**time)

    @property
    def events(self) -> list[AuthEvent]:
        return self.store.events

    @property
    def account(self) -> Account:
        return self.store.committed.accounts.rows[USER_ID]

    async def ada(self) -> None:
        """Let there be a user with a password, and a key to sign with."""
        self.users.rows[USER_ID] = User(USER_ID, EMAIL, ("member",), True, NOW)
        await self.auth.rotate()
        await self.auth.register(USER_ID, PASSWORD)

    async def log_in(self, password: str = PASSWORD, network: str = "", email: str = EMAIL) -> Issued:
        return await self.auth.log_in(email, password, network)

    async def active(self, token: str) -> bool:
        return await self.auth.introspect(token) is not None
