"""Read the audit trail page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.audit.domain.entry import Entry
from services.audit.use_cases.ports import Cursor, Filter, Store


@dataclass(frozen=True, slots=True)
class Page:
    """Some entries, and where the next page starts; None after the last one."""

    entries: Sequence[Entry]
    next: Cursor | None


@dataclass(frozen=True, slots=True)
class ListEntries:
    """Reads entries, the latest first."""

    store: Store

    async def __call__(self, wanted: Filter, after: Cursor | None, limit: int) -> Page:
        """Reads a page of up to `limit` entries.

        Raises:
            StoreUnavailableError: The store does not answer.
        """
        async with self.store.transaction() as entries:
            # One more than asked for tells whether there is a next page.
            found = await entries.page(wanted, after, limit + 1)
        if len(found) <= limit:
            return Page(found, None)
        last = found[limit - 1]
        return Page(found[:limit], Cursor(last.occurrence.time, last.entry_id))
