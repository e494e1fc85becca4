from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime

import asyncpg
import pytest
from plt.identity.v1 import events_pb2, identity_pb2
from redis.asyncio import Redis

from platformkit.redis import Keys
from services.identity.adapters.cache import RedisCache
from services.identity.adapters.repository import PostgresStore
from services.identity.contract_states import Handler, states
from services.identity.domain.errors import EmailTakenError, IdempotencyKeyReusedError, UserNotFoundError
from services.identity.domain.user import Profile, Role, UserData, UserStatus
from services.identity.use_cases.identity import Identity

USER_ID = "3f1f0f6e-2b1c-4c5d-8e9f-00000000000a"
OTHER_ID = "3f1f0f6e-2b1c-4c5d-8e9f-00000000000b"


@pytest.fixture
async def given(environ: Mapping[str, str]) -> AsyncIterator[Mapping[str, Handler]]:
    async with states(environ) as handlers:
        yield handlers


@pytest.fixture
def identity(pool: asyncpg.Pool, redis: Redis, environ: Mapping[str, str]) -> Identity:
    return Identity.on(PostgresStore(pool), RedisCache(redis, Keys(environ["NAMESPACE"])))


async def test_a_user_exists_as_the_parameters_say(given: Mapping[str, Handler], identity: Identity) -> None:
    facts = await given["a user exists"](
        {
            "user_id": USER_ID,
            "email": "grace@example.com",
            "display_name": "Grace",
            "locale": "en-US",
            "roles": ["ROLE_ADMIN", "ROLE_AUDITOR"],
            "labels": {"team": "compilers"},
            "etag": "r7",
            "create_time": "2025-12-31T00:00:00Z",
        }
    )
    user = await identity.get(USER_ID)
    labels = {"team": "compilers"}
    assert user.data == UserData("grace@example.com", Profile("Grace", ("en-US",)), (Role.ADMIN, Role.AUDITOR), labels)
    assert (user.etag, user.create_time) == ("r7", datetime(2025, 12, 31, tzinfo=UTC))
    assert facts == {"user_id": USER_ID, "email": "grace@example.com", "display_name": "Grace", "etag": "r7"}


async def test_a_user_exists_again_whatever_was_made_of_it(given: Mapping[str, Handler], identity: Identity) -> None:
    await given["a user exists"]({"user_id": USER_ID})
    await identity.deactivate(USER_ID)
    await given["a user exists"]({"user_id": USER_ID})
    assert (await identity.get(USER_ID)).status is UserStatus.ACTIVE


async def test_a_user_exists_even_if_another_had_its_address(given: Mapping[str, Handler], identity: Identity) -> None:
    await given["a user exists"]({"user_id": OTHER_ID, "email": "GRACE@example.com"})
    await given["a user exists"]({"user_id": USER_ID, "email": "grace@example.com"})
    assert (await identity.get(USER_ID)).data.email == "grace@example.com"


async def test_a_deactivated_user_exists(given: Mapping[str, Handler], identity: Identity) -> None:
    await given["a deactivated user exists"]({"user_id": USER_ID})
    assert (await identity.get(USER_ID)).status is UserStatus.DEACTIVATED


async def test_no_user_exists_even_if_one_was_read_before(given: Mapping[str, Handler], identity: Identity) -> None:
    await given["a user exists"]({"user_id": USER_ID})
    await identity.get(USER_ID)
    await given["no user exists"]({"user_id": USER_ID})
    with pytest.raises(UserNotFoundError):
        await identity.get(USER_ID)


async def test_no_user_exists_even_for_a_key_that_created_it(given: Mapping[str, Handler], identity: Identity) -> None:
    await given["an idempotency key was used"]({"key": "key-9", "email": "k@example.com", "display_name": "K"})
    await given["no user exists"]({"email": "k@example.com"})
    created = await identity.create(UserData("k@example.com", Profile("K")), "key-9")
    assert await identity.get(created.user_id) == created


@pytest.mark.parametrize("count", [0, 1, 70])
async def test_so_many_users_exist_and_no_others(given: Mapping[str, Handler], identity: Identity, count: int) -> None:
    await given["a user exists"]({"user_id": USER_ID})
    await given["users exist"]({"count": count})
    page = await identity.list(None, None, 100)
    assert [user.data.email for user in page.items] == [f"user-{n}@example.com" for n in range(1, count + 1)]


async def test_the_email_is_taken_by_somebody_else(given: Mapping[str, Handler], identity: Identity) -> None:
    await given["a user exists"]({"user_id": USER_ID})
    await given["the email is taken"]({"email": "taken@example.com"})
    with pytest.raises(EmailTakenError):
        await identity.create(UserData("taken@example.com", Profile("Late")))
    assert (await identity.get(USER_ID)).user_id == USER_ID


async def test_a_used_key_answers_its_user_and_refuses_others(given: Mapping[str, Handler], identity: Identity) -> None:
    for _ in range(2):
        await given["an idempotency key was used"]({"key": "key-9", "email": "k@example.com", "display_name": "K"})
    assert (await identity.create(UserData("k@example.com", Profile("K")), "key-9")).data.email == "k@example.com"
    with pytest.raises(IdempotencyKeyReusedError):
        await identity.create(UserData("l@example.com", Profile("L")), "key-9")


async def test_states_that_only_prepare_announce_nothing(given: Mapping[str, Handler], pool: asyncpg.Pool) -> None:
    for name in given.keys() - {"a user was created", "a user was updated", "a user was deactivated"}:
        await given[name]({})
    assert await pool.fetchval("SELECT count(*) FROM outbox") == 0


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        ("a user was created", events_pb2.UserCreated),
        ("a user was updated", events_pb2.UserUpdated),
        ("a user was deactivated", events_pb2.UserDeactivated),
    ],
)
async def test_states_of_events_announce_one_event_of_the_user_each_time(
    given: Mapping[str, Handler],
    pool: asyncpg.Pool,
    state: str,
    kind: type[events_pb2.UserCreated | events_pb2.UserUpdated | events_pb2.UserDeactivated],
) -> None:
    for _ in range(2):
        await given[state]({"user_id": USER_ID, "email": "grace@example.com", "request_id": "request-7"})
    rows = await pool.fetch("SELECT key, header_names, header_values FROM outbox")
    headers = [dict(zip(row["header_names"], row["header_values"], strict=True)) for row in rows]
    assert [row["key"] for row in rows] == [USER_ID.encode()] * 2
    assert {header["ce_type"].decode() for header in headers} == {kind.DESCRIPTOR.full_name}
    assert {header["ce_requestid"] for header in headers} == {b"request-7"}


async def test_an_unknown_parameter_is_refused_by_name(given: Mapping[str, Handler]) -> None:
    with pytest.raises(ValueError, match="nickname"):
        await given["a user exists"]({"nickname": "G"})


def test_roles_and_statuses_are_known_by_their_names_in_the_interface() -> None:
    assert {f"ROLE_{role.value.upper()}" for role in Role} < set(identity_pb2.Role.keys())
    assert {f"USER_STATUS_{status.value.upper()}" for status in UserStatus} < set(identity_pb2.UserStatus.keys())
