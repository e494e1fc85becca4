"""The store of the service in PostgreSQL, schema auth, with the events in its outbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from typing_extensions import override

from platformkit.events import Connection, outbox
from platformkit.service import PostgresStoreBase
from services.auth.adapters.accounts import PostgresAccounts, PostgresAttempts
from services.auth.adapters.keys import PostgresKeys, PostgresRevocations
from services.auth.adapters.messages import event_message
from services.auth.adapters.sessions import PostgresSessions
from services.auth.domain.events import AuthEvent


class OutboxEvents:
    """`Events` in the outbox."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def publish(self, event: AuthEvent) -> None:
        """See `Events`."""
        await outbox.append(self._connection, event_message(event))


@dataclass(frozen=True, slots=True)
class PostgresTransaction:
    """`Transaction` on one connection."""

    connection: Connection
    accounts: PostgresAccounts
    sessions: PostgresSessions
    attempts: PostgresAttempts
    keys: PostgresKeys
    revocations: PostgresRevocations
    events: OutboxEvents

    @classmethod
    def on(cls, connection: Connection) -> PostgresTransaction:
        """Return what use cases see of a transaction on a connection."""
        return cls(
            connection,
            PostgresAccounts(connection),
            PostgresSessions(connection),
            PostgresAttempts(connection),
            PostgresKeys(connection),
            PostgresRevocations(connection),
            OutboxEvents(connection),
        )

    async def now(self) -> datetime:
        """See `Transaction`."""
        # Not now(), which is when the transaction began: it may have waited for a lock since then.
        time: datetime = await self.connection.fetchval("SELECT clock_timestamp()")
        return time


class PostgresStore(PostgresStoreBase[PostgresTransaction]):
    """`Store` in the schema auth."""

    @override
    def bind(self, connection: Connection) -> PostgresTransaction:
        return PostgresTransaction.on(connection)

    @override
    async def probe(self, transaction: PostgresTransaction) -> None:
        await transaction.revocations.waiting(1)
