"""Base of a service's store in PostgreSQL: transactions, and what becomes of an outage."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, Generic, TypeVar

import asyncpg

from platformkit.events import Connection, Pool
from platformkit.postgres import OUTAGES
from platformkit.service.errors import StoreUnavailableError
from platformkit.telemetry import Kind, span
from platformkit.telemetry.conventions import DATABASE, POSTGRESQL

ACQUIRE_SECONDS: Final = 5.0
"""How long a request waits for a connection before the store counts as away."""

# A deadlock is resolved by trying again, as an outage is.
RETRIABLE: Final[tuple[type[Exception], ...]] = (
    *OUTAGES,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
)

_FACTS: Final = {DATABASE: POSTGRESQL}

Transaction = TypeVar("Transaction")


class PostgresStoreBase(ABC, Generic[Transaction]):
    """A store on a pool whose role reads and writes the schema of the service.

    Args:
        pool: Connections whose search path leads to that schema.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    @abstractmethod
    def bind(self, connection: Connection) -> Transaction:
        """Return what use cases see of a transaction on this connection."""

    @abstractmethod
    async def probe(self, transaction: Transaction) -> None:
        """Ask for something that needs the tables; whether there is any does not matter."""

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Begin a transaction; it commits when the block ends and rolls back when the block raises.

        Raises:
            StoreUnavailableError: The store does not answer, or asks for the transaction to be tried again.
        """
        try:
            # What nobody asked for, such as a look whether the store is there, is no trace of its own.
            with span("transaction", Kind.CLIENT, _FACTS, begins=False):
                async with self._pool.acquire(timeout=ACQUIRE_SECONDS) as connection, connection.transaction():
                    yield self.bind(connection)
        except RETRIABLE as error:
            raise StoreUnavailableError(str(error) or type(error).__name__) from error

    async def require_tables(self) -> None:
        """Return if requests can be answered.

        Raises:
            StoreUnavailableError: The store does not answer.
            asyncpg.UndefinedTableError: The schema was not migrated.
        """
        async with self.transaction() as transaction:
            await self.probe(transaction)
