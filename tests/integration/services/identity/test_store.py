"""What the use cases may expect of a store: true of the fake that unit tests use and of PostgreSQL alike."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import asyncpg
import pytest

from platformkit.postgres import create_pool
from platformkit.service import Cursor, StoreUnavailableError
from services.identity.adapters.memory import MemoryCache, MemoryStore
from services.identity.adapters.repository import PostgresStore
from services.identity.domain.errors import EmailTakenError, EtagStaleError
from services.identity.domain.user import Profile, Role, User, UserChanges, UserData, UserStatus
from services.identity.use_cases.create_user import CreateUser
from services.identity.use_cases.identity import Identity, new_id
from services.identity.use_cases.ports import Claim, Store
from tests.integration.services.forwarding import Forwarder

NOW = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)


def user(number: int, *, seconds: int = 0) -> User:
    data = UserData(
        f"User-{number}@example.com",
        Profile(f"Üser {number} \u2028 \U0001f600", ("en-GB",)),
        (Role.AUDITOR, Role.MEMBER),
        {"team": "engines", "quote": 'a "b" \\ c'},
    )
    return User.create(f"00000000-0000-4000-8000-{number:012}", data, NOW + timedelta(seconds=seconds))


@pytest.fixture(params=["memory", "postgres"])
def store(request: pytest.FixtureRequest) -> Store:
    if request.param == "memory":
        return MemoryStore()
    return PostgresStore(request.getfixturevalue("pool"))


async def put(store: Store, *users: User) -> None:
    async with store.transaction() as transaction:
        for each in users:
            await transaction.users.add(each)


async def found(store: Store, user_id: str) -> User | None:
    async with store.transaction() as transaction:
        return await transaction.users.find(user_id)


async def test_a_user_is_found_as_it_was_stored(store: Store) -> None:
    await put(store, user(1))
    assert await found(store, user(1).user_id) == user(1)


async def test_a_saved_revision_replaces_the_one_before(store: Store) -> None:
    await put(store, user(1))
    changed = user(1).change(user(1).data.with_changes(UserChanges(email="new@example.com", roles=())), NOW)
    async with store.transaction() as transaction:
        await transaction.users.save(changed.deactivate(NOW))
    assert await found(store, user(1).user_id) == changed.deactivate(NOW)


async def test_what_raises_leaves_nothing_behind(store: Store) -> None:
    async def fail() -> None:
        async with store.transaction() as transaction:
            await transaction.users.add(user(1))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await found(store, user(1).user_id) is None


async def test_an_address_is_taken_whatever_its_case(store: Store) -> None:
    await put(store, user(1))
    shouting = replace(user(2), data=replace(user(2).data, email=user(1).data.email.upper()))
    with pytest.raises(EmailTakenError):
        await put(store, shouting)


async def test_a_page_starts_after_its_cursor_and_orders_equal_times_by_identifier(store: Store) -> None:
    users = [user(1, seconds=1), user(2), user(3), user(4, seconds=2).deactivate(NOW)]
    await put(store, *users)
    async with store.transaction() as transaction:
        everybody = await transaction.users.page(None, None, 10)
        after = await transaction.users.page(None, Cursor(user(2).create_time, user(2).user_id), 2)
        gone = await transaction.users.page(UserStatus.DEACTIVATED, None, 10)
    assert list(everybody) == [user(2), user(3), user(1, seconds=1), users[3]]
    assert list(after) == [user(3), user(1, seconds=1)]
    assert list(gone) == [users[3]]


async def test_a_key_is_held_until_it_expires(store: Store) -> None:
    first = Claim("key \0 \U0001f600", b"one", user(1), NOW + timedelta(hours=1))
    second = Claim(first.key, b"two", user(2), NOW + timedelta(hours=3))
    async with store.transaction() as transaction:
        assert await transaction.keys.claim(first, NOW) is None
        assert await transaction.keys.claim(second, NOW) == first
        assert await transaction.keys.claim(second, first.expire_time) is None
        assert await transaction.keys.claim(first, first.expire_time) == second


async def test_expired_keys_are_forgotten_and_others_kept(store: Store) -> None:
    old = Claim("old", b"one", user(1), NOW)
    young = Claim("young", b"one", user(1), NOW + timedelta(hours=1))
    async with store.transaction() as transaction:
        await transaction.keys.claim(old, NOW - timedelta(hours=1))
        await transaction.keys.claim(young, NOW - timedelta(hours=1))
        await transaction.keys.forget(NOW)
        assert await transaction.keys.claim(old, NOW - timedelta(hours=1)) is None
        assert await transaction.keys.claim(young, NOW - timedelta(hours=1)) == young


@pytest.fixture
def postgres_store(pool: asyncpg.Pool) -> PostgresStore:
    return PostgresStore(pool)


async def test_of_many_creations_with_one_key_at_once_one_creates(postgres_store: PostgresStore) -> None:
    create = CreateUser(postgres_store, new_id)
    users = await asyncio.gather(*(create(user(1).data, "key") for _ in range(8)))
    assert len({each.user_id for each in users}) == 1


async def test_of_many_changes_to_one_revision_at_once_one_succeeds(postgres_store: PostgresStore) -> None:
    await put(postgres_store, user(1))
    identity = Identity.on(postgres_store, MemoryCache())
    changes = [UserChanges(display_name=f"Name {number}") for number in range(8)]
    results = await asyncio.gather(
        *(identity.update(user(1).user_id, change, "r1") for change in changes), return_exceptions=True
    )
    assert [type(result) for result in results].count(User) == 1
    assert [type(result) for result in results].count(EtagStaleError) == 7


async def test_an_event_waits_in_the_outbox_if_and_only_if_its_transaction_commits(
    postgres_store: PostgresStore, pool: asyncpg.Pool
) -> None:
    await CreateUser(postgres_store, new_id)(user(1).data)
    with pytest.raises(EmailTakenError):
        await CreateUser(postgres_store, new_id)(user(1).data)
    rows = await pool.fetch("SELECT topic, key FROM outbox")
    assert [row["topic"] for row in rows] == ["plt.identity.user.v1"]


async def test_a_store_that_is_away_is_unavailable_and_comes_back_by_itself(environ: Mapping[str, str]) -> None:
    address = urlsplit(environ["POSTGRES_DSN"])
    async with Forwarder(str(address.hostname), address.port or 0) as way:
        dsn = environ["POSTGRES_DSN"].replace(f":{address.port}/", f":{way.port}/")
        async with await create_pool(dsn) as pool:
            store = PostgresStore(pool)
            await put(store, user(1))
            await way.cut()
            with pytest.raises(StoreUnavailableError):
                await found(store, user(1).user_id)
            await way.mend()
            assert await found(store, user(1).user_id) == user(1)
