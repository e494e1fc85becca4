"""The subscription for tests."""

from __future__ import annotations

from platformkit.events import MemorySubscription, Record

RECORDS = [Record("t", b"k", value, ()) for value in (b"1", b"2", b"3")]


async def test_records_come_with_their_places_from_the_first_on() -> None:
    deliveries = await MemorySubscription(RECORDS).receive()
    assert [(each.record, each.partition, each.offset) for each in deliveries] == [
        (record, 0, offset) for offset, record in enumerate(RECORDS)
    ]


async def test_all_is_done_when_the_last_record_is_committed_and_not_before() -> None:
    subscription = MemorySubscription(RECORDS)
    deliveries = await subscription.receive()
    await subscription.commit(deliveries[:2])
    assert not subscription.done.is_set()
    await subscription.commit(deliveries[2:])
    assert subscription.done.is_set()
