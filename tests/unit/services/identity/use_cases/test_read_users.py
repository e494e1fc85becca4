from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platformkit.service import Cursor, StoreUnavailableError
from services.identity.adapters.memory import MemoryCache, MemoryStore
from services.identity.domain.errors import UserNotFoundError
from services.identity.domain.user import Profile, User, UserData, UserStatus
from services.identity.use_cases.read_users import GetUser, ListUsers

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def user(number: int, *, minutes: int = 0) -> User:
    data = UserData(f"user{number}@example.com", Profile(f"User {number}"))
    return User.create(f"00000000-0000-4000-8000-{number:012}", data, NOW + timedelta(minutes=minutes))


def stored(*users: User) -> MemoryStore:
    return MemoryStore(users={u.user_id: u for u in users})


async def test_a_user_read_once_is_answered_from_the_cache_while_the_store_is_away() -> None:
    store, cache = stored(user(1)), MemoryCache()
    get = GetUser(store, cache)
    first = await get(user(1).user_id)
    store.available = False
    assert await get(user(1).user_id) == first


async def test_a_user_that_nobody_read_is_unavailable_while_the_store_is_away() -> None:
    store = stored(user(1))
    store.available = False
    with pytest.raises(StoreUnavailableError):
        await GetUser(store, MemoryCache())(user(1).user_id)


async def test_an_unknown_user_is_not_found() -> None:
    with pytest.raises(UserNotFoundError):
        await GetUser(stored(), MemoryCache())(user(1).user_id)


@given(moments=st.lists(st.integers(0, 3), max_size=12), size=st.integers(1, 5))
async def test_the_pages_together_are_every_user_once_in_the_order_of_creation(moments: list[int], size: int) -> None:
    users = [user(number, minutes=minutes) for number, minutes in enumerate(moments)]
    listing, after, last = ListUsers(stored(*users)), None, False
    seen: list[User] = []
    while not last:
        page = await listing(None, after, size)
        assert len(page.items) <= size
        seen += page.items
        after, last = page.next, page.next is None
    assert seen == sorted(users, key=lambda u: (u.create_time, u.user_id))


async def test_a_page_holds_users_of_the_status_only() -> None:
    gone = user(2).deactivate(NOW)
    page = await ListUsers(stored(user(1), gone))(UserStatus.DEACTIVATED, None, 10)
    assert (page.items, page.next) == ([gone], None)


async def test_the_next_page_starts_after_the_last_user_of_this_one() -> None:
    page = await ListUsers(stored(user(1), user(2)))(None, None, 1)
    assert page.next == Cursor(NOW, user(1).user_id)
