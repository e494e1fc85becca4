"""The sessions and their refresh tokens in PostgreSQL, schema auth."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from platformkit.events import Connection
from services.auth.domain.session import RefreshToken, Session

_ADD = "INSERT INTO sessions (session_id, user_id, create_time, expire_time, end_time) VALUES ($1, $2, $3, $4, $5)"
_ADD_TOKEN = """
    INSERT INTO refresh_tokens (digest, session_id, issue_time, access_id, access_expire_time, use_time)
    VALUES ($1, $2, $3, $4, $5, $6)
"""  # noqa: S105 - a statement
_FIND = "SELECT session_id, user_id, create_time, expire_time, end_time FROM sessions WHERE session_id = $1"
_TOKEN_COLUMNS = "digest, session_id, issue_time, access_id, access_expire_time, use_time"  # noqa: S105 - columns
_FIND_TOKEN = f"SELECT {_TOKEN_COLUMNS} FROM refresh_tokens WHERE digest = $1"  # noqa: S608 - constants only
_USE = "UPDATE refresh_tokens SET use_time = $2 WHERE digest = $1"
_END = "UPDATE sessions SET end_time = $2 WHERE session_id = $1"
_END_ALL = "UPDATE sessions SET end_time = $2 WHERE user_id = $1 AND end_time IS NULL AND expire_time > $2"
_ALIVE = f"""
    SELECT {_TOKEN_COLUMNS} FROM refresh_tokens WHERE session_id = $1 AND access_expire_time > $2
"""  # noqa: S608 - constants only
_FORGET = "DELETE FROM sessions WHERE least(expire_time, end_time) < $1"


class PostgresSessions:
    """`Sessions` in the tables sessions and refresh_tokens."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, session: Session) -> None:
        """See `Sessions`."""
        row = (session.session_id, session.user_id, session.create_time, session.expire_time, session.end_time)
        await self._connection.execute(_ADD, *row)

    async def add_token(self, token: RefreshToken) -> None:
        """See `Sessions`."""
        row = (token.digest, token.session_id, token.issue_time, token.access_id, token.access_expire_time)
        await self._connection.execute(_ADD_TOKEN, *row, token.use_time)

    async def find(self, session_id: str) -> Session | None:
        """See `Sessions`."""
        row = await self._connection.fetchrow(_FIND, session_id) if _is_uuid(session_id) else None
        return _session(row) if row else None

    async def find_token(self, digest: bytes) -> tuple[Session, RefreshToken] | None:
        """See `Sessions`."""
        return await self._token(digest, _FIND)

    async def find_token_for_change(self, digest: bytes) -> tuple[Session, RefreshToken] | None:
        """See `Sessions`."""
        found = await self._token(digest, f"{_FIND} FOR UPDATE")
        # Again, for whoever held the session may have used the token.
        return found and await self._token(digest, _FIND)

    async def use(self, digest: bytes, now: datetime) -> None:
        """See `Sessions`."""
        await self._connection.execute(_USE, digest, now)

    async def end(self, session_id: str, now: datetime) -> None:
        """See `Sessions`."""
        await self._connection.execute(_END, session_id, now)

    async def end_all(self, user_id: str, now: datetime) -> int:
        """See `Sessions`."""
        status: str = await self._connection.execute(_END_ALL, user_id, now)
        return int(status.rpartition(" ")[2])

    async def tokens_alive(self, session_id: str, now: datetime) -> Sequence[RefreshToken]:
        """See `Sessions`."""
        return [_refresh_token(row) for row in await self._connection.fetch(_ALIVE, session_id, now)]

    async def forget(self, before: datetime) -> None:
        """See `Sessions`."""
        await self._connection.execute(_FORGET, before)

    async def _token(self, digest: bytes, find: str) -> tuple[Session, RefreshToken] | None:
        token = await self._connection.fetchrow(_FIND_TOKEN, digest)
        session = await self._connection.fetchrow(find, token["session_id"]) if token else None
        return (_session(session), _refresh_token(token)) if session and token else None


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _session(row: asyncpg.Record) -> Session:
    return Session(str(row["session_id"]), str(row["user_id"]), row["create_time"], row["expire_time"], row["end_time"])


def _refresh_token(row: asyncpg.Record) -> RefreshToken:
    return RefreshToken(
        digest=row["digest"],
        session_id=str(row["session_id"]),
        issue_time=row["issue_time"],
        access_id=row["access_id"],
        access_expire_time=row["access_expire_time"],
        use_time=row["use_time"],
    )
