"""The first administrator."""

from __future__ import annotations

import pytest

from services.auth.domain.account import User
from services.auth.domain.errors import NoAdminError
from services.auth.use_cases.make_first_admin import MakeFirstAdmin
from tests.unit.services.auth.use_cases.world import EMAIL, NOW, PASSWORD, USER_ID, World


def first_admin(world: World) -> MakeFirstAdmin:
    return MakeFirstAdmin(world.store, world.users, world.auth.register)


async def test_the_first_administrator_can_log_in() -> None:
    world = World()
    await world.auth.rotate()

    assert await first_admin(world)("Root@example.com", PASSWORD)

    issued = await world.auth.log_in("root@example.com", PASSWORD)
    (account,) = world.store.committed.accounts.rows.values()
    assert (account.user_id, account.roles) == (issued.user_id, ("admin",))


async def test_made_again_the_administrator_keeps_its_password() -> None:
    world = World()
    await world.auth.rotate()
    make = first_admin(world)
    await make("root@example.com", PASSWORD)

    assert not await make("ROOT@example.com", "another password")

    assert (await world.auth.log_in("root@example.com", PASSWORD)).access_token


async def test_a_user_without_a_password_who_is_an_administrator_gets_one() -> None:
    world = World()
    world.users.rows[USER_ID] = User(USER_ID, EMAIL, ("admin",), True, NOW)

    assert await first_admin(world)(EMAIL, PASSWORD)

    assert world.account.roles == ("admin",)


@pytest.mark.parametrize("has_password", [True, False])
async def test_nobody_becomes_an_administrator_by_an_address(has_password: bool) -> None:
    world = World()
    world.users.rows[USER_ID] = User(USER_ID, EMAIL, ("member",), True, NOW)
    if has_password:
        await world.auth.register(USER_ID, PASSWORD)

    with pytest.raises(NoAdminError, match="does not have the role admin"):
        await first_admin(world)(EMAIL, PASSWORD)
