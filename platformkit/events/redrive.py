"""The way of dead letters back to the consumer that could not apply them.

A topic forgets nothing before its time, so that a letter that went back is crossed out by a record of its own, which
names its place in the header ``x-redriven``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from platformkit.events.archive import Archive, Stored
from platformkit.events.dead_letter import FACTS, OMITTED, REDRIVEN_FOR
from platformkit.events.envelope import Record
from platformkit.events.errors import EventError
from platformkit.events.publisher import Publisher
from platformkit.events.topics import Topic

REDRIVEN: Final = "x-redriven"


class LostRecordError(EventError):
    """A dead letter has no value, and its topic keeps the record no more that it was made of."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter at its place.

    Attributes:
        stored: Record and place.
        redriven: Whether it went back.
    """

    stored: Stored
    redriven: bool = False

    @property
    def place(self) -> str:
        """Return ``<partition>/<offset>``, which names it within its topic."""
        return self.stored.place

    @property
    def consumer(self) -> str:
        """Return who could not apply it."""
        return self.fact("x-consumer")

    @property
    def event_id(self) -> str:
        """Return the identifier of its event; empty if it does not say."""
        return self.fact("ce_id")

    @property
    def origin(self) -> tuple[str, int, int]:
        """Return topic, partition and offset of the record that it was made of.

        Raises:
            EventError: Its headers do not say, or name a topic whose letters are elsewhere. Whoever may write to one
                topic of dead letters would otherwise write to all topics.
        """
        topic, partition, offset = (self.fact(f"x-origin-{part}") for part in ("topic", "partition", "offset"))
        if not topic or not partition.isdecimal() or not offset.isdecimal():
            raise EventError(f"{self.place}: the headers do not say where the record was; it is no dead letter of ours")
        if Topic(topic).dead_letters().name != self.stored.record.topic:
            raise EventError(
                f"{self.place}: the headers say that the record was in {topic}, whose letters are elsewhere"
            )
        return topic, int(partition), int(offset)

    def fact(self, name: str) -> str:
        """Return a header as text; empty if there is none."""
        return next((value.decode(errors="replace") for key, value in self.stored.record.headers if key == name), "")


def letters(records: Iterable[Stored]) -> tuple[Letter, ...]:
    """Return the dead letters among the records of a topic, the oldest first."""
    found: list[Stored] = []
    back: set[str] = set()
    for stored in records:
        crossed_out = [value.decode(errors="replace") for name, value in stored.record.headers if name == REDRIVEN]
        back.update(crossed_out)
        if not crossed_out:
            found.append(stored)
    return tuple(Letter(stored, stored.place in back) for stored in sorted(found, key=lambda one: one.time))


async def redrive(chosen: Iterable[Letter], archive: Archive, publisher: Publisher) -> int:
    """Send letters back to their topic, for the consumer that gave them up, and cross them out; return how many.

    Whoever applied the event before does not apply it again. It comes after the later events of its key.

    Raises:
        EventError: One of them is no letter of ours, or its value is lost; those before it went back.
        PublishError: Kafka does not take it.
    """
    count = 0
    for letter in chosen:
        await send_back(letter, as_it_was(letter, archive), publisher)
        count += 1
    return count


def as_it_was(letter: Letter, archive: Archive) -> Record:
    """Return the record that a letter was made of, for the consumer that gave it up alone; blocks.

    Raises:
        LostRecordError: Its value was too large for a letter, and its topic keeps it no more.
        EventError: It is no letter of ours.
    """
    topic, partition, offset = letter.origin
    record = letter.stored.record
    value = record.value
    if letter.fact(OMITTED):
        stored = archive.record_at(topic, partition, offset)
        if stored is None:
            raise LostRecordError(f"{letter.place}: the value was too large, and {topic} {partition}/{offset} is gone")
        value = stored.record.value
    kept = tuple((name, header) for name, header in record.headers if name not in FACTS)
    return Record(topic, record.key, value, (*kept, (REDRIVEN_FOR, letter.consumer.encode())))


async def send_back(letter: Letter, record: Record, publisher: Publisher) -> None:
    """Publish the record of a letter, and cross the letter out.

    Raises:
        PublishError: Kafka does not take one of them; the letter may have gone back without being crossed out.
    """
    await publisher.publish([record])
    await publisher.publish([crossing_out(letter)])


def crossing_out(letter: Letter) -> Record:
    """Return the record that says that a letter went back."""
    stored = letter.stored
    return Record(stored.record.topic, stored.record.key, None, ((REDRIVEN, letter.place.encode()),))
