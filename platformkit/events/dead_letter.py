"""Records that cannot be applied, kept for people to look at."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from platformkit.events.envelope import Record
from platformkit.events.subscription import Delivery
from platformkit.events.topics import Topic

# Enough to recognise an error by; headers are no place for a traceback.
ERROR_CHARACTERS: Final = 1000

OMITTED: Final = "x-omitted-bytes"
REDRIVEN_FOR: Final = "x-redriven-for"
"""Header of a record that went back to its topic: the one consumer that it is meant for."""

FACTS: Final = frozenset(
    {
        "x-consumer",
        "x-error",
        "x-attempts",
        "x-origin-topic",
        "x-origin-partition",
        "x-origin-offset",
        OMITTED,
        REDRIVEN_FOR,
    }
)
"""Headers that are added to a record on its way through the dead letters."""


def dead_letter(delivery: Delivery, *, consumer: str, error: str, attempts: int) -> Record:
    """Return the record as it came, with headers that say why it is here and where it was.

    Args:
        delivery: What could not be applied.
        consumer: Who could not.
        error: Why not.
        attempts: How often it was tried.
    """
    record = delivery.record
    facts = {
        "x-consumer": consumer,
        "x-error": error[:ERROR_CHARACTERS],
        "x-attempts": str(attempts),
        "x-origin-topic": record.topic,
        "x-origin-partition": str(delivery.partition),
        "x-origin-offset": str(delivery.offset),
    }
    headers = (*record.headers, *((name, value.encode(errors="replace")) for name, value in facts.items()))
    return Record(Topic(record.topic).dead_letters().name, record.key, record.value, headers)


def without_value(letter: Record) -> Record:
    """Return a dead letter for a topic that takes no record as large as it is; where the value is, it says itself."""
    size = str(len(letter.value or b"")).encode()
    return replace(letter, value=None, headers=(*letter.headers, (OMITTED, size)))


def meant_for(record: Record, consumer: str) -> bool:
    """Tell whether a consumer has to look at a record: one that went back to its topic is meant for one of them."""
    names = [value for name, value in record.headers if name == REDRIVEN_FOR]
    return not names or names[-1] == consumer.encode()
