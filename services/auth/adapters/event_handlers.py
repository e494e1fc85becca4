"""Handlers of the events that the service hears."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC

from google.protobuf.message import Message
from plt.identity.v1 import events_pb2

from platformkit.events import Connection, Event, Handler
from services.auth.adapters.messages import canonical_id
from services.auth.adapters.repository import PostgresTransaction
from services.auth.adapters.users import user_of
from services.auth.use_cases.follow_user import FollowUser
from services.auth.use_cases.ports import Transaction

HEARD: tuple[type[Message], ...] = (events_pb2.UserUpdated, events_pb2.UserDeactivated)
"""The events that accounts follow."""


async def follow_event(follow: FollowUser, transaction: Transaction, event: Event) -> None:
    """Follow an event of ``HEARD``.

    Raises:
        InvalidFieldError: The event does not say whom it is about.
        TypeError: It is none of ``HEARD``.
    """
    match event.message:
        case events_pb2.UserUpdated() as message:
            canonical_id(message.user.user_id)
            await follow.updated(transaction, user_of(message.user))
        case events_pb2.UserDeactivated() as message:
            time = message.deactivate_time.ToDatetime(UTC)
            await follow.deactivated(transaction, canonical_id(message.user_id), time)
        case _:
            raise TypeError(f"no account follows {event.type}")


def event_handlers(follow: FollowUser) -> Mapping[type[Message], Handler[Connection]]:
    """Return the handlers by event, each on the connection of its transaction."""

    async def handle(connection: Connection, event: Event) -> None:
        await follow_event(follow, PostgresTransaction.on(connection), event)

    return dict.fromkeys(HEARD, handle)
