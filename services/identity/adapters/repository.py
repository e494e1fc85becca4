"""The users and their idempotency keys in PostgreSQL, schema identity, and their events in its outbox."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg
from typing_extensions import override

from platformkit.events import Connection, outbox, time_of
from platformkit.service import Cursor, PostgresStoreBase, StoreUnavailableError
from services.identity.adapters.messages import dump, event_message, load
from services.identity.domain.errors import EmailTakenError
from services.identity.domain.events import UserEvent
from services.identity.domain.user import Profile, Role, User, UserData, UserStatus
from services.identity.use_cases.ports import Claim

COLUMNS = "user_id, email, display_name, languages, roles, labels, status, create_time, update_time, revision"

FIND = f"SELECT {COLUMNS} FROM users WHERE user_id = $1"  # noqa: S608 - constants only

PAGE = f"""
    SELECT {COLUMNS} FROM users
    WHERE ($1::text IS NULL OR status = $1)
      AND ($2::timestamptz IS NULL OR (create_time, user_id) > ($2, $3::uuid))
    ORDER BY create_time, user_id
    LIMIT $4
"""  # noqa: S608 - constants only

ADD = f"""
    INSERT INTO users ({COLUMNS}, email_key)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""  # noqa: S608 - constants only

SAVE = """
    UPDATE users
    SET email = $2, display_name = $3, languages = $4, roles = $5, labels = $6, status = $7,
        create_time = $8, update_time = $9, revision = $10, email_key = $11
    WHERE user_id = $1
"""

# A key in flight makes this wait for its transaction; one that has expired is taken over.
CLAIM = """
    INSERT INTO idempotency_keys (key, fingerprint, user_id, user_snapshot, expire_time)
    VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (key) DO UPDATE
    SET fingerprint = excluded.fingerprint, user_id = excluded.user_id, user_snapshot = excluded.user_snapshot,
        expire_time = excluded.expire_time
    WHERE idempotency_keys.expire_time <= $6
    RETURNING key
"""

HELD = "SELECT fingerprint, user_snapshot, expire_time FROM idempotency_keys WHERE key = $1"

FORGET = "DELETE FROM idempotency_keys WHERE expire_time <= $1"


class PostgresUsers:
    """`Users` in the table users."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def find(self, user_id: str) -> User | None:
        """See `Users`."""
        row = await self._connection.fetchrow(FIND, user_id)
        return _user(row) if row else None

    async def find_for_change(self, user_id: str) -> User | None:
        """See `Users`."""
        row = await self._connection.fetchrow(f"{FIND} FOR UPDATE", user_id)
        return _user(row) if row else None

    async def page(self, status: UserStatus | None, after: Cursor | None, limit: int) -> Sequence[User]:
        """See `Users`."""
        rows = await self._connection.fetch(
            PAGE,
            status.value if status else None,
            after.time if after else None,
            after.id if after else None,
            limit,
        )
        return [_user(row) for row in rows]

    async def add(self, user: User) -> None:
        """See `Users`."""
        await self._write(ADD, user)

    async def save(self, user: User) -> None:
        """See `Users`."""
        await self._write(SAVE, user)

    async def _write(self, statement: str, user: User) -> None:
        try:
            await self._connection.execute(statement, *_row(user))
        except asyncpg.UniqueViolationError as error:
            if error.constraint_name != "users_email_key":
                raise
            raise EmailTakenError(user.data.email) from error


class PostgresKeys:
    """`IdempotencyKeys` in the table idempotency_keys."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def claim(self, claim: Claim, now: datetime) -> Claim | None:
        """See `IdempotencyKeys`."""
        # As bytes, because a key may hold characters that a text column does not.
        key = claim.key.encode()
        user = claim.user
        row = (key, claim.fingerprint, user.user_id, dump(user), claim.expire_time)
        if await self._connection.fetchrow(CLAIM, *row, now):
            return None
        held = await self._connection.fetchrow(HELD, key)
        if held is None:
            raise StoreUnavailableError("an idempotency key was forgotten while it was asked for")
        return Claim(claim.key, held["fingerprint"], load(held["user_snapshot"]), held["expire_time"])

    async def forget(self, now: datetime) -> None:
        """See `IdempotencyKeys`."""
        await self._connection.execute(FORGET, now)


class OutboxEvents:
    """`Events` in the outbox."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def publish(self, event: UserEvent) -> None:
        """See `Events`."""
        await outbox.append(self._connection, event_message(event), time=event.time)


@dataclass(frozen=True, slots=True)
class PostgresTransaction:
    """`Transaction` on one connection."""

    users: PostgresUsers
    keys: PostgresKeys
    events: OutboxEvents
    connection: Connection

    async def now(self) -> datetime:
        """See `Transaction`."""
        return await time_of(self.connection)


class PostgresStore(PostgresStoreBase[PostgresTransaction]):
    """`Store` in the schema identity."""

    @override
    def bind(self, connection: Connection) -> PostgresTransaction:
        return PostgresTransaction(
            PostgresUsers(connection), PostgresKeys(connection), OutboxEvents(connection), connection
        )

    @override
    async def probe(self, transaction: PostgresTransaction) -> None:
        await transaction.users.page(None, None, 1)


def _row(user: User) -> tuple[object, ...]:
    data = user.data
    return (
        user.user_id,
        data.email,
        data.profile.display_name,
        list(data.profile.languages),
        [role.value for role in data.roles],
        json.dumps(dict(data.labels)),
        user.status.value,
        user.create_time,
        user.update_time,
        user.revision,
        data.email_key,
    )


def _user(row: asyncpg.Record) -> User:
    data = UserData(
        email=row["email"],
        profile=Profile(row["display_name"], tuple(row["languages"])),
        roles=tuple(Role(role) for role in row["roles"]),
        labels=json.loads(row["labels"]),
    )
    status = UserStatus(row["status"])
    return User(str(row["user_id"]), data, status, row["create_time"], row["update_time"], row["revision"])
