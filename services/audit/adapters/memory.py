"""Fakes of what the use cases need: the rules of the real adapters without their store, for unit tests only."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from platformkit.service import Cursor, StoreUnavailableError
from services.audit.domain.entry import Entry
from services.audit.use_cases.ports import Filter


@dataclass(slots=True)
class MemoryEntries:
    """`Entries` in a dictionary."""

    rows: dict[str, Entry] = field(default_factory=dict)

    async def add(self, entry: Entry) -> None:
        """See `Entries`."""
        self.rows.setdefault(entry.entry_id, entry)

    async def page(self, wanted: Filter, after: Cursor | None, limit: int) -> Sequence[Entry]:
        """See `Entries`."""
        end = (after.time, after.id) if after else None
        latest_first = sorted(self.rows.values(), key=_position, reverse=True)
        fitting = [entry for entry in latest_first if _fits(entry, wanted) and (end is None or _position(entry) < end)]
        return fitting[:limit]


@dataclass(slots=True)
class MemoryStore:
    """`Store` in this process; `available` takes it away."""

    entries: MemoryEntries = field(default_factory=MemoryEntries)
    available: bool = True

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[MemoryEntries]:
        """See `Store`."""
        if not self.available:
            raise StoreUnavailableError("the store was made unavailable")
        before = dict(self.entries.rows)
        try:
            yield self.entries
        except BaseException:
            self.entries.rows = before
            raise


def _position(entry: Entry) -> tuple[datetime, str]:
    return (entry.occurrence.time, entry.entry_id)


def _fits(entry: Entry, wanted: Filter) -> bool:
    return wanted.subject in {"", entry.occurrence.subject} and wanted.kind in {None, entry.occurrence.kind}
