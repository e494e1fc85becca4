"""Entries as messages of the interface, and events of identity as occurrences."""

from __future__ import annotations

from datetime import datetime

from google.protobuf.timestamp_pb2 import Timestamp
from plt.audit.v1 import audit_pb2
from plt.identity.v1 import events_pb2, identity_pb2

from platformkit.events import Event
from services.audit.domain.entry import Cause, Entry, EntryKind, Occurrence

KINDS = {
    EntryKind.USER_CREATED: audit_pb2.ENTRY_KIND_USER_CREATED,
    EntryKind.USER_UPDATED: audit_pb2.ENTRY_KIND_USER_UPDATED,
    EntryKind.USER_DEACTIVATED: audit_pb2.ENTRY_KIND_USER_DEACTIVATED,
    EntryKind.LOGIN_SUCCEEDED: audit_pb2.ENTRY_KIND_LOGIN_SUCCEEDED,
    EntryKind.LOGIN_FAILED: audit_pb2.ENTRY_KIND_LOGIN_FAILED,
    EntryKind.PASSWORD_CHANGED: audit_pb2.ENTRY_KIND_PASSWORD_CHANGED,
    EntryKind.TOKEN_REVOKED: audit_pb2.ENTRY_KIND_TOKEN_REVOKED,
}


def message_of(entry: Entry) -> audit_pb2.Entry:
    """Return the entry as the interface shows it."""
    occurrence = entry.occurrence
    return audit_pb2.Entry(
        entry_id=entry.entry_id,
        kind=KINDS[occurrence.kind],
        subject=occurrence.subject,
        event_id=occurrence.cause.event_id,
        occur_time=_timestamp(occurrence.time),
        record_time=_timestamp(entry.record_time),
        request_id=occurrence.cause.request_id,
        changed_fields=occurrence.changed_fields,
        details=occurrence.details,
    )


def kind_of(kind: audit_pb2.EntryKind.ValueType) -> EntryKind | None:
    """Return the kind that a filter asks for; None for every kind."""
    return next((known for known, value in KINDS.items() if value == kind), None)


def user_created(event: Event, message: events_pb2.UserCreated) -> Occurrence:
    """Return what UserCreated tells.

    Raises:
        InvalidEntryError: It does not say who was created.
    """
    return _occurrence(event, EntryKind.USER_CREATED, message.user)


def user_updated(event: Event, message: events_pb2.UserUpdated) -> Occurrence:
    """Return what UserUpdated tells.

    Raises:
        InvalidEntryError: It does not say who was changed.
    """
    return _occurrence(event, EntryKind.USER_UPDATED, message.user, tuple(message.changed_fields.paths))


def user_deactivated(event: Event, message: events_pb2.UserDeactivated) -> Occurrence:
    """Return what UserDeactivated tells.

    Raises:
        InvalidEntryError: It does not say who was deactivated.
    """
    return _occurrence(event, EntryKind.USER_DEACTIVATED, identity_pb2.User(user_id=message.user_id))


def _occurrence(
    event: Event, kind: EntryKind, user: identity_pb2.User, changed_fields: tuple[str, ...] = ()
) -> Occurrence:
    details = {"email": user.email, "roles": ",".join(_role_name(role) for role in user.roles)}
    return Occurrence(
        kind=kind,
        subject=f"users/{user.user_id}",
        time=event.time,
        cause=Cause(event.source, event.id, event.request_id),
        changed_fields=changed_fields,
        details={name: value for name, value in details.items() if value},
    )


def _role_name(role: identity_pb2.Role.ValueType) -> str:
    # A newer producer may know roles that this version does not; its number is better than nothing.
    known = identity_pb2.Role.values()
    return identity_pb2.Role.Name(role).removeprefix("ROLE_").lower() if role in known else str(role)


def _timestamp(moment: datetime) -> Timestamp:
    timestamp = Timestamp()
    timestamp.FromDatetime(moment)
    return timestamp
