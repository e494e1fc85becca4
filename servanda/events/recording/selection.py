"""Choice of the events to keep: one of each new shape, with what came before it for its key."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from servanda.events.corpus.document import KeptEvent, shape_of
from servanda.events.formats import Formats, Understood, UnreadableRecordError
from servanda.topics.cluster import Placed

Identity: TypeAlias = tuple[str, str, str]
"""Service, topic and shape."""
_MOST_HISTORY: Final = 32
# Enough for choosing well; more than that of a large topic would fill the memory.
_MOST_LANES: Final = 100_000


@dataclass(frozen=True, slots=True)
class _First:
    """The first record of a shape in one lane: the records of one key, on all topics."""

    at: tuple[int, int]
    service: str
    understood: Understood


@dataclass(slots=True)
class Seen:
    """Content of topics that were read.

    Attributes:
        records: Number of records by topic.
        days: First and last day on which a shape was published.
        unreadable: Why records could not be read, with their number.
        left_out: Number of records with fields that the definitions do not know.
        words: Type and signature by identity, for reports.
    """

    records: Counter[str] = field(default_factory=Counter)
    days: dict[Identity, tuple[dt.date, dt.date]] = field(default_factory=dict)
    unreadable: Counter[str] = field(default_factory=Counter)
    left_out: int = 0
    words: dict[Identity, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    _lanes: dict[bytes | None, dict[Identity, _First]] = field(default_factory=dict)

    def add(self, placed: Iterable[Placed], service: str, topic: str, formats: Formats) -> None:
        """Add records.

        Args:
            placed: The records, of one topic.
            service: Service that publishes them.
            topic: Topic, without namespace.
            formats: Tells what they say.
        """
        for each in placed:
            self.records[topic] += 1
            record = each.record
            try:
                understood = formats.understand(
                    type(record)(topic, record.key, record.value, record.headers, record.time)
                )
            except UnreadableRecordError as error:
                self.unreadable[f"{topic}: {error.what}"] += 1
                continue
            self.left_out += understood.left_out
            self._note(service, topic, understood, (record.time, self.records.total()))

    def chosen(self, known: Iterable[Identity]) -> tuple[KeptEvent, ...]:
        """Return an event of each shape that is not known: from as few keys as possible, so that they tell one story.

        Args:
            known: The shapes that are kept already.
        """
        missing = set(self.days) - set(known)
        found: list[KeptEvent] = []
        while missing:
            key = max(self._lanes, key=lambda lane: self._worth(lane, missing))
            lane = self._lanes[key]
            found += (_kept(identity, lane) for identity in sorted(missing & set(lane)))
            missing -= set(lane)
        return tuple(found)

    def _note(self, service: str, topic: str, understood: Understood, at: tuple[int, int]) -> None:
        shape = shape_of(understood.type, understood.signature)
        identity = (service, topic, shape)
        day = understood.record.day
        is_new = identity not in self.days
        first, last = self.days.get(identity, (day, day))
        self.days[identity] = min(first, day), max(last, day)
        self.words.setdefault(identity, (understood.type, understood.signature))
        key = understood.record.key
        if key not in self._lanes and len(self._lanes) >= _MOST_LANES and not is_new:
            return
        lane = self._lanes.setdefault(key, {})
        if identity not in lane or at < lane[identity].at:
            lane[identity] = _First(at, service, understood)

    def _worth(self, key: bytes | None, missing: set[Identity]) -> tuple[int, int, bytes]:
        lane = self._lanes[key]
        return len(missing & set(lane)), len(lane), key or b""


def _kept(identity: Identity, lane: Mapping[Identity, _First]) -> KeptEvent:
    chosen = lane[identity]
    understood = chosen.understood
    before = sorted((each for each in lane.values() if each.at < chosen.at), key=lambda each: each.at)
    # A record without a key comes after nothing that it has to do with.
    history = tuple(each.understood.record for each in before) if understood.record.key is not None else ()
    return KeptEvent(
        identity[0],
        understood.type,
        identity[2],
        understood.signature,
        understood.schema,
        understood.record,
        history[:_MOST_HISTORY],
        understood.payload,
    )


def not_produced(seen: Seen, known: Iterable[Identity]) -> Iterator[Identity]:
    """Yield the shapes that are kept and of which the topics that were read hold none."""
    yield from (identity for identity in known if identity[1] in seen.records and identity not in seen.days)
