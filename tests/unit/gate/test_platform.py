"""A platform that starts in the background."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from servanda.errors import SupervisionError
from servanda.gate.platform import BackgroundPlatform
from servanda.supervision import Placeholders, Running, System


class Scripted:
    """A platform whose steps are written down; it waits for permission to become ready."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.log: list[str] = []
        self.permission = asyncio.Event()
        self.began = asyncio.Event()
        self._failure = failure

    @asynccontextmanager
    async def started(self) -> AsyncIterator[Running]:
        self.log.append("start")
        self.began.set()
        try:
            await self.permission.wait()
            if self._failure:
                raise self._failure
            yield System({}, Placeholders({}))
        finally:
            self.log.append("end")


async def test_beginning_does_not_wait() -> None:
    scripted = Scripted()
    platform = BackgroundPlatform(scripted.started)

    platform.begin()

    assert scripted.log == []
    await platform.close()


async def test_a_platform_is_started_once() -> None:
    scripted = Scripted()
    scripted.permission.set()
    platform = BackgroundPlatform(scripted.started)

    platform.begin()
    platform.begin()
    first, second = await platform.running(), await platform.running()
    await platform.close()

    assert first is second
    assert scripted.log == ["start", "end"]


async def test_waiting_begins_it_too() -> None:
    scripted = Scripted()
    scripted.permission.set()
    platform = BackgroundPlatform(scripted.started)

    assert (await platform.running()).instances == {}

    await platform.close()


async def test_a_platform_on_its_way_is_ended() -> None:
    scripted = Scripted()
    platform = BackgroundPlatform(scripted.started)
    platform.begin()
    await scripted.began.wait()

    await platform.close()

    assert scripted.log == ["start", "end"]


async def test_a_platform_that_was_never_begun_needs_no_end() -> None:
    scripted = Scripted()

    await BackgroundPlatform(scripted.started).close()

    assert scripted.log == []


@pytest.mark.parametrize(
    "failure",
    [
        pytest.param(SupervisionError("identity did not start"), id="a service"),
        pytest.param(KeyError("a mistake of the suite"), id="a defect"),
    ],
)
async def test_whoever_waits_hears_why_it_did_not_start(failure: Exception) -> None:
    scripted = Scripted(failure)
    scripted.permission.set()
    platform = BackgroundPlatform(scripted.started)

    with pytest.raises(type(failure), match=str(failure)):
        await platform.running()

    await platform.close()


async def test_a_failure_that_nobody_waits_for_is_no_failure_of_the_run() -> None:
    scripted = Scripted(SupervisionError("identity did not start"))
    scripted.permission.set()
    platform = BackgroundPlatform(scripted.started)
    platform.begin()
    await scripted.began.wait()

    await platform.close()

    assert scripted.log == ["start", "end"]
