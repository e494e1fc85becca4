"""The accounts and the attempts on them in PostgreSQL, schema auth."""

from __future__ import annotations

from datetime import datetime

import asyncpg

from platformkit.events import Connection
from services.auth.domain.account import Account
from services.auth.domain.attempts import Attempts
from services.auth.domain.errors import CredentialsExistError
from services.auth.use_cases.ports import Target

_COLUMNS = "user_id, email_key, roles, active, password_hash, password_time, version, update_time"

_FIND = f"SELECT {_COLUMNS} FROM accounts WHERE user_id = $1"  # noqa: S608 - constants only

# Of two users of one address, the one who got it last: the other one's event is still on its way.
_BY_EMAIL = f"""
    SELECT {_COLUMNS} FROM accounts WHERE email_key = $1 ORDER BY update_time DESC LIMIT 1
"""  # noqa: S608 - constants only

_ADD = f"INSERT INTO accounts ({_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"  # noqa: S608 - constants only

_SAVE = """
    UPDATE accounts
    SET email_key = $2, roles = $3, active = $4, password_hash = $5, password_time = $6, version = $7, update_time = $8
    WHERE user_id = $1
"""

# A row that is not there cannot be locked, so it is made, in the statement that locks it: nobody removes it in between.
_ATTEMPTS = """
    INSERT INTO attempts (target, key, failures) VALUES ($1, $2, 0)
    ON CONFLICT (target, key) DO UPDATE SET failures = attempts.failures
    RETURNING failures, last_time, locked_until
"""
_SAVE_ATTEMPTS = """
    UPDATE attempts SET failures = $3, last_time = $4, locked_until = $5 WHERE target = $1 AND key = $2
"""
_FORGET_ATTEMPTS = """
    DELETE FROM attempts
    WHERE (target, key) IN (
        SELECT target, key FROM attempts WHERE last_time IS NULL OR last_time < $1 FOR UPDATE SKIP LOCKED
    )
"""


class PostgresAccounts:
    """`Accounts` in the table accounts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def by_email(self, email_key: str) -> Account | None:
        """See `Accounts`."""
        # What only the end of a user left behind has no address, and nobody logs in with none.
        row = await self._connection.fetchrow(_BY_EMAIL, email_key) if email_key else None
        return _account(row) if row else None

    async def find(self, user_id: str) -> Account | None:
        """See `Accounts`."""
        row = await self._connection.fetchrow(_FIND, user_id)
        return _account(row) if row else None

    async def find_for_change(self, user_id: str) -> Account | None:
        """See `Accounts`."""
        row = await self._connection.fetchrow(f"{_FIND} FOR UPDATE", user_id)
        return _account(row) if row else None

    async def add(self, account: Account) -> None:
        """See `Accounts`."""
        try:
            await self._connection.execute(_ADD, *_row(account))
        except asyncpg.UniqueViolationError as error:
            raise CredentialsExistError(account.user_id) from error

    async def save(self, account: Account) -> None:
        """See `Accounts`."""
        await self._connection.execute(_SAVE, *_row(account))


class PostgresAttempts:
    """`AttemptLog` in the table attempts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def find_for_change(self, target: Target, key: bytes) -> Attempts:
        """See `AttemptLog`."""
        (row,) = await self._connection.fetch(_ATTEMPTS, target.value, key)
        return Attempts(row["failures"], row["last_time"], row["locked_until"])

    async def save(self, target: Target, key: bytes, attempts: Attempts) -> None:
        """See `AttemptLog`."""
        row = (target.value, key, attempts.failures, attempts.last_time, attempts.locked_until)
        await self._connection.execute(_SAVE_ATTEMPTS, *row)

    async def forget(self, before: datetime) -> None:
        """See `AttemptLog`."""
        await self._connection.execute(_FORGET_ATTEMPTS, before)


def _row(account: Account) -> tuple[object, ...]:
    return (
        account.user_id,
        account.email_key,
        list(account.roles),
        account.active,
        account.password_hash,
        account.password_time,
        account.version,
        account.update_time,
    )


def _account(row: asyncpg.Record) -> Account:
    return Account(
        user_id=str(row["user_id"]),
        email_key=row["email_key"],
        roles=tuple(row["roles"]),
        active=row["active"],
        password_hash=row["password_hash"],
        password_time=row["password_time"],
        version=row["version"],
        update_time=row["update_time"],
    )
