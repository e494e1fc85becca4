"""Tokens and events as messages of the interface."""

from __future__ import annotations

from datetime import datetime
from typing import assert_never
from uuid import UUID

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from plt.auth.v1 import auth_pb2, events_pb2

from services.auth.domain.errors import InvalidFieldError
from services.auth.domain.events import (
    AuthEvent,
    LoginFailed,
    LoginSucceeded,
    PasswordChanged,
    RevocationReason,
    TokenRevoked,
)
from services.auth.use_cases.introspect_token import Introspected
from services.auth.use_cases.issue_tokens import Issued

EVENTS: tuple[type[Message], ...] = (
    events_pb2.LoginSucceeded,
    events_pb2.LoginFailed,
    events_pb2.PasswordChanged,
    events_pb2.TokenRevoked,
)
"""The events that the service publishes."""

REASONS = {
    RevocationReason.LOGGED_OUT: events_pb2.REVOCATION_REASON_LOGGED_OUT,
    RevocationReason.LOGGED_OUT_EVERYWHERE: events_pb2.REVOCATION_REASON_LOGGED_OUT_EVERYWHERE,
    RevocationReason.REFRESH_TOKEN_REUSED: events_pb2.REVOCATION_REASON_REFRESH_TOKEN_REUSED,
    RevocationReason.PASSWORD_CHANGED: events_pb2.REVOCATION_REASON_PASSWORD_CHANGED,
    RevocationReason.USER_DEACTIVATED: events_pb2.REVOCATION_REASON_USER_DEACTIVATED,
    RevocationReason.ROLES_CHANGED: events_pb2.REVOCATION_REASON_ROLES_CHANGED,
}


def tokens_of(issued: Issued) -> auth_pb2.Tokens:
    """Return tokens as the interface shows them."""
    return auth_pb2.Tokens(
        access_token=issued.access_token,
        access_expire_time=timestamp_of(issued.access_expire_time),
        refresh_token=issued.refresh_token,
        refresh_expire_time=timestamp_of(issued.refresh_expire_time),
        session_id=issued.session_id,
    )


def introspection_of(found: Introspected | None) -> auth_pb2.IntrospectTokenResponse:
    """Return what is told of a token; None is one that is not good."""
    if found is None:
        return auth_pb2.IntrospectTokenResponse(active=False)
    return auth_pb2.IntrospectTokenResponse(
        active=True,
        kind=auth_pb2.TOKEN_KIND_REFRESH if found.refreshes else auth_pb2.TOKEN_KIND_ACCESS,
        user_id=found.user_id,
        roles=found.roles,
        expire_time=timestamp_of(found.expire_time),
        session_id=found.session_id,
    )


def event_message(event: AuthEvent) -> Message:
    """Return the event as the interface shows it."""
    match event:
        case LoginSucceeded(user_id, session_id, address, time):
            return events_pb2.LoginSucceeded(
                user_id=user_id, session_id=session_id, address=address, login_time=timestamp_of(time)
            )
        case LoginFailed():
            return events_pb2.LoginFailed(
                account_key=event.account_key,
                user_id=event.user_id,
                failures=event.failures,
                locked_until_time=timestamp_of(event.locked_until) if event.locked_until else None,
                address=event.address,
                fail_time=timestamp_of(event.fail_time),
            )
        case PasswordChanged(user_id, time):
            return events_pb2.PasswordChanged(user_id=user_id, change_time=timestamp_of(time))
        case TokenRevoked(user_id, session_id, reason, time):
            return events_pb2.TokenRevoked(
                user_id=user_id, session_id=session_id, reason=REASONS[reason], revoke_time=timestamp_of(time)
            )
    assert_never(event)


def canonical_id(user_id: str) -> str:
    """Return the one spelling of an identifier.

    Raises:
        InvalidFieldError: It is no UUID.
    """
    try:
        return str(UUID(user_id))
    except ValueError:
        raise InvalidFieldError("user_id", "must be a UUID") from None


def timestamp_of(moment: datetime) -> Timestamp:
    """Return a time as messages carry it."""
    timestamp = Timestamp()
    timestamp.FromDatetime(moment)
    return timestamp
