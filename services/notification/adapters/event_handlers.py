"""Handlers of the events that the service hears."""

from __future__ import annotations

from collections.abc import Mapping

from google.protobuf.message import Message
from plt.auth.v1 import events_pb2 as auth_events
from plt.identity.v1 import events_pb2, identity_pb2

from platformkit.context import current
from platformkit.events import Connection, Event, Handler
from services.notification.adapters.messages import canonical_id
from services.notification.adapters.repository import PostgresTransaction
from services.notification.adapters.writing import is_written
from services.notification.domain.login_failures import Threshold
from services.notification.domain.notification import Cause
from services.notification.domain.recipient import Contact
from services.notification.use_cases.follow_account import CountLoginFailures, password_changed
from services.notification.use_cases.follow_user import user_created, user_deactivated, user_updated
from services.notification.use_cases.ports import Transaction

HEARD: tuple[type[Message], ...] = (
    events_pb2.UserCreated,
    events_pb2.UserUpdated,
    events_pb2.UserDeactivated,
    auth_events.LoginFailed,
    auth_events.PasswordChanged,
)
"""The events that users are told of, and those that say where users are reached."""


async def follow_event(threshold: Threshold, transaction: Transaction, event: Event) -> None:
    """Follow an event of ``HEARD``.

    Raises:
        InvalidFieldError: The event does not say whom it is about, or a user has no address that a mail can be sent to.
        RecipientUnknownError: There is something to tell, and no event has told of the user.
        TypeError: It is none of ``HEARD``.
    """
    cause = _cause(event)
    match event.message:
        case events_pb2.UserCreated() as message:
            user = message.user
            await user_created(transaction, canonical_id(user.user_id), _contact(user), event.time, cause)
        case events_pb2.UserUpdated() as message:
            user = message.user
            await user_updated(transaction, canonical_id(user.user_id), _contact(user), event.time)
        case events_pb2.UserDeactivated() as message:
            await user_deactivated(transaction, canonical_id(message.user_id), event.time, cause)
        case auth_events.LoginFailed() as message:
            # Of an address that nobody has, nobody can be told.
            if message.user_id:
                count, user_id = CountLoginFailures(threshold), canonical_id(message.user_id)
                await count(transaction, user_id, event.time, message.address, cause)
        case auth_events.PasswordChanged() as message:
            await password_changed(transaction, canonical_id(message.user_id), event.time, cause)
        case _:
            raise TypeError(f"nobody is told of {event.type}")


def event_handlers(threshold: Threshold) -> Mapping[type[Message], Handler[Connection]]:
    """Return the handlers by event, each on the connection of its transaction."""

    async def handle(connection: Connection, event: Event) -> None:
        await follow_event(threshold, PostgresTransaction.on(connection), event)

    return dict.fromkeys(HEARD, handle)


def _contact(user: identity_pb2.User) -> Contact:
    # Versions of identity before 0.3.0 tell of one language only.
    languages = list(user.profile.languages) or [user.profile.locale]
    understood = (each for each in languages if is_written(each))
    return Contact(user.email, user.profile.display_name, next(understood, languages[0]))


def _cause(event: Event) -> Cause:
    # Where the event is applied, which is below where it was published.
    trace = current().trace or event.trace
    parent, state = (trace.parent, trace.state) if trace else ("", "")
    return Cause(event.source, event.id, event.request_id, parent, state)
