from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from platformkit.service import StoreUnavailableError
from services.identity.adapters.memory import MemoryStore
from services.identity.domain.errors import EmailTakenError, IdempotencyKeyReusedError
from services.identity.domain.events import UserCreated
from services.identity.domain.user import Profile, UserData
from services.identity.use_cases.create_user import KEY_LIFETIME, CreateUser

NOW = datetime(2026, 1, 2, tzinfo=UTC)
ADA = UserData("ada@example.com", Profile("Ada"))
EVE = UserData("eve@example.com", Profile("Eve"))


class Watch:
    """The clock of a store, set by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def creating(store: MemoryStore, watch: Watch | None = None) -> CreateUser:
    numbers = count(1)
    store.clock = watch or Watch()
    return CreateUser(store, lambda: f"00000000-0000-4000-8000-{next(numbers):012}")


async def test_a_created_user_is_stored_and_announced() -> None:
    store = MemoryStore()
    user = await creating(store)(ADA)
    assert store.users == {user.user_id: user}
    assert store.events == [UserCreated(user)]


async def test_the_same_key_with_the_same_data_answers_with_the_user_created_first() -> None:
    store = MemoryStore()
    create = creating(store)
    assert await create(ADA, "key") == await create(ADA, "key")
    assert len(store.events) == 1


async def test_the_same_key_with_other_data_is_refused() -> None:
    store = MemoryStore()
    create = creating(store)
    await create(ADA, "key")
    with pytest.raises(IdempotencyKeyReusedError):
        await create(EVE, "key")
    assert len(store.users) == 1


async def test_a_key_is_free_again_after_its_lifetime() -> None:
    store, watch = MemoryStore(), Watch()
    create = creating(store, watch)
    first = await create(ADA, "key")
    watch.now += KEY_LIFETIME
    assert (await create(EVE, "key")).user_id != first.user_id


async def test_a_key_is_still_taken_at_the_end_of_its_lifetime() -> None:
    store, watch = MemoryStore(), Watch()
    create = creating(store, watch)
    await create(ADA, "key")
    watch.now += KEY_LIFETIME - timedelta(microseconds=1)
    with pytest.raises(IdempotencyKeyReusedError):
        await create(EVE, "key")


async def test_an_e_mail_address_that_differs_in_case_only_is_taken() -> None:
    store = MemoryStore()
    create = creating(store)
    await create(ADA)
    with pytest.raises(EmailTakenError):
        await create(UserData("ADA@example.com", Profile("Other")))
    assert len(store.events) == 1


async def test_a_refused_creation_leaves_its_key_free() -> None:
    store = MemoryStore()
    create = creating(store)
    await create(ADA)
    with pytest.raises(EmailTakenError):
        await create(ADA, "key")
    assert (await create(EVE, "key")).data == EVE


async def test_nothing_is_created_while_the_store_is_away() -> None:
    store = MemoryStore(available=False)
    with pytest.raises(StoreUnavailableError):
        await creating(store)(ADA)
    assert not store.events
