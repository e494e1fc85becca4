"""How sessions go on and end, and how verifiers hear of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from platformkit.tokens.verifying import LEEWAY_SECONDS
from services.auth.domain.account import User
from services.auth.domain.errors import CredentialsInvalidError, RefreshTokenInvalidError
from services.auth.domain.events import PasswordChanged, RevocationReason, TokenRevoked
from services.auth.domain.revocation import AccountRevocation, TokenRevocation
from tests.unit.services.auth.use_cases.world import EMAIL, NOW, PASSWORD, USER_ID, World


def reasons(world: World) -> list[RevocationReason]:
    return [event.reason for event in world.events if isinstance(event, TokenRevoked)]


async def test_a_session_ends_at_the_latest_when_it_said_so(world: World) -> None:
    issued = await world.log_in()
    for _ in range(29):
        world.passes(days=1)
        issued = await world.auth.refresh(issued.refresh_token)
    assert issued.refresh_expire_time == NOW + timedelta(days=30)
    world.passes(hours=23, minutes=59)
    issued = await world.auth.refresh(issued.refresh_token)
    assert issued.access_expire_time <= issued.refresh_expire_time
    world.passes(minutes=1)
    with pytest.raises(RefreshTokenInvalidError):
        await world.auth.refresh(issued.refresh_token)
    assert not await world.active(issued.access_token)


async def test_a_second_use_revokes_every_access_token_of_the_session(world: World) -> None:
    first = await world.log_in()
    second = await world.auth.refresh(first.refresh_token)
    with pytest.raises(RefreshTokenInvalidError):
        await world.auth.refresh(first.refresh_token)

    told = world.announcements.told
    assert len(told) == 2
    assert all(isinstance(revocation, TokenRevocation) for revocation in told)
    assert not await world.active(first.access_token)
    assert not await world.active(second.access_token)
    assert reasons(world) == [RevocationReason.REFRESH_TOKEN_REUSED]


async def test_a_third_use_tells_nothing_new(world: World) -> None:
    first = await world.log_in()
    await world.auth.refresh(first.refresh_token)
    for _ in range(3):
        with pytest.raises(RefreshTokenInvalidError):
            await world.auth.refresh(first.refresh_token)
    assert reasons(world) == [RevocationReason.REFRESH_TOKEN_REUSED]


async def test_logging_out_twice_is_no_error(world: World) -> None:
    issued = await world.log_in()
    for _ in range(2):
        await world.auth.log_out(issued.refresh_token)
    await world.auth.log_out("unknown")
    assert reasons(world) == [RevocationReason.LOGGED_OUT]


async def test_a_revocation_is_known_for_as_long_as_any_verifier_takes_the_token(world: World) -> None:
    issued = await world.log_in()
    await world.auth.log_out(issued.refresh_token)
    await world.auth.log_out_everywhere((await world.log_in()).refresh_token)

    for revocation in world.announcements.told:
        assert revocation.expire_time > issued.access_expire_time + timedelta(seconds=LEEWAY_SECONDS)


async def test_logging_out_everywhere_revokes_what_was_issued_before_and_nothing_else(world: World) -> None:
    before = [await world.log_in() for _ in range(2)]
    assert await world.auth.log_out_everywhere(before[0].refresh_token) == 2
    after = await world.log_in()

    assert [await world.active(each.access_token) for each in (*before, after)] == [False, False, True]
    assert [each.version for each in world.announcements.told if isinstance(each, AccountRevocation)] == [1]


async def test_a_used_refresh_token_logs_nobody_out_everywhere(world: World) -> None:
    issued = await world.log_in()
    again = await world.auth.refresh(issued.refresh_token)
    for token in (issued.refresh_token, "unknown"):
        with pytest.raises(RefreshTokenInvalidError):
            await world.auth.log_out_everywhere(token)
    assert await world.active(again.access_token)


async def test_a_changed_password_ends_every_session(world: World) -> None:
    issued = await world.log_in()
    await world.auth.change_password(EMAIL, PASSWORD, "another horse battery")

    assert not await world.active(issued.access_token)
    with pytest.raises(RefreshTokenInvalidError):
        await world.auth.refresh(issued.refresh_token)
    assert reasons(world) == [RevocationReason.PASSWORD_CHANGED]
    assert PasswordChanged(USER_ID, NOW) in world.events


async def test_a_password_is_changed_by_whoever_knows_it_only(world: World) -> None:
    with pytest.raises(CredentialsInvalidError):
        await world.auth.change_password(EMAIL, "wrong", "another horse battery")
    await world.log_in()


async def test_a_user_who_is_deactivated_loses_everything_once(world: World) -> None:
    issued = await world.log_in()
    for _ in range(2):
        async with world.store.transaction() as transaction:
            await world.auth.follow.deactivated(transaction, USER_ID, NOW)

    assert not await world.active(issued.access_token)
    assert reasons(world) == [RevocationReason.USER_DEACTIVATED]


async def test_a_session_that_outlived_its_user_gives_no_tokens(world: World) -> None:
    issued = await world.log_in()
    world.store.committed.accounts.rows[USER_ID] = replace(world.account, active=False)

    with pytest.raises(RefreshTokenInvalidError):
        await world.auth.refresh(issued.refresh_token)


async def test_a_role_that_is_lost_revokes_tokens_and_leaves_the_session(world: World) -> None:
    issued = await world.log_in()
    user = User(USER_ID, EMAIL, ("auditor",), True, NOW + timedelta(seconds=1))
    for each in (user, user, replace(user, roles=("member",), update_time=NOW)):
        async with world.store.transaction() as transaction:
            await world.auth.follow.updated(transaction, each)

    assert not await world.active(issued.access_token)
    found = await world.auth.introspect((await world.auth.refresh(issued.refresh_token)).access_token)
    assert found is not None
    assert found.roles == ("auditor",)
    assert reasons(world) == [RevocationReason.ROLES_CHANGED]


async def test_of_a_user_without_an_account_nothing_is_kept_but_its_end(world: World) -> None:
    other = User("7f1f0f6e-2b1c-4c5d-8e9f-000000000002", "other@example.com", (), True, NOW)
    async with world.store.transaction() as transaction:
        await world.auth.follow.updated(transaction, other)
    assert set(world.store.committed.accounts.rows) == {USER_ID}


async def test_a_revocation_waits_while_verifiers_cannot_be_told(world: World) -> None:
    issued = await world.log_in()
    world.announcements.available = False
    await world.auth.log_out(issued.refresh_token)
    with pytest.raises(ConnectionError):
        await world.auth.announce()
    world.announcements.available = True
    await world.auth.announce()

    assert len(world.announcements.told) == 1
    await world.auth.announce()
    assert len(world.announcements.told) == 1


async def test_what_verifiers_may_have_lost_is_told_again(world: World) -> None:
    await world.auth.log_out((await world.log_in()).refresh_token)
    world.announcements.told.clear()
    world.announcements.mark = False
    await world.auth.announce()

    assert len(world.announcements.told) == 1
    assert world.announcements.mark


async def test_what_is_over_is_forgotten(world: World) -> None:
    await world.auth.log_out((await world.log_in()).refresh_token)
    kept = await world.log_in()
    world.passes(days=3)
    await world.auth.forget()

    assert set(world.store.committed.sessions.rows) == {kept.session_id}
    assert not world.store.committed.attempts.rows


@pytest.mark.parametrize("token", ["", ".", "..", "a.b.c", "unknown", "\0", "x" * 9000])
async def test_of_what_is_no_token_nothing_is_told(world: World, token: str) -> None:
    assert await world.auth.introspect(token) is None


async def test_a_token_is_not_good_any_more_when_it_has_expired(world: World) -> None:
    issued = await world.log_in()
    world.passes(minutes=5)
    assert not await world.active(issued.access_token)
    assert await world.active(issued.refresh_token)


async def test_a_token_by_the_key_before_is_still_good(world: World) -> None:
    world.passes(hours=23, minutes=50)
    await world.auth.rotate()
    world.passes(minutes=8)
    issued = await world.log_in()
    world.passes(minutes=3)
    later = await world.log_in()
    assert later.access_token.split(".")[0] != issued.access_token.split(".")[0]
    for _ in range(2):
        assert await world.active(issued.access_token)
        await world.auth.rotate()
    assert await world.active(later.access_token)


async def test_a_key_is_removed_when_all_it_signed_has_expired(world: World) -> None:
    world.passes(hours=23, minutes=50)
    await world.auth.rotate()
    assert len((await world.auth.publish_keys())["keys"]) == 2
    world.passes(minutes=16)
    await world.auth.rotate()
    assert len((await world.auth.publish_keys())["keys"]) == 1
