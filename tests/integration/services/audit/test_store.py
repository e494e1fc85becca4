from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from platformkit.events import Pool
from platformkit.postgres import create_pool
from platformkit.service import Cursor, StoreUnavailableError
from services.audit.adapters.memory import MemoryStore
from services.audit.adapters.repository import PostgresStore
from services.audit.domain.entry import Cause, Entry, EntryKind, Occurrence
from services.audit.use_cases.list_entries import ListEntries
from services.audit.use_cases.ports import Filter, Store
from tests.integration.services.forwarding import Forwarder

TIME = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)


def entry(number: int, *, subject: str = "users/1", kind: EntryKind = EntryKind.USER_UPDATED) -> Entry:
    cause = Cause("/plt/identity", f"e-{number}", f"r-{number}")
    # Two and two at the same moment, so that the time alone orders nothing.
    moment = TIME + timedelta(seconds=number // 2)
    return Entry.of(Occurrence(kind, subject, moment, cause, ("email",), {"email": "ada@example.com"}), TIME)


@pytest.fixture(params=["memory", "postgres"])
def store(request: pytest.FixtureRequest, pool: Pool) -> Store:
    return MemoryStore() if request.param == "memory" else PostgresStore(pool)


async def add(store: Store, *added: Entry) -> None:
    async with store.transaction() as entries:
        for one in added:
            await entries.add(one)


async def test_an_entry_is_read_as_it_was_stored(store: Store) -> None:
    await add(store, entry(1))
    assert list((await ListEntries(store)(Filter(), None, 10)).items) == [entry(1)]


async def test_an_entry_that_is_stored_again_stays_as_it_is(store: Store) -> None:
    await add(store, entry(1))
    await add(store, entry(1))
    assert len((await ListEntries(store)(Filter(), None, 10)).items) == 1


async def test_pages_give_each_entry_once_the_latest_first(store: Store) -> None:
    stored = [entry(number) for number in range(7)]
    await add(store, *stored)
    seen: list[Entry] = []
    after: Cursor | None = None
    while not seen or after is not None:
        page = await ListEntries(store)(Filter(), after, 3)
        seen += page.items
        after = page.next
    assert seen == sorted(stored, key=lambda one: (one.occurrence.time, one.entry_id), reverse=True)


async def test_a_filter_leaves_what_fits(store: Store) -> None:
    created = EntryKind.USER_CREATED
    await add(store, entry(1), entry(2, kind=created), entry(3, kind=created, subject="users/2"))
    page = await ListEntries(store)(Filter("users/1", created), None, 10)
    assert list(page.items) == [entry(2, kind=created)]


async def test_what_a_failed_transaction_stored_is_gone(store: Store) -> None:
    async def fail() -> None:
        async with store.transaction() as entries:
            await entries.add(entry(1))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert list((await ListEntries(store)(Filter(), None, 10)).items) == []


async def test_a_store_that_was_away_answers_again(environ: Mapping[str, str]) -> None:
    dsn = environ["POSTGRES_DSN"]
    port = urlsplit(dsn).port or 0
    async with (
        Forwarder("127.0.0.1", port) as way,
        await create_pool(dsn.replace(f":{port}/", f":{way.port}/")) as pool,
    ):
        store = PostgresStore(pool)
        await add(store, entry(1))
        await way.cut()
        with pytest.raises(StoreUnavailableError):
            await add(store, entry(2))
        await way.mend()
        await add(store, entry(3))
        page = await ListEntries(store)(Filter(), None, 10)
    assert {one.occurrence.cause.event_id for one in page.items} == {"e-1", "e-3"}
