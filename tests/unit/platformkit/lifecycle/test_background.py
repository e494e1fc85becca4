import asyncio

import pytest
from structlog.testing import capture_logs

from platformkit.lifecycle.background import keep_running, running


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
