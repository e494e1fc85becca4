"""Dead letters, made for a test."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from plt.identity.v1 import events_pb2, identity_pb2

from platformkit.events import (
    DeadLetterRpcs,
    DeadLetters,
    Delivery,
    MemoryArchive,
    MemoryPublisher,
    Record,
    encode,
)
from platformkit.events.dead_letter import dead_letter
from platformkit.paging import PageTokens

TOPIC = "plt.identity.user.v1"


def moment(number: int) -> datetime:
    """Return the time of a record in a `MemoryArchive`."""
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=number)


def event(event_id: str) -> Record:
    """Return an event as its service publishes it."""
    message = events_pb2.UserCreated(user=identity_pb2.User(user_id="u-1", email="ada@example.com"))
    return encode(message, event_id=event_id, time=moment(0), request_id="r-1")


def given_up(event_id: str, *, consumer: str = "audit", error: str = "ValueError: no") -> Record:
    """Return an event as its consumer gives it up."""
    return dead_letter(Delivery(event(event_id), 0, 0), consumer=consumer, error=error, attempts=3)


def no_dead_letters() -> DeadLetterRpcs:
    """Return the rpcs of a service whose consumer gave nothing up."""
    publisher = MemoryPublisher()
    return DeadLetterRpcs(DeadLetters("audit", [], MemoryArchive(publisher), publisher), PageTokens(b"secret"))
