"""Dead letters of a consumer, in memory and on a real broker."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from platformkit.events import (
    Archive,
    DeadLetters,
    KafkaArchive,
    KafkaPublisher,
    MemoryArchive,
    MemoryPublisher,
    Publisher,
    Record,
    Topic,
)
from platformkit.events.dead_letter import without_value
from platformkit.events.dead_letters import Choice, Redriven, UnknownLetterError
from servanda.infra import KafkaEndpoint, Namespace
from tests.unit.platformkit.events.given_up import TOPIC, event, given_up

EVERY = Choice()


@dataclass(frozen=True, slots=True)
class Kept:
    """Topics to which letters come and from which they go back."""

    archive: Archive
    publisher: Publisher

    def letters(self, consumer: str = "audit", topics: tuple[str, ...] = (TOPIC,)) -> DeadLetters:
        return DeadLetters(consumer, [Topic(name) for name in topics], self.archive, self.publisher)

    async def give_up(self, *event_ids: str, consumer: str = "audit") -> None:
        for event_id in event_ids:
            await self.publisher.publish([given_up(event_id, consumer=consumer)])

    async def held(self, topic: str) -> list[Record]:
        return await asyncio.to_thread(lambda: [stored.record for stored in self.archive.records(topic)])

    async def went_back(self) -> list[str]:
        headers = [dict(record.headers) for record in await self.held(TOPIC)]
        return [named["ce_id"].decode() for named in headers if named.get("x-redriven-for") == b"audit"]


@pytest.fixture(params=["memory", "kafka"])
async def kept(request: pytest.FixtureRequest, servanda_namespace: Namespace) -> AsyncIterator[Kept]:
    if request.param == "memory":
        publisher = MemoryPublisher()
        yield Kept(MemoryArchive(publisher), publisher)
        return
    servers = servanda_namespace.endpoints.of(KafkaEndpoint).bootstrap
    topics = [Topic(TOPIC), Topic(f"{TOPIC}.dlq")]
    kafka = KafkaPublisher(servers, servanda_namespace.name, topics)
    with contextlib.closing(KafkaArchive(servers, servanda_namespace.name)) as archive:
        yield Kept(archive, kafka)
    await kafka.close()


async def ids(letters: DeadLetters) -> list[tuple[str, bool]]:
    return [(letter.event_id, letter.redriven) for letter in await letters.found()]


async def test_letters_are_found_the_latest_first_and_without_their_values(kept: Kept) -> None:
    await kept.give_up("e-0", "e-1", "e-2")
    assert await ids(kept.letters()) == [("e-2", False), ("e-1", False), ("e-0", False)]
    assert {letter.stored.record.value for letter in await kept.letters().found()} == {None}


async def test_before_anything_was_given_up_there_are_none(kept: Kept) -> None:
    assert await ids(kept.letters()) == []
    assert await kept.letters().redrive(EVERY, 10) == Redriven(0, 0, 0)


async def test_a_consumer_has_the_letters_of_its_own_and_sends_no_others_back(kept: Kept) -> None:
    await kept.give_up("e-0")
    await kept.give_up("e-1", consumer="auth")
    assert await ids(kept.letters()) == [("e-0", False)]
    assert (await kept.letters().redrive(EVERY, 10)).count == 1
    assert await ids(kept.letters("auth")) == [("e-1", False)]


async def test_letters_of_topics_to_which_a_consumer_is_not_subscribed_are_none_of_its_own(kept: Kept) -> None:
    await kept.give_up("e-0")
    assert await ids(kept.letters(topics=("plt.auth.account.v1",))) == []


async def test_all_letters_go_back_once_and_the_oldest_first(kept: Kept) -> None:
    await kept.give_up("e-0", "e-1")
    assert await kept.letters().redrive(EVERY, 10) == Redriven(2, 0, 0)
    assert await kept.letters().redrive(EVERY, 10) == Redriven(0, 0, 0)
    assert await ids(kept.letters()) == [("e-1", True), ("e-0", True)]
    assert await kept.went_back() == ["e-0", "e-1"]


async def test_a_letter_goes_back_as_its_event_came(kept: Kept) -> None:
    await kept.give_up("e-0")
    await kept.letters().redrive(EVERY, 10)
    (record,) = await kept.held(TOPIC)
    came = event("e-0")
    assert record == replace(came, headers=(*came.headers, ("x-redriven-for", b"audit")))


async def test_letters_of_named_events_go_back_and_the_others_stay(kept: Kept) -> None:
    await kept.give_up("e-0", "e-1", "e-2")
    assert await kept.letters().redrive(Choice(frozenset({"e-0", "e-2"})), 10) == Redriven(2, 0, 0)
    assert await ids(kept.letters()) == [("e-2", True), ("e-1", False), ("e-0", True)]


async def test_a_letter_that_is_named_again_does_not_go_back_again(kept: Kept) -> None:
    await kept.give_up("e-0")
    chosen = Choice(frozenset({"e-0"}))
    assert [(await kept.letters().redrive(chosen, 10)).count for _ in range(2)] == [1, 0]


async def test_if_an_event_has_no_letter_none_goes_back(kept: Kept) -> None:
    await kept.give_up("e-0")
    with pytest.raises(UnknownLetterError, match="e-9"):
        await kept.letters().redrive(Choice(frozenset({"e-0", "e-9"})), 10)
    assert await ids(kept.letters()) == [("e-0", False)]


async def test_letters_since_a_moment_go_back_with_that_of_the_moment(kept: Kept) -> None:
    await kept.give_up("e-0", "e-1", "e-2")
    moment = (await kept.letters().found())[1].stored.time
    await kept.letters().redrive(Choice(since=moment), 10)
    since = [letter.event_id for letter in await kept.letters().found() if letter.redriven]
    assert since[:2] == ["e-2", "e-1"]
    assert (await kept.letters().redrive(Choice(since=moment + timedelta(days=1)), 10)).count == 0


async def test_no_more_letters_than_the_limit_go_back_at_once_and_the_others_later(kept: Kept) -> None:
    await kept.give_up("e-0", "e-1", "e-2")
    assert await kept.letters().redrive(EVERY, 2) == Redriven(2, 0, 1)
    assert await kept.letters().redrive(EVERY, 2) == Redriven(1, 0, 0)


async def test_a_letter_whose_value_no_topic_keeps_is_lost_and_keeps_no_other_from_going_back(kept: Kept) -> None:
    large = given_up("e-0")
    headers = tuple((name, b"77" if name == "x-origin-offset" else value) for name, value in large.headers)
    await kept.publisher.publish([event("e-5")])
    await kept.publisher.publish([without_value(replace(large, headers=headers))])
    await kept.give_up("e-1")
    assert await kept.letters().redrive(EVERY, 10) == Redriven(1, 1, 0)


async def test_both_of_two_that_ask_at_once_are_answered_and_a_letter_goes_back_once(kept: Kept) -> None:
    await kept.give_up("e-0", "e-1")
    letters = kept.letters()
    answers = await asyncio.gather(letters.redrive(EVERY, 10), letters.redrive(EVERY, 10))
    assert sorted(answer.count for answer in answers) == [0, 2]
    assert await kept.went_back() == ["e-0", "e-1"]
