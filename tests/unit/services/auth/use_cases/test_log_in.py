"""Who gets a session, and what everybody else is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.auth.domain.account import User
from services.auth.domain.errors import (
    AttemptsExhaustedError,
    CredentialsExistError,
    CredentialsInvalidError,
    SigningKeyError,
    UserDeactivatedError,
    UserUnknownError,
)
from services.auth.domain.events import LoginFailed, LoginSucceeded
from tests.unit.services.auth.use_cases.world import EMAIL, NOW, PASSWORD, USER_ID, World

OTHER_ID = "7f1f0f6e-2b1c-4c5d-8e9f-000000000002"


async def test_whoever_knows_the_password_gets_tokens(world: World) -> None:
    issued = await world.log_in(email="ADA@Example.com")

    assert await world.active(issued.access_token)
    assert issued.access_expire_time == NOW.replace(minute=9, microsecond=0)
    assert [event for event in world.events if isinstance(event, LoginSucceeded)] == [
        LoginSucceeded(USER_ID, issued.session_id, "", NOW)
    ]


async def test_tokens_do_not_show_themselves(world: World) -> None:
    issued = await world.log_in()
    assert issued.access_token not in repr(issued)
    assert issued.refresh_token not in repr(issued)


async def test_a_refresh_token_is_not_in_the_store(world: World) -> None:
    issued = await world.log_in()
    assert issued.refresh_token not in repr(world.store.committed)


@pytest.mark.parametrize(
    ("email", "password"), [(EMAIL, "wrong"), ("nobody@example.com", PASSWORD), (EMAIL, ""), ("", PASSWORD)]
)
async def test_a_wrong_address_and_a_wrong_password_are_told_apart_by_nobody(
    world: World, email: str, password: str
) -> None:
    with pytest.raises(CredentialsInvalidError, match=r"^the e-mail address or the password is wrong$"):
        await world.log_in(password, email=email)
    # The same work: one comparison, one event.
    assert len(world.passwords.compared) == 1
    assert [type(event) for event in world.events] == [LoginFailed]


async def test_a_failure_names_the_account_if_there_is_one(world: World) -> None:
    for email in (EMAIL, "nobody@example.com"):
        with pytest.raises(CredentialsInvalidError):
            await world.log_in("wrong", email=email)
    known, unknown = world.events
    assert isinstance(known, LoginFailed)
    assert isinstance(unknown, LoginFailed)
    assert (known.account_key, known.user_id, known.failures) == (USER_ID, USER_ID, 1)
    assert (unknown.user_id, len(unknown.account_key)) == ("", 64)


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.com"])
async def test_after_some_failures_even_the_right_password_has_to_wait(world: World, email: str) -> None:
    for _ in range(3):
        with pytest.raises(CredentialsInvalidError):
            await world.log_in("wrong", email=email)
    with pytest.raises(AttemptsExhaustedError):
        await world.log_in(email=email)
    assert len(world.passwords.compared) == 3


async def test_a_login_forgets_the_failures_of_its_account(world: World) -> None:
    for _ in range(3):
        with pytest.raises(CredentialsInvalidError):
            await world.log_in("wrong")
    world.passes(seconds=1)
    await world.log_in()
    with pytest.raises(CredentialsInvalidError):
        await world.log_in("wrong")
    await world.log_in()


async def test_many_accounts_tried_from_one_address_are_locked_out_together(world: World) -> None:
    for number in range(5):
        with pytest.raises(CredentialsInvalidError):
            await world.log_in("wrong", "192.0.2.1", email=f"user-{number}@example.com")
    with pytest.raises(AttemptsExhaustedError):
        await world.log_in(network="192.0.2.1")
    await world.log_in(network="192.0.2.2")


async def test_an_own_account_does_not_give_an_attacker_more_guesses(world: World) -> None:
    for number in range(5):
        with pytest.raises(CredentialsInvalidError):
            await world.log_in("wrong", "192.0.2.1", email=f"user-{number}@example.com")
        if number < 4:
            await world.log_in(network="192.0.2.1")
    with pytest.raises(AttemptsExhaustedError):
        await world.log_in("wrong", "192.0.2.1", email="next@example.com")


async def test_a_hash_of_other_parameters_is_replaced_at_login(world: World) -> None:
    world.passwords.scheme = "stronger"
    issued = await world.log_in()

    assert world.account.password_hash == f"stronger:{PASSWORD}"
    assert await world.active(issued.access_token)


async def test_a_password_that_is_changed_during_a_login_is_the_one_that_counts(world: World) -> None:
    checked = await world.auth.log_in.check(EMAIL, PASSWORD, "")
    world.passes(milliseconds=1)
    await world.auth.change_password(EMAIL, PASSWORD, "another horse battery")

    with pytest.raises(CredentialsInvalidError):
        async with world.store.transaction() as transaction:
            await world.auth.log_in.check.confirm(transaction, checked)


async def test_a_user_who_is_deactivated_gets_no_session(world: World) -> None:
    async with world.store.transaction() as transaction:
        await world.auth.follow.deactivated(transaction, USER_ID, NOW)
    with pytest.raises(CredentialsInvalidError):
        await world.log_in()
    assert world.passwords.compared == [None]


async def test_without_a_key_there_is_no_session() -> None:
    world = World()
    await world.ada()
    world.store.committed.keys.rows.clear()
    with pytest.raises(SigningKeyError):
        await world.log_in()
    assert not world.store.committed.sessions.rows


async def test_of_two_accounts_of_one_address_the_later_one_has_it(world: World) -> None:
    later = User(OTHER_ID, EMAIL, ("member",), True, NOW.replace(year=2027))
    world.users.rows[OTHER_ID] = later
    await world.auth.register(OTHER_ID, "another horse battery")

    assert (await world.log_in("another horse battery")).user_id == OTHER_ID


async def test_a_password_is_registered_once(world: World) -> None:
    with pytest.raises(CredentialsExistError):
        await world.auth.register(USER_ID, PASSWORD)
    with pytest.raises(UserUnknownError):
        await world.auth.register(OTHER_ID, PASSWORD)


async def test_a_user_who_is_deactivated_gets_no_password(world: World) -> None:
    other = replace(world.users.rows[USER_ID], user_id=OTHER_ID, email="other@example.com")
    world.users.rows[OTHER_ID] = replace(other, active=False)
    with pytest.raises(UserDeactivatedError):
        await world.auth.register(OTHER_ID, PASSWORD)
    # The event came first, and identity answered from before.
    world.users.rows[OTHER_ID] = other
    async with world.store.transaction() as transaction:
        await world.auth.follow.deactivated(transaction, OTHER_ID, NOW)
    with pytest.raises(UserDeactivatedError):
        await world.auth.register(OTHER_ID, PASSWORD)
