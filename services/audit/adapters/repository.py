"""The entries in PostgreSQL, schema audit."""

from __future__ import annotations

import json
from collections.abc import Sequence

import asyncpg
from typing_extensions import override

from platformkit.events import Connection
from platformkit.service import Cursor
from platformkit.service.store import PostgresStoreBase
from services.audit.domain.entry import Cause, Entry, EntryKind, Occurrence
from services.audit.use_cases.ports import Filter

ADD = """
    INSERT INTO entries
        (entry_id, kind, subject, source, event_id, request_id, occur_time, record_time, changed_fields, details)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    ON CONFLICT (entry_id) DO NOTHING
"""

PAGE = """
    SELECT entry_id, kind, subject, source, event_id, request_id, occur_time, record_time, changed_fields, details
    FROM entries
    WHERE ($1::text = '' OR subject = $1)
      AND ($2::text IS NULL OR kind = $2)
      AND ($3::timestamptz IS NULL OR (occur_time, entry_id) < ($3, $4::uuid))
    ORDER BY occur_time DESC, entry_id DESC
    LIMIT $5
"""


class PostgresEntries:
    """`Entries` in the table entries.

    Args:
        connection: A connection inside a transaction, whose search path leads to the schema audit.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, entry: Entry) -> None:
        """See `Entries`."""
        await self._connection.execute(ADD, *_row(entry))

    async def page(self, wanted: Filter, after: Cursor | None, limit: int) -> Sequence[Entry]:
        """See `Entries`."""
        rows = await self._connection.fetch(
            PAGE,
            wanted.subject,
            wanted.kind.value if wanted.kind else None,
            after.time if after else None,
            after.id if after else None,
            limit,
        )
        return [_entry(row) for row in rows]


class PostgresStore(PostgresStoreBase[PostgresEntries]):
    """`Store` in the schema audit."""

    @override
    def bind(self, connection: Connection) -> PostgresEntries:
        return PostgresEntries(connection)

    @override
    async def probe(self, transaction: PostgresEntries) -> None:
        await transaction.page(Filter(), None, 1)


def _row(entry: Entry) -> tuple[object, ...]:
    occurrence = entry.occurrence
    return (
        entry.entry_id,
        occurrence.kind.value,
        occurrence.subject,
        occurrence.cause.source,
        occurrence.cause.event_id,
        occurrence.cause.request_id,
        occurrence.time,
        entry.record_time,
        occurrence.changed_fields,
        json.dumps(dict(occurrence.details)),
    )


def _entry(row: asyncpg.Record) -> Entry:
    occurrence = Occurrence(
        kind=EntryKind(row["kind"]),
        subject=row["subject"],
        time=row["occur_time"],
        cause=Cause(row["source"], row["event_id"], row["request_id"]),
        changed_fields=tuple(row["changed_fields"]),
        details=json.loads(row["details"]),
    )
    return Entry(str(row["entry_id"]), occurrence, row["record_time"])
