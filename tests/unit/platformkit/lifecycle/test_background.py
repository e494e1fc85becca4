import asyncio

import pytest
from structlog.testing import capture_logs

from platformkit.lifecycle.background import every, keep_running, running


async def test_work_that_fails_is_started_again() -> None:
    attempts = 0
    again = asyncio.Event()

    async def work() -> None:
        nonlocal attempts
        attempts += 1
        if attempts == 1:
            raise ValueError("broken")
        again.set()
        await asyncio.Event().wait()

    stop = asyncio.Event()
    with capture_logs() as logs:
        async with running(keep_running("relay", work), stop):
            await again.wait()
    assert [(line["event"], line["task"]) for line in logs] == [("background task failed", "relay")]
    assert not stop.is_set()


async def test_work_that_ends_is_started_again() -> None:
    attempts = 0
    again = asyncio.Event()

    async def work() -> None:
        nonlocal attempts
        attempts += 1
        if attempts == 2:
            again.set()

    async with running(keep_running("relay", work), asyncio.Event()):
        await again.wait()


async def test_work_that_takes_a_cancellation_for_an_error_ends_all_the_same() -> None:
    ends = 0

    async def work() -> None:
        nonlocal ends
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            ends += 1
            if ends == 1:
                raise ValueError("connection is closed") from None
            raise

    async with running(keep_running("relay", work), asyncio.Event()):
        await asyncio.sleep(0)
    assert ends == 2


async def test_a_failure_that_nobody_supervises_stops_the_service_and_comes_out() -> None:
    async def work() -> None:
        raise ValueError("broken")

    stop = asyncio.Event()
    with pytest.raises(ValueError, match="broken"):
        async with running(work(), stop):
            await stop.wait()


class Sleeps:
    """Stands for the time: notes each wait, and lets the work be done so many times."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.noted: list[float] = []
        self.over = asyncio.Event()

    async def __call__(self, seconds: float) -> None:
        self.noted.append(seconds)
        if len(self.noted) == self.count:
            self.over.set()
            await asyncio.Event().wait()


async def test_periodic_work_is_done_at_once_and_again_after_each_period() -> None:
    done, sleeps = [], Sleeps(3)

    async def work() -> None:
        done.append(len(sleeps.noted))

    async with running(keep_running("purge", every(600, work, sleep=sleeps)), asyncio.Event()):
        await sleeps.over.wait()
    assert (done, sleeps.noted) == ([0, 1, 2], [600, 600, 600])


async def test_periodic_work_that_a_store_lets_down_is_tried_again_soon() -> None:
    failures, sleeps = [OSError("away"), OSError("away")], Sleeps(3)

    async def work() -> None:
        if failures:
            raise failures.pop()

    async with running(keep_running("purge", every(600, work, outages=(OSError,), sleep=sleeps)), asyncio.Event()):
        await sleeps.over.wait()
    *soon, then = sleeps.noted
    assert max(soon) < 1
    assert then == 600
