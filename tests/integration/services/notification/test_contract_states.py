from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

import pytest

from platformkit.events import Pool
from services.notification.adapters.messages import message_of, preferences_of
from services.notification.adapters.repository import PostgresStore
from services.notification.contract_states import USER_ID, Handler, states


@pytest.fixture
async def given(environ: Mapping[str, str]) -> AsyncIterator[Mapping[str, Handler]]:
    async with states(environ) as handlers:
        yield handlers


async def test_a_user_gets_notifications_with_the_wishes_of_the_parameters(
    given: Mapping[str, Handler], pool: Pool
) -> None:
    facts = await given["a user gets notifications"]({"locale": "de", "muted": ["WELCOME"], "etag": "r4"})
    assert facts == {"user_id": USER_ID, "etag": "r4"}
    async with PostgresStore(pool).transaction() as transaction:
        recipient = await transaction.recipients.find(USER_ID)
    assert recipient is not None
    preferences = preferences_of(recipient)
    assert (preferences.locale, list(preferences.muted_kinds), preferences.etag) == ("de", [1], "r4")


async def test_a_user_got_as_many_notifications_as_asked_for_and_no_others(
    given: Mapping[str, Handler], pool: Pool
) -> None:
    await given["a user got notifications"]({"count": 5})
    await given["a user got notifications"]({"count": 2, "kind": "DEACTIVATED", "status": "FAILED", "failure": "no"})
    async with PostgresStore(pool).transaction() as transaction:
        found = [message_of(one) for one in await transaction.notifications.page(USER_ID, None, None, 10)]
    assert [(one.kind, one.status, one.failure) for one in found] == [(2, 3, "no")] * 2


async def test_nobody_knows_a_user_afterwards(given: Mapping[str, Handler], pool: Pool) -> None:
    await given["a user got notifications"]({})
    await given["a user is unknown to notification"]({})
    async with PostgresStore(pool).transaction() as transaction:
        assert await transaction.recipients.find(USER_ID) is None
        assert await transaction.notifications.page(USER_ID, None, None, 10) == []


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"user": "1"}, r"unknown parameters \['user'\]"),
        ({"muted": "WELCOME"}, "expected muted as a list"),
        ({"status": "PENDING"}, "expected the status sent or failed, found pending"),
    ],
)
async def test_a_parameter_that_cannot_be_is_an_error(
    given: Mapping[str, Handler], params: Mapping[str, object], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        await given["a user got notifications"](params)
