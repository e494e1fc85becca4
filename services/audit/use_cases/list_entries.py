"""Read the audit trail page by page."""

from __future__ import annotations

from dataclasses import dataclass

from platformkit.service import Cursor, Page, page_of
from services.audit.domain.entry import Entry
from services.audit.use_cases.ports import Filter, Store


@dataclass(frozen=True, slots=True)
class ListEntries:
    """Reads entries, the latest first."""

    store: Store

    async def __call__(self, wanted: Filter, after: Cursor | None, limit: int) -> Page[Entry]:
        """Reads a page of up to `limit` entries.

        Raises:
            StoreUnavailableError: The store does not answer.
        """
        async with self.store.transaction() as entries:
            found = await entries.page(wanted, after, limit + 1)
        return page_of(found, limit, _cursor)


def _cursor(entry: Entry) -> Cursor:
    return Cursor(entry.occurrence.time, entry.entry_id)
