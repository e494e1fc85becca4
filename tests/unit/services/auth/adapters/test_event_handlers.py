"""Accounts follow every event of every release of identity, as that release publishes it."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from plt.identity.v1 import events_pb2, identity_pb2

import services.auth
from platformkit.events import Event, Record, decode, encode
from services.auth.adapters.event_handlers import HEARD, follow_event
from services.auth.adapters.memory import MemoryTransaction
from services.auth.adapters.users import role_name
from services.auth.domain.account import Account
from services.auth.domain.errors import InvalidFieldError
from services.auth.use_cases.follow_user import FollowUser
from tests.unit.services.auth.use_cases.world import POLICY

GOLDEN = Path(services.auth.__file__).parents[2] / "contracts" / "events"
FILES = sorted(path for kind in HEARD for path in GOLDEN.glob(f"*/{kind.DESCRIPTOR.full_name}.json"))
USER_ID = "7f1f0f6e-2b1c-4c5d-8e9f-000000000001"
TIME = datetime(2026, 1, 2, tzinfo=UTC)
FOLLOW = FollowUser(POLICY.lifetimes)


def transaction() -> MemoryTransaction:
    transaction = MemoryTransaction()
    transaction.accounts.rows[USER_ID] = Account(USER_ID, "old@example.com", (), True, "hash", TIME, 0, TIME)
    return transaction


def event(message: events_pb2.UserUpdated | events_pb2.UserDeactivated) -> Event:
    return decode(encode(message, event_id="event-1", time=TIME, request_id="request-1"), HEARD)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_released_event_is_understood(path: Path) -> None:
    golden = json.loads(path.read_text())
    headers = tuple((name, value.encode()) for name, value in golden["headers"].items())
    record = Record(golden["topic"], golden["key"].encode(), base64.b64decode(golden["value"]), headers)
    assert type(decode(record, HEARD).message) in HEARD


def test_there_are_golden_events_of_each_kind() -> None:
    assert {path.stem for path in FILES} == {kind.DESCRIPTOR.full_name for kind in HEARD}


async def test_an_update_is_taken_over() -> None:
    user = identity_pb2.User(user_id=USER_ID, email="New@Example.com", roles=[identity_pb2.ROLE_ADMIN])
    user.update_time.FromDatetime(TIME.replace(year=2027))
    known = transaction()
    await follow_event(FOLLOW, known, event(events_pb2.UserUpdated(user=user)))

    account = known.accounts.rows[USER_ID]
    assert (account.email_key, account.roles, account.active) == ("new@example.com", ("admin",), True)


async def test_a_deactivation_is_taken_over() -> None:
    known = transaction()
    await follow_event(FOLLOW, known, event(events_pb2.UserDeactivated(user_id=USER_ID)))

    assert not known.accounts.rows[USER_ID].may_act


@pytest.mark.parametrize(
    "message",
    [
        events_pb2.UserDeactivated(user_id="nobody"),
        events_pb2.UserUpdated(user=identity_pb2.User(user_id="nobody")),
    ],
    ids=["deactivated", "updated"],
)
async def test_an_event_about_nobody_is_refused(message: events_pb2.UserUpdated | events_pb2.UserDeactivated) -> None:
    with pytest.raises(InvalidFieldError, match="user_id"):
        await follow_event(FOLLOW, transaction(), event(message))


def test_a_role_of_a_newer_identity_grants_nothing_that_is_known() -> None:
    newer: identity_pb2.Role.ValueType = 99  # type: ignore[assignment]  # which is the point
    assert role_name(newer) == "role-99"
    assert role_name(identity_pb2.ROLE_ADMIN) == "admin"
