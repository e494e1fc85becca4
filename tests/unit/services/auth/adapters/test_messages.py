"""Domain and interface say the same."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import pytest
from plt.auth.v1 import events_pb2

from platformkit.events import EventType
from services.auth.adapters.messages import EVENTS, REASONS, event_message
from services.auth.domain.events import (
    AuthEvent,
    LoginFailed,
    LoginSucceeded,
    PasswordChanged,
    RevocationReason,
    TokenRevoked,
)

TIME = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("event", "key"),
    [
        (LoginSucceeded("user-1", "session-1", "192.0.2.1", TIME), b"user-1"),
        (LoginFailed("digest", "", 3, TIME, "192.0.2.1", TIME), b"digest"),
        (PasswordChanged("user-1", TIME), b"user-1"),
        (TokenRevoked("user-1", "session-1", RevocationReason.LOGGED_OUT, TIME), b"user-1"),
    ],
)
def test_an_event_is_told_in_full_under_its_key(event: AuthEvent, key: bytes) -> None:
    message = event_message(event)
    assert type(message) in EVENTS
    assert EventType.of(message.DESCRIPTOR).key_of(message) == key
    unset = {field.name for field in message.DESCRIPTOR.fields} - {field.name for field, _ in message.ListFields()}
    assert len(unset) == sum(value == "" for value in dataclasses.astuple(event))


def test_every_reason_has_a_name_in_the_interface() -> None:
    assert set(REASONS) == set(RevocationReason)
    assert set(REASONS.values()) == set(events_pb2.RevocationReason.values()) - {0}
