"""The order in which recorded events are sent: as they came, a second time, and in another order among odd records."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

from servanda.events.corpus import KeptEvent
from servanda.topics.record import Record

# Neither UTF-8, nor JSON, nor a message of protobuf: a tag without an end.
UNREADABLE: Final = b"\xff\xff\xff\xff{unreadable"
_LEAST: Final = 3
_KEY: Final = "servanda-{what}-{topic}-{number}"


@dataclass(frozen=True, slots=True)
class Sent:
    """A record that is sent.

    Attributes:
        type: Full name of its message; empty if nothing says it.
        shape: Shape that it was kept for: its own, or that of the event whose history it belongs to.
    """

    record: Record
    type: str = ""
    shape: str = ""

    @property
    def key(self) -> str:
        """Return its key as text."""
        return (self.record.key or b"").decode("utf-8", "replace")

    @property
    def words(self) -> str:
        """Return topic, type, shape and key, for messages."""
        kind = self.type or "an event"
        return f"{self.record.topic}: {kind} (shape {self.shape or 'none'}, key {self.key or 'none'})"


@dataclass(frozen=True)
class Script:
    """Everything that is sent to consumers.

    Attributes:
        events: The records in the order in which they were published, each once.
        seed: Of the other order.
        odd: Whether records that nobody can read, and tombstones of keys that nobody has, are sent too.
    """

    events: tuple[Sent, ...]
    seed: int = 1
    odd: bool = True
    _unreadable: list[Record] = field(default_factory=list, repr=False)

    @cached_property
    def waves(self) -> tuple[tuple[Sent, ...], ...]:
        """Return the records so that those of one key are in different waves, whatever their topics."""
        places: dict[bytes | None, int] = {}
        found: list[list[Sent]] = []
        for sent in self.events:
            number = places.get(sent.record.key, 0)
            if sent.record.key is not None:
                places[sent.record.key] = number + 1
            while len(found) <= number:
                found.append([])
            found[number].append(sent)
        return tuple(map(tuple, found))

    @cached_property
    def shuffled(self) -> tuple[Sent, ...]:
        """Return the records so that those of one key keep their order, and no others do, with odd ones among them."""
        source = random.Random(self.seed)  # noqa: S311 - an order, no secret
        lanes: dict[tuple[str, bytes | None] | int, list[Sent]] = {}
        for number, sent in enumerate(self.events):
            lane = (sent.record.topic, sent.record.key) if sent.record.key is not None else number
            lanes.setdefault(lane, []).append(sent)
        turns = [lane for lane, sents in lanes.items() for _ in sents]
        source.shuffle(turns)
        ordered = {lane: iter(sents) for lane, sents in lanes.items()}
        found = [next(ordered[lane]) for lane in turns]
        middle = len(found) // 2
        return (*found[:middle], *self.oddities, *found[middle:]) if self.odd else tuple(found)

    @cached_property
    def oddities(self) -> tuple[Sent, ...]:
        """Return unreadable records and a tombstone for each topic.

        There is an unreadable record of every type, since a consumer passes over those that it does not know, and three
        at least, so that more than one partition gets one.
        """
        models: dict[str, dict[str, Sent]] = {}
        for sent in self.events:
            if sent.record.value is not None:
                models.setdefault(sent.record.topic, {}).setdefault(sent.type, sent)
        found: list[Sent] = []
        for topic, by_type in models.items():
            of_types = tuple(by_type.values())
            for number in range(max(_LEAST, len(of_types))):
                key = _KEY.format(what="unreadable", topic=topic, number=number).encode()
                record = replace(of_types[number % len(of_types)].record, key=key, value=UNREADABLE)
                found.append(Sent(record, "an unreadable record"))
            key = _KEY.format(what="tombstone", topic=topic, number=0).encode()
            found.append(Sent(replace(of_types[0].record, key=key, value=None, headers=()), "a tombstone"))
        return tuple(found)

    @property
    def topics(self) -> tuple[str, ...]:
        """Return the topics that records are sent to."""
        return tuple(dict.fromkeys(sent.record.topic for sent in self.events))

    def by_record(self) -> Mapping[str, Sent]:
        """Return what is sent, by the digest of its record."""
        return {sent.record.digest: sent for sent in (*self.events, *self.oddities)}


def script_of(events: Iterable[KeptEvent], topics: Collection[str], seed: int = 1, *, odd: bool = True) -> Script:
    """Return the script of events and of what came before them.

    Args:
        events: The events.
        topics: Topics that somebody reads; records of others are not sent.
        seed: Of the other order.
        odd: See :class:`Script`.
    """
    found: dict[str, Sent] = {}
    kept = tuple(events)
    for event in kept:
        found[event.record.digest] = Sent(event.record, event.type, event.shape)
    for event in kept:
        for record in event.history:
            found.setdefault(record.digest, Sent(record, record.header("ce_type"), event.shape))
    wanted = [sent for sent in found.values() if sent.record.topic in topics]
    return Script(tuple(sorted(wanted, key=lambda sent: (sent.record.time, sent.record.digest))), seed, odd)


def lanes_of(events: Iterable[KeptEvent], chosen: Iterable[KeptEvent]) -> tuple[KeptEvent, ...]:
    """Return the chosen events with all others that have the key of one of them: effects of one key hang together."""
    wanted = tuple(chosen)
    keys = {each.record.key for each in wanted if each.record.key is not None}
    identities = {each.identity for each in wanted}
    return tuple(each for each in events if each.identity in identities or each.record.key in keys)
