from datetime import UTC, datetime

import pytest

from services.identity.adapters.memory import MemoryCache, MemoryStore
from services.identity.domain.errors import (
    EmailTakenError,
    EtagStaleError,
    UserDeactivatedError,
    UserNotFoundError,
)
from services.identity.domain.events import UserDeactivated, UserUpdated
from services.identity.domain.user import Profile, User, UserChanges, UserData, UserStatus
from services.identity.use_cases.identity import Identity

NOW = datetime(2026, 1, 2, tzinfo=UTC)
ADA = User.create("00000000-0000-4000-8000-000000000001", UserData("ada@example.com", Profile("Ada")), NOW)
EVE = User.create("00000000-0000-4000-8000-000000000002", UserData("eve@example.com", Profile("Eve")), NOW)


def stored(*users: User) -> tuple[MemoryStore, MemoryCache, Identity]:
    store, cache = MemoryStore(users={user.user_id: user for user in users}), MemoryCache()
    return store, cache, Identity.on(store, cache)


async def test_an_update_is_stored_and_announced_with_its_fields() -> None:
    store, _, identity = stored(ADA)
    user = await identity.update(ADA.user_id, UserChanges(display_name="Ada L."), ADA.etag)
    assert store.users[ADA.user_id] == user
    assert store.events == [UserUpdated(user, ("profile.display_name",))]


async def test_an_update_that_changes_nothing_is_not_announced() -> None:
    store, _, identity = stored(ADA)
    assert await identity.update(ADA.user_id, UserChanges(email=ADA.data.email)) == ADA
    assert not store.events


async def test_an_update_with_a_stale_etag_changes_nothing() -> None:
    store, _, identity = stored(ADA)
    await identity.update(ADA.user_id, UserChanges(locale="de"), ADA.etag)
    with pytest.raises(EtagStaleError):
        await identity.update(ADA.user_id, UserChanges(locale="fr"), ADA.etag)
    assert store.users[ADA.user_id].data.profile.locale == "de"


async def test_an_update_to_the_address_of_another_user_is_refused() -> None:
    store, _, identity = stored(ADA, EVE)
    with pytest.raises(EmailTakenError):
        await identity.update(ADA.user_id, UserChanges(email="EVE@example.com"))
    assert store.users[ADA.user_id] == ADA


async def test_a_user_may_change_the_case_of_its_own_address() -> None:
    _, _, identity = stored(ADA)
    assert (await identity.update(ADA.user_id, UserChanges(email="ADA@example.com"))).data.email == "ADA@example.com"


async def test_a_deactivated_user_is_not_updated() -> None:
    _, _, identity = stored(ADA.deactivate(NOW))
    with pytest.raises(UserDeactivatedError):
        await identity.update(ADA.user_id, UserChanges(locale="de"))


async def test_a_deactivation_is_stored_and_announced() -> None:
    store, _, identity = stored(ADA)
    user = await identity.deactivate(ADA.user_id)
    assert user.status is UserStatus.DEACTIVATED
    assert store.events == [UserDeactivated(ADA.user_id, user.update_time)]


async def test_a_repeated_deactivation_succeeds_with_the_etag_of_before_and_is_not_announced_again() -> None:
    store, _, identity = stored(ADA)
    first = await identity.deactivate(ADA.user_id, ADA.etag)
    assert await identity.deactivate(ADA.user_id, ADA.etag) == first
    assert len(store.events) == 1


async def test_a_deactivation_with_a_stale_etag_is_refused() -> None:
    _, _, identity = stored(ADA)
    await identity.update(ADA.user_id, UserChanges(locale="de"))
    with pytest.raises(EtagStaleError):
        await identity.deactivate(ADA.user_id, ADA.etag)


async def test_an_unknown_user_is_neither_updated_nor_deactivated() -> None:
    _, _, identity = stored()
    with pytest.raises(UserNotFoundError):
        await identity.update(ADA.user_id, UserChanges(locale="de"))
    with pytest.raises(UserNotFoundError):
        await identity.deactivate(ADA.user_id)


async def test_a_reader_that_was_slower_than_a_change_does_not_bring_the_old_revision_back() -> None:
    _, cache, identity = stored(ADA)
    changed = await identity.update(ADA.user_id, UserChanges(locale="de"))
    await cache.put(ADA)
    assert await identity.get(ADA.user_id) == changed


async def test_a_change_succeeds_while_the_cache_is_away() -> None:
    _, cache, identity = stored(ADA)
    cache.available = False
    changed = await identity.update(ADA.user_id, UserChanges(locale="de"))
    assert await identity.get(ADA.user_id) == changed
