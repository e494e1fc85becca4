"""The store of the service in PostgreSQL, schema notification."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from typing_extensions import override

from platformkit.events import Connection, time_of
from platformkit.service import PostgresStoreBase
from services.notification.adapters.notifications import PostgresNotifications
from services.notification.adapters.recipients import PostgresFailures, PostgresRecipients

# Belongs to nobody.
_NOBODY = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True, slots=True)
class PostgresTransaction:
    """`Transaction` on one connection."""

    connection: Connection
    recipients: PostgresRecipients
    failures: PostgresFailures
    notifications: PostgresNotifications

    @classmethod
    def on(cls, connection: Connection) -> PostgresTransaction:
        """Return what use cases see of a transaction on a connection."""
        return cls(
            connection,
            PostgresRecipients(connection),
            PostgresFailures(connection),
            PostgresNotifications(connection),
        )

    async def now(self) -> datetime:
        """See `Transaction`."""
        return await time_of(self.connection)


class PostgresStore(PostgresStoreBase[PostgresTransaction]):
    """`Store` in the schema notification."""

    @override
    def bind(self, connection: Connection) -> PostgresTransaction:
        return PostgresTransaction.on(connection)

    @override
    async def probe(self, transaction: PostgresTransaction) -> None:
        await transaction.notifications.page(_NOBODY, None, None, 1)
