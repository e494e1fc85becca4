"""Events that users are told of, as their services publish them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from google.protobuf.message import Message
from plt.auth.v1 import events_pb2 as auth_events
from plt.identity.v1 import events_pb2, identity_pb2

from platformkit.events import Record, encode

TIME = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def user_id_of(number: int) -> str:
    return f"7f1f0f6e-2b1c-4c5d-8e9f-{number:012}"


def created(number: int, *, locale: str = "", event_id: str = "") -> Record:
    profile = identity_pb2.Profile(display_name=f"User {number}", locale=locale)
    user = identity_pb2.User(user_id=user_id_of(number), email=f"user-{number}@example.com", profile=profile)
    return record_of(events_pb2.UserCreated(user=user), number, event_id=event_id)


def deactivated(number: int) -> Record:
    return record_of(events_pb2.UserDeactivated(user_id=user_id_of(number)), number, seconds=10)


def login_failed(number: int, *, seconds: int) -> Record:
    user_id = user_id_of(number)
    message = auth_events.LoginFailed(account_key=user_id, user_id=user_id, address="192.0.2.1")
    return record_of(message, number, seconds=seconds)


def password_changed(number: int) -> Record:
    return record_of(auth_events.PasswordChanged(user_id=user_id_of(number)), number, seconds=5)


def record_of(message: Message, number: int, *, seconds: int = 0, event_id: str = "") -> Record:
    time = TIME + timedelta(seconds=seconds)
    return encode(message, event_id=event_id or str(uuid4()), time=time, request_id=f"request-of-{number}")
