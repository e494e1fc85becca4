"""Record what happened."""

from __future__ import annotations

from dataclasses import dataclass

from platformkit.service import Clock, now
from services.audit.domain.entry import Entry, Occurrence
from services.audit.use_cases.ports import Entries


@dataclass(frozen=True, slots=True)
class RecordEntry:
    """Adds to the audit trail, inside the transaction of its caller."""

    entries: Entries
    clock: Clock = now

    async def __call__(self, occurrence: Occurrence) -> Entry:
        """Records an occurrence; the same one again changes nothing."""
        entry = Entry.of(occurrence, self.clock())
        await self.entries.add(entry)
        return entry
