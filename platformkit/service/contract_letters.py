"""Provider state of the dead letters of a consumer: what a contract needs to be given up, on the real Kafka."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from google.protobuf.message import Message

from platformkit.events import Archive, Delivery, Publisher, Record, encode
from platformkit.events.dead_letter import dead_letter
from platformkit.events.redrive import crossing_out, letters

EVENT_ID: Final = "0b6e9a52-8f0d-4b7e-9c3a-00000000de01"
REASON: Final = "InvalidEntryError: the event is not as it has to be"
ATTEMPTS: Final = 3
TIME: Final = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
PARAMETERS: Final = frozenset({"count", "event_id", "reason", "attempts"})


class ContractLetters:
    """Handler of the state that a consumer gave up events.

    Args:
        archive: Where the letters are.
        publisher: Publisher to topics of dead letters; a new one needs half a second for its first record.
        consumer: Name of the consumer.
        message: Payload of the events; the consumer can apply it.
    """

    def __init__(self, archive: Archive, publisher: Publisher, consumer: str, message: Message) -> None:
        self._archive = archive
        self._publisher = publisher
        self._consumer = consumer
        self._message = message

    async def exist(self, params: Mapping[str, object]) -> Mapping[str, object]:
        """{count, event_id, reason, attempts}: it gave up so many events, and all that it gave up before went back.

        The last part of their identifiers counts up from that of the first one.

        Raises:
            ValueError: A parameter is unknown.
        """
        if unknown := params.keys() - PARAMETERS:
            raise ValueError(f"unknown parameters {sorted(unknown)}; expected some of {sorted(PARAMETERS)}")
        first, count = UUID(str(params.get("event_id", EVENT_ID))), int(str(params.get("count", 1)))
        given_up = [self._given_up(UUID(int=first.int + number), params) for number in range(count)]
        before = await asyncio.to_thread(self._crossings_out)
        await self._publisher.publish([*before, *given_up])
        return {"event_id": str(first), "count": count}

    def _crossings_out(self) -> Sequence[Record]:
        return [
            crossing_out(letter)
            for topic in self._archive.dead_letter_topics()
            for letter in letters(self._archive.records(topic))
            if letter.consumer == self._consumer and not letter.redriven
        ]

    def _given_up(self, event_id: UUID, params: Mapping[str, object]) -> Record:
        record = encode(self._message, event_id=str(event_id), time=TIME, request_id="")
        reason, attempts = str(params.get("reason", REASON)), int(str(params.get("attempts", ATTEMPTS)))
        # No record is there: as the letter has its value, nobody looks.
        return dead_letter(Delivery(record, 0, 0), consumer=self._consumer, error=reason, attempts=attempts)
