"""Dead letters of one consumer, looked at and sent back in steps of bounded work."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, TypeVar

from platformkit.context import remaining
from platformkit.events.archive import Archive, Stored
from platformkit.events.envelope import Record
from platformkit.events.errors import EventError, SubscriptionError
from platformkit.events.publisher import Publisher
from platformkit.events.redrive import Letter, as_it_was, letters, send_back
from platformkit.events.topics import Topic

LOOKED_AT: Final = 10_000
"""How many of the last places of each partition are read."""
SECONDS: Final = 10.0
"""How long one step may take."""

T = TypeVar("T")


class UnknownLetterError(EventError):
    """Events are named of which there is no dead letter."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Choice of those letters that go back, out of those that did not yet.

    Attributes:
        event_ids: Those of these events; empty for those of all events.
        since: Those that were given up since this moment; None for those of all times.
    """

    event_ids: frozenset[str] = frozenset()
    since: datetime | None = None

    def takes(self, letter: Letter) -> bool:
        """Tell whether a letter is among them, if it did not go back yet."""
        if self.event_ids and letter.event_id not in self.event_ids:
            return False
        return self.since is None or letter.stored.time >= self.since


@dataclass(frozen=True, slots=True)
class Redriven:
    """Result of sending letters back.

    Attributes:
        count: How many went back.
        lost: How many cannot, since no topic keeps their records any more.
        remaining: How many are left for another time.
    """

    count: int
    lost: int
    remaining: int


class DeadLetters:
    """Dead letters of a consumer; one step after the other, however many are asked for at once.

    Args:
        consumer: Name of the consumer.
        topics: What it is subscribed to.
        archive: Where the letters are.
        publisher: Takes them back; nobody else's, so that one that waits for Kafka keeps nobody else waiting.
        seconds: How long a step may take.
        clock: Tells the time in seconds.
    """

    def __init__(
        self,
        consumer: str,
        topics: Iterable[Topic],
        archive: Archive,
        publisher: Publisher,
        *,
        seconds: float = SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._consumer = consumer
        self._topics = tuple(topic.dead_letters().name for topic in topics)
        self._archive = archive
        self._publisher = publisher
        self._seconds = seconds
        self._clock = clock
        self._turn = asyncio.Lock()

    async def found(self) -> Sequence[Letter]:
        """Return the letters among the last records of each partition, the latest first, and without their values.

        Raises:
            SubscriptionError: They cannot be read, or not in time.
        """
        return await self._in_turn(self._found)

    async def redrive(self, choice: Choice, limit: int) -> Redriven:
        """Send letters back, the oldest first.

        Whoever applied an event before does not apply it again. When the time is up, the others remain.

        Args:
            choice: Which of those that did not go back.
            limit: How many at most.

        Raises:
            UnknownLetterError: Of an event that is named there is none; none went back.
            SubscriptionError: They cannot be read, or not in time; some may have gone back.
            PublishError: Kafka does not take one, or not in time; some may have gone back.
        """

        async def redriven(until: float) -> Redriven:
            known = await self._found(until)
            if missing := choice.event_ids - {letter.event_id for letter in known}:
                raise UnknownLetterError(f"no dead letter of the event {min(missing)}")
            chosen = [letter for letter in reversed(known) if not letter.redriven and choice.takes(letter)]
            return await self._sent_back(chosen, limit, until)

        return await self._in_turn(redriven)

    async def _in_turn(self, step: Callable[[float], Awaitable[T]]) -> T:
        left = remaining()
        seconds = self._seconds if left is None else min(self._seconds, left)
        until = self._clock() + seconds
        try:
            async with asyncio.timeout(seconds), self._turn:
                return await step(until)
        except TimeoutError as error:
            raise SubscriptionError(f"the dead letters were not all at hand within {seconds:g} s") from error

    async def _found(self, until: float) -> Sequence[Letter]:
        return await asyncio.to_thread(self._read, until)

    def _read(self, until: float) -> Sequence[Letter]:
        existing = set(self._archive.dead_letter_topics())
        found = [
            letter
            for topic in self._topics
            if topic in existing
            for letter in letters(self._light(topic, until))
            if letter.consumer == self._consumer
        ]
        return sorted(found, key=order_of, reverse=True)

    def _light(self, topic: str, until: float) -> Iterator[Stored]:
        for stored in self._archive.records(topic, LOOKED_AT):
            if self._clock() > until:
                raise SubscriptionError(f"{topic} was not read in time")
            # Thousands of values may be more than there is memory for.
            yield replace(stored, record=replace(stored.record, value=None))

    async def _sent_back(self, chosen: Sequence[Letter], limit: int, until: float) -> Redriven:
        count = lost = 0
        # So that whoever asked hears how many went back.
        begun_until = until - (until - self._clock()) / 5
        for letter in chosen:
            if count == limit or self._clock() > begun_until:
                break
            record = await asyncio.to_thread(self._record_of, letter)
            if record is None:
                lost += 1
                continue
            await send_back(letter, record, self._publisher)
            count += 1
        return Redriven(count, lost, len(chosen) - count - lost)

    def _record_of(self, letter: Letter) -> Record | None:
        topic, place = letter.stored.record.topic, letter.stored
        whole = self._archive.record_at(topic, place.partition, place.offset)
        if whole is None:
            return None
        try:
            return as_it_was(replace(letter, stored=whole), self._archive)
        except SubscriptionError:
            raise
        except EventError:
            # The record is kept no more, or the letter does not say where it was.
            return None


def order_of(letter: Letter) -> tuple[datetime, str, int, int]:
    """Return what letters of several topics are ordered by."""
    stored = letter.stored
    return stored.time, stored.record.topic, stored.partition, stored.offset
