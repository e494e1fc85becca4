from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platformkit.service import Cursor, StoreUnavailableError
from services.audit.adapters.memory import MemoryStore
from services.audit.domain.entry import Cause, Entry, EntryKind, Occurrence
from services.audit.domain.errors import InvalidEntryError
from services.audit.use_cases.list_entries import ListEntries
from services.audit.use_cases.ports import Filter
from services.audit.use_cases.record_entry import RecordEntry

TIME = datetime(2026, 1, 2, tzinfo=UTC)


def happened(number: int, *, subject: str = "users/1", kind: EntryKind = EntryKind.USER_UPDATED) -> Occurrence:
    return Occurrence(kind, subject, TIME + timedelta(seconds=number), Cause("/plt/identity", f"e-{number}"))


async def recorded(*occurrences: Occurrence) -> tuple[MemoryStore, list[Entry]]:
    store = MemoryStore()
    async with store.transaction() as entries:
        return store, [await RecordEntry(entries, lambda: TIME)(occurrence) for occurrence in occurrences]


async def test_the_latest_comes_first() -> None:
    store, (one, two, three) = await recorded(happened(1), happened(2), happened(3))
    assert (await ListEntries(store)(Filter(), None, 10)).items == [three, two, one]


async def test_what_is_recorded_again_is_there_once() -> None:
    store, (one, _) = await recorded(happened(1), happened(1))
    assert (await ListEntries(store)(Filter(), None, 10)).items == [one]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        pytest.param(Filter(), {"e-1", "e-2", "e-3"}, id="everything"),
        pytest.param(Filter(subject="users/1"), {"e-1", "e-2"}, id="subject"),
        pytest.param(Filter(kind=EntryKind.USER_CREATED), {"e-2", "e-3"}, id="kind"),
        pytest.param(Filter("users/1", EntryKind.USER_CREATED), {"e-2"}, id="both"),
        pytest.param(Filter(subject="users"), set(), id="no prefix search"),
    ],
)
async def test_a_filter_leaves_what_fits(wanted: Filter, expected: set[str]) -> None:
    created = EntryKind.USER_CREATED
    store, _ = await recorded(happened(1), happened(2, kind=created), happened(3, kind=created, subject="users/2"))
    page = await ListEntries(store)(wanted, None, 10)
    assert {entry.occurrence.cause.event_id for entry in page.items} == expected


@given(count=st.integers(0, 12), limit=st.integers(1, 5), same_moment=st.booleans())
async def test_pages_give_each_entry_once_and_in_order(count: int, limit: int, same_moment: bool) -> None:
    occurrences = [happened(number) for number in range(count)]
    if same_moment:
        occurrences = [Occurrence(o.kind, o.subject, TIME, o.cause) for o in occurrences]
    store, entries = await recorded(*occurrences)
    seen: list[Entry] = []
    after: Cursor | None = None
    while True:
        page = await ListEntries(store)(Filter(), after, limit)
        assert len(page.items) <= limit
        seen += page.items
        after = page.next
        if after is None:
            break
    assert seen == sorted(entries, key=lambda entry: (entry.occurrence.time, entry.entry_id), reverse=True)


async def test_a_store_that_is_away_is_an_error_of_its_own() -> None:
    with pytest.raises(StoreUnavailableError):
        await ListEntries(MemoryStore(available=False))(Filter(), None, 10)


def test_a_subject_that_no_column_holds_cannot_be_asked_for() -> None:
    with pytest.raises(InvalidEntryError, match=r"U\+0000"):
        Filter(subject="users/\0")
