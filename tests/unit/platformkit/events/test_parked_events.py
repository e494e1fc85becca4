"""Events that fail are tried again later, and what comes for their keys waits behind them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from plt.identity.v1 import events_pb2, identity_pb2

from platformkit.backoff import Backoff
from platformkit.events import (
    Consumer,
    Event,
    MemoryInbox,
    MemoryParking,
    MemoryPublisher,
    MemorySubscription,
    Record,
    encode,
)
from platformkit.service import StoreUnavailableError

TIME = datetime(2026, 1, 2, tzinfo=UTC)
DELAYS = (30.0, 300.0)
NO = RuntimeError("no")


def created(user: str, event_id: str) -> Record:
    message = events_pb2.UserCreated(user=identity_pb2.User(user_id=user))
    return encode(message, event_id=event_id, time=TIME, request_id="r-1")


async def no_wait(_: float) -> None:
    await asyncio.sleep(0)


@dataclass
class Trail:
    """A consumer with a parking, whose handler refuses some events, and meets an outage for some of its calls."""

    delays: tuple[float, ...] = DELAYS
    refused: set[str] = field(default_factory=set)
    outages: int = 0
    applied: list[str] = field(default_factory=list)
    letters: MemoryPublisher = field(default_factory=MemoryPublisher)
    inbox: MemoryInbox = field(default_factory=MemoryInbox)

    def __post_init__(self) -> None:
        self.parking = MemoryParking(self.delays)

    async def handle(self, _: MemoryInbox, event: Event) -> None:
        if self.outages:
            self.outages -= 1
            raise StoreUnavailableError
        if event.id in self.refused:
            raise NO
        if event.id in self.applied:
            # The transaction of the first time was rolled back, with others that failed.
            self.applied.remove(event.id)
        self.applied.append(event.id)

    async def consume(self, *records: Record) -> None:
        """Receive records, until each was handled."""
        subscription = MemorySubscription(records)
        await _until(self._consumer(subscription).run(), subscription.done)

    async def pass_time(self, seconds: float) -> None:
        """Let time go by, and try again what is due then."""
        self.parking.now += seconds
        idle = asyncio.Event()

        async def nothing_is_due(_: float) -> None:
            idle.set()
            await asyncio.sleep(0)

        await _until(self._consumer(MemorySubscription(()), nothing_is_due).run_parked(), idle)

    def _consumer(
        self, subscription: MemorySubscription, sleep: Callable[[float], Awaitable[object]] = no_wait
    ) -> Consumer[MemoryInbox]:
        return Consumer(
            subscription,
            self.inbox,
            {events_pb2.UserCreated: self.handle},
            self.letters,
            name="test",
            parking=self.parking,
            backoff=lambda: Backoff(sleep=no_wait),
            sleep=sleep,
        )


async def _until(work: Coroutine[Any, Any, None], done: asyncio.Event) -> None:
    running = asyncio.create_task(work)
    async with asyncio.timeout(10):
        await done.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_an_event_that_fails_is_tried_again_after_its_delay() -> None:
    trail = Trail(refused={"1"})
    await trail.consume(created("ada", "1"))
    trail.refused.clear()
    await trail.pass_time(29.0)
    assert trail.applied == []
    await trail.pass_time(1.0)
    assert (trail.applied, trail.letters.records, trail.parking.waiting) == (["1"], [], {})


async def test_other_keys_go_on_and_the_parked_one_keeps_its_order() -> None:
    trail = Trail(refused={"1"})
    await trail.consume(created("ada", "1"), created("ada", "2"), created("bob", "3"), created("ada", "4"))
    assert trail.applied == ["3"]
    trail.refused.clear()
    await trail.pass_time(30.0)
    assert trail.applied == ["3", "1", "2", "4"]


async def test_a_later_event_of_a_parked_key_waits_until_the_key_is_free() -> None:
    trail = Trail(refused={"1"})
    await trail.consume(created("ada", "1"))
    trail.refused.clear()
    await trail.consume(created("ada", "2"))
    assert trail.applied == []
    await trail.pass_time(30.0)
    await trail.consume(created("ada", "3"))
    assert trail.applied == ["1", "2", "3"]


async def test_an_event_that_fails_after_its_last_delay_is_a_dead_letter_and_its_key_goes_on() -> None:
    trail = Trail(refused={"1"})
    await trail.consume(created("ada", "1"), created("ada", "2"))
    await trail.pass_time(30.0)
    await trail.pass_time(299.0)
    assert (trail.applied, trail.letters.records) == ([], [])
    await trail.pass_time(1.0)
    assert trail.applied == ["2"]
    (letter,) = trail.letters.records
    assert dict(letter.headers)["x-attempts"] == b"3"
    assert dict(letter.headers)["x-origin-offset"] == b"0"


async def test_an_event_that_fails_when_its_turn_comes_has_all_of_its_delays_before_it() -> None:
    trail = Trail(refused={"1", "2"})
    await trail.consume(created("ada", "1"), created("ada", "2"))
    trail.refused = {"2"}
    await trail.pass_time(30.0)
    assert (trail.applied, trail.letters.records) == (["1"], [])
    await trail.pass_time(30.0)
    assert trail.letters.records == []
    await trail.pass_time(300.0)
    assert len(trail.letters.records) == 1


async def test_an_outage_costs_a_parked_event_no_attempt() -> None:
    trail = Trail(refused={"1"})
    await trail.consume(created("ada", "1"))
    trail.refused.clear()
    trail.outages = 5
    await trail.pass_time(30.0)
    assert (trail.applied, trail.letters.records) == (["1"], [])


async def test_an_event_that_comes_again_while_it_waits_is_applied_once() -> None:
    trail = Trail(refused={"1"})
    await trail.consume(created("ada", "1"))
    await trail.consume(created("ada", "1"))
    trail.refused.clear()
    await trail.pass_time(30.0)
    await trail.consume(created("ada", "1"))
    assert trail.applied == ["1"]


async def test_without_delays_a_failure_is_final() -> None:
    trail = Trail(delays=(), refused={"1"})
    await trail.consume(created("ada", "1"), created("ada", "2"))
    assert (trail.applied, len(trail.letters.records)) == (["2"], 1)


@settings(max_examples=50, deadline=None)
@given(
    events=st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=12),
    sizes=st.lists(st.integers(1, 4), max_size=12),
)
def test_the_order_of_each_key_holds_whatever_fails_once(events: list[tuple[str, bool]], sizes: list[int]) -> None:
    users = [user for user, _ in events]

    async def run() -> list[str]:
        trail = Trail(refused={str(number) for number, (_, fails) in enumerate(events) if fails})
        left = [created(user, str(number)) for number, user in enumerate(users)]
        for size in (*sizes, len(left)):
            received, left = left[:size], left[size:]
            if received:
                await trail.consume(*received)
            trail.refused -= set(list(trail.refused)[:1])
            await trail.pass_time(30.0)
        trail.refused.clear()
        for _ in events:
            await trail.pass_time(300.0)
        return trail.applied

    applied = asyncio.run(run())
    # Those that are given up meanwhile leave gaps, but nothing overtakes.
    for user in set(users):
        own = [number for number in map(int, applied) if users[number] == user]
        assert own == sorted(own)
