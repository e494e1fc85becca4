"""Records that cannot be applied, kept for people to look at."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from platformkit.events.envelope import Record
from platformkit.events.subscription import Delivery
from platformkit.events.topics import Topic

# Enough to recognise an error by; headers are no place for a traceback.
ERROR_CHARACTERS: Final = 1000


def dead_letter(delivery: Delivery, *, consumer: str, error: str, attempts: int) -> Record:
    """The record as it came, with headers that say why it is here and where it was.

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
    return replace(letter, value=None, headers=(*letter.headers, ("x-omitted-bytes", size)))
