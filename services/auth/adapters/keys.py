"""The signing keys and the revocations in PostgreSQL, schema auth."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from platformkit.events import Connection
from services.auth.domain.key_schedule import StoredKey
from services.auth.domain.revocation import AccountRevocation, Revocation, TokenRevocation

# A lock of the table and not one by number: those of numbers are shared by all schemas, and a table by nobody else.
_LOCK = "LOCK TABLE signing_keys IN SHARE ROW EXCLUSIVE MODE"
_ALL = "SELECT key_id, start_time, public_key, private_key FROM signing_keys ORDER BY start_time, key_id"
_ADD = "INSERT INTO signing_keys (key_id, start_time, public_key, private_key) VALUES ($1, $2, $3, $4)"
_REMOVE = "DELETE FROM signing_keys WHERE key_id = $1"

_REVOKE = "INSERT INTO revocations (kind, name, version, expire_time) VALUES ($1, $2, $3, $4)"
_WAITING = """
    SELECT number, kind, name, version, expire_time FROM revocations
    WHERE NOT announced ORDER BY number LIMIT $1 FOR UPDATE SKIP LOCKED
"""
_ANNOUNCED = "UPDATE revocations SET announced = true WHERE number = ANY($1::bigint[])"
_REPEAT = "UPDATE revocations SET announced = false WHERE announced AND expire_time > $1"
_FORGET = "DELETE FROM revocations WHERE expire_time < $1"


class PostgresKeys:
    """`Keys` in the table signing_keys."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def lock(self) -> None:
        """See `Keys`."""
        await self._connection.execute(_LOCK)

    async def all(self) -> Sequence[StoredKey]:
        """See `Keys`."""
        return [StoredKey(*row) for row in await self._connection.fetch(_ALL)]

    async def add(self, key: StoredKey) -> None:
        """See `Keys`."""
        await self._connection.execute(_ADD, key.key_id, key.start_time, key.public, key.private)

    async def remove(self, key_id: str) -> None:
        """See `Keys`."""
        await self._connection.execute(_REMOVE, key_id)


class PostgresRevocations:
    """`RevocationLog` in the table revocations."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, revocation: Revocation) -> None:
        """See `RevocationLog`."""
        if isinstance(revocation, TokenRevocation):
            row: tuple[object, ...] = ("token", revocation.token_id, 1, revocation.expire_time)
        else:
            row = ("account", revocation.user_id, revocation.version, revocation.expire_time)
        await self._connection.execute(_REVOKE, *row)

    async def waiting(self, limit: int) -> Sequence[tuple[int, Revocation]]:
        """See `RevocationLog`."""
        return [(row["number"], _revocation(row)) for row in await self._connection.fetch(_WAITING, limit)]

    async def announced(self, numbers: Sequence[int]) -> None:
        """See `RevocationLog`."""
        await self._connection.execute(_ANNOUNCED, list(numbers))

    async def repeat(self, now: datetime) -> None:
        """See `RevocationLog`."""
        await self._connection.execute(_REPEAT, now)

    async def forget(self, before: datetime) -> None:
        """See `RevocationLog`."""
        await self._connection.execute(_FORGET, before)


def _revocation(row: asyncpg.Record) -> Revocation:
    if row["kind"] == "token":
        return TokenRevocation(row["name"], row["expire_time"])
    return AccountRevocation(row["name"], row["version"], row["expire_time"])
