"""The order of a publisher's batches, and the end of one that nobody wants any more; no broker is needed for either."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence

import pytest
from typing_extensions import override

from platformkit.events import KafkaPublisher, Record

FIRST = Record("t", b"k", b"1", ())
SECOND = Record("t", b"k", b"2", ())
LONG_ENOUGH = 0.2


class Slow(KafkaPublisher):
    """Takes a batch until nobody wants it any more, or another one comes beside it."""

    def __init__(self) -> None:
        super().__init__("127.0.0.1:1", "", ())
        self.begun = asyncio.Event()
        self.loop = asyncio.get_running_loop()
        self.beside = threading.Barrier(2)
        self.met = False
        self.ended = False

    @override
    def _publish(self, records: Sequence[Record], stop: threading.Event) -> None:
        self.loop.call_soon_threadsafe(self.begun.set)
        try:
            self.beside.wait(LONG_ENOUGH)
            self.met = True
        except threading.BrokenBarrierError:
            self.ended = stop.wait(10)


async def test_a_batch_begins_when_the_one_before_it_has_ended() -> None:
    publisher = Slow()
    first, second = (asyncio.ensure_future(publisher.publish([record])) for record in (FIRST, SECOND))
    await publisher.begun.wait()
    first.cancel()
    await asyncio.wait([first])
    second.cancel()
    await asyncio.wait([second])
    assert not publisher.met
    await publisher.close()


async def test_whoever_gives_a_batch_up_is_told_so_when_it_has_ended() -> None:
    publisher = Slow()
    publishing = asyncio.ensure_future(publisher.publish([FIRST]))
    await publisher.begun.wait()
    publishing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await publishing
    assert publisher.ended
    await publisher.close()
