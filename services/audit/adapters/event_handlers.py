"""Handlers of the events that the service hears."""

from __future__ import annotations

from collections.abc import Mapping

from google.protobuf.message import Message
from plt.auth.v1 import events_pb2 as auth_events
from plt.identity.v1 import events_pb2

from platformkit.events import Connection, Event, Handler
from platformkit.service import Clock, now
from services.audit.adapters.login_messages import account_occurrence
from services.audit.adapters.messages import user_created, user_deactivated, user_updated
from services.audit.adapters.repository import PostgresEntries
from services.audit.domain.entry import Occurrence
from services.audit.use_cases.ports import Entries
from services.audit.use_cases.record_entry import RecordEntry

EVENTS: tuple[type[Message], ...] = (
    events_pb2.UserCreated,
    events_pb2.UserUpdated,
    events_pb2.UserDeactivated,
    auth_events.LoginSucceeded,
    auth_events.LoginFailed,
    auth_events.PasswordChanged,
    auth_events.TokenRevoked,
)
"""The events that the audit trail records."""


async def record_event(entries: Entries, event: Event, clock: Clock = now) -> None:
    """Records an event of ``EVENTS``.

    Raises:
        InvalidEntryError: The event does not say whom it is about.
        TypeError: It is none of ``EVENTS``.
    """
    await RecordEntry(entries, clock)(_occurrence_of(event))


def event_handlers() -> Mapping[type[Message], Handler[Connection]]:
    """Return the handlers by event, each on the connection of its transaction."""

    async def record(connection: Connection, event: Event) -> None:
        await record_event(PostgresEntries(connection), event)

    return dict.fromkeys(EVENTS, record)


def _occurrence_of(event: Event) -> Occurrence:
    match event.message:
        case events_pb2.UserCreated() as message:
            return user_created(event, message)
        case events_pb2.UserUpdated() as message:
            return user_updated(event, message)
        case events_pb2.UserDeactivated() as message:
            return user_deactivated(event, message)
    occurrence = account_occurrence(event)
    if occurrence is not None:
        return occurrence
    raise TypeError(f"no entry can be made of {event.type}")
