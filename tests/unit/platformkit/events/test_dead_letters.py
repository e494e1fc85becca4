"""Bounds of what is done about dead letters at once."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator, Sequence

import pytest

from platformkit.context import deadline
from platformkit.events import DeadLetters, MemoryArchive, MemoryPublisher, Record, Stored, SubscriptionError, Topic
from platformkit.events.dead_letters import LOOKED_AT, Choice, Redriven
from tests.unit.platformkit.events.given_up import TOPIC, given_up, moment

EVERY = Choice()
TOPICS = [Topic(TOPIC)]


class EndlessArchive(MemoryArchive):
    """Never ends to give records."""

    def records(self, topic: str, latest: int | None = None) -> Iterator[Stored]:
        return (Stored(given_up("e-0"), 0, offset, moment(0)) for offset in itertools.count())


class WaitingPublisher(MemoryPublisher):
    """Waits for Kafka as long as it is away, which is forever."""

    async def publish(self, records: Sequence[Record]) -> None:
        await asyncio.Event().wait()


class SlowPublisher(MemoryPublisher):
    """Needs three seconds for what it publishes, by a clock of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    async def publish(self, records: Sequence[Record]) -> None:
        await super().publish(records)
        self.now += 3


@pytest.fixture
def publisher() -> MemoryPublisher:
    publisher = MemoryPublisher()
    publisher.records += [given_up(f"e-{number}") for number in range(3)]
    return publisher


async def test_no_more_than_the_last_records_of_a_partition_are_looked_at(publisher: MemoryPublisher) -> None:
    other = given_up("e-9", consumer="auth")
    publisher.records += [other] * (LOOKED_AT - 1)
    found = await DeadLetters("audit", TOPICS, MemoryArchive(publisher), publisher).found()
    assert [letter.event_id for letter in found] == ["e-2"]


async def test_a_reading_that_does_not_end_is_ended(publisher: MemoryPublisher) -> None:
    letters = DeadLetters("audit", TOPICS, EndlessArchive(publisher), publisher, seconds=0.05)
    with pytest.raises(SubscriptionError):
        await letters.found()


@pytest.mark.parametrize(("seconds", "left"), [(0.05, None), (600, 0.05)], ids=["own-time", "time-of-the-request"])
async def test_a_publisher_that_waits_for_kafka_is_not_waited_for(
    publisher: MemoryPublisher, seconds: float, left: float | None
) -> None:
    letters = DeadLetters("audit", TOPICS, MemoryArchive(publisher), WaitingPublisher(), seconds=seconds)
    with deadline(left), pytest.raises(SubscriptionError):
        await letters.redrive(EVERY, 10)


async def test_after_one_that_was_given_up_the_next_has_its_turn(publisher: MemoryPublisher) -> None:
    letters = DeadLetters("audit", TOPICS, MemoryArchive(publisher), WaitingPublisher(), seconds=0.05)
    with pytest.raises(SubscriptionError):
        await letters.redrive(EVERY, 10)
    assert len(await letters.found()) == 3


async def test_letters_for_which_there_is_no_time_left_remain_and_the_caller_hears_how_many() -> None:
    publisher = SlowPublisher()
    publisher.records += [given_up(f"e-{number}") for number in range(3)]
    archive = MemoryArchive(publisher)
    letters = DeadLetters("audit", TOPICS, archive, publisher, seconds=10, clock=lambda: publisher.now)
    assert await letters.redrive(EVERY, 10) == Redriven(2, 0, 1)


async def test_a_letter_that_went_while_kafka_kept_no_crossing_out_goes_again(publisher: MemoryPublisher) -> None:
    letters = DeadLetters("audit", TOPICS, MemoryArchive(publisher), publisher)
    await letters.redrive(Choice(frozenset({"e-0"})), 10)
    # As if the process had ended between the two.
    publisher.records = [record for record in publisher.records if record.value is not None]
    assert (await letters.redrive(Choice(frozenset({"e-0"})), 10)).count == 1
