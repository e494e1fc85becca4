from __future__ import annotations

from datetime import UTC, datetime

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message import Message
from plt.audit.v1 import audit_pb2
from plt.auth.v1 import events_pb2 as auth_events
from plt.identity.v1 import events_pb2, identity_pb2

from platformkit.events import decode, encode
from services.audit.adapters.event_handlers import EVENTS, record_event
from services.audit.adapters.memory import MemoryEntries
from services.audit.adapters.messages import message_of
from services.audit.domain.errors import InvalidEntryError

TIME = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
LATER = datetime(2026, 1, 2, 3, 4, 6, tzinfo=UTC)
USER = identity_pb2.User(
    user_id="u-1", email="ada@example.com", roles=[identity_pb2.ROLE_MEMBER, identity_pb2.ROLE_ADMIN]
)


async def recorded(message: Message) -> audit_pb2.Entry:
    """What the interface shows after a record with this event was handled."""
    record = encode(message, event_id="e-1", time=TIME, request_id="r-1")
    entries = MemoryEntries()
    await record_event(entries, decode(record, EVENTS), lambda: LATER)
    (entry,) = entries.rows.values()
    return message_of(entry)


async def test_a_user_that_was_created_is_recorded_with_address_and_roles() -> None:
    entry = await recorded(events_pb2.UserCreated(user=USER))
    assert (entry.kind, entry.subject) == (audit_pb2.ENTRY_KIND_USER_CREATED, "users/u-1")
    assert dict(entry.details) == {"email": "ada@example.com", "roles": "member,admin"}


async def test_a_user_that_was_changed_is_recorded_with_the_changed_fields() -> None:
    changed = FieldMask(paths=["email", "profile.locale"])
    entry = await recorded(events_pb2.UserUpdated(user=USER, changed_fields=changed))
    assert entry.kind == audit_pb2.ENTRY_KIND_USER_UPDATED
    assert list(entry.changed_fields) == ["email", "profile.locale"]


async def test_a_user_that_was_deactivated_is_recorded() -> None:
    entry = await recorded(events_pb2.UserDeactivated(user_id="u-1"))
    assert (entry.kind, entry.subject) == (audit_pb2.ENTRY_KIND_USER_DEACTIVATED, "users/u-1")
    assert not entry.details


async def test_an_entry_says_when_it_happened_and_what_caused_it() -> None:
    entry = await recorded(events_pb2.UserCreated(user=USER))
    assert (entry.occur_time.ToDatetime(UTC), entry.record_time.ToDatetime(UTC)) == (TIME, LATER)
    assert (entry.event_id, entry.request_id) == ("e-1", "r-1")


async def test_a_role_of_a_newer_producer_is_recorded_by_its_number() -> None:
    user = identity_pb2.User(user_id="u-1", roles=[99])  # type: ignore[list-item]  # which is the point
    assert dict((await recorded(events_pb2.UserCreated(user=user))).details) == {"roles": "99"}


async def test_an_event_about_nobody_is_refused() -> None:
    record = encode(events_pb2.UserCreated(user=USER), event_id="e-1", time=TIME, request_id="r-1")
    event = decode(record, EVENTS)
    event.message.Clear()
    with pytest.raises(InvalidEntryError, match="subject must name a subject"):
        await record_event(MemoryEntries(), event)


@pytest.mark.parametrize(
    ("message", "kind", "subject", "details"),
    [
        pytest.param(
            auth_events.LoginSucceeded(user_id="u-1", session_id="s-1", address="192.0.2.1"),
            audit_pb2.ENTRY_KIND_LOGIN_SUCCEEDED,
            "users/u-1",
            {"session_id": "s-1", "address": "192.0.2.1"},
            id="login",
        ),
        pytest.param(
            auth_events.LoginFailed(account_key="u-1", user_id="u-1", failures=3),
            audit_pb2.ENTRY_KIND_LOGIN_FAILED,
            "users/u-1",
            {"failures": "3"},
            id="failed login of a user",
        ),
        pytest.param(
            auth_events.LoginFailed(account_key="digest", failures=1),
            audit_pb2.ENTRY_KIND_LOGIN_FAILED,
            "logins/digest",
            {"failures": "1"},
            id="failed login of nobody",
        ),
        pytest.param(
            auth_events.PasswordChanged(user_id="u-1"),
            audit_pb2.ENTRY_KIND_PASSWORD_CHANGED,
            "users/u-1",
            {},
            id="password",
        ),
        pytest.param(
            auth_events.TokenRevoked(user_id="u-1", reason=auth_events.REVOCATION_REASON_LOGGED_OUT),
            audit_pb2.ENTRY_KIND_TOKEN_REVOKED,
            "users/u-1",
            {"reason": "logged_out"},
            id="revocation",
        ),
        pytest.param(
            auth_events.TokenRevoked(user_id="u-1", reason=99),  # type: ignore[arg-type]  # which is the point
            audit_pb2.ENTRY_KIND_TOKEN_REVOKED,
            "users/u-1",
            {"reason": "99"},
            id="revocation for a reason of a newer producer",
        ),
    ],
)
async def test_what_happens_to_an_account_is_recorded(
    message: Message, kind: audit_pb2.EntryKind.ValueType, subject: str, details: dict[str, str]
) -> None:
    entry = await recorded(message)
    assert (entry.kind, entry.subject, dict(entry.details)) == (kind, subject, details)
