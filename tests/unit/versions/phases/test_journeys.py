"""Journeys while a service has several instances, among which calls are passed on in turn."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from types import MappingProxyType

import pytest
from aiohttp import web

from servanda.configuration import load
from servanda.supervision import Placeholders, Source, System
from servanda.versions.phases.front import Front
from servanda.versions.phases.journeys import Journeys
from servanda.versions.phases.ready import Ready
from servanda.versions.plan import Phase, Step, Version

CALLS = """
import os, urllib.request
for number in range({calls}):
    method = "POST" if number == {calls} - 1 else "GET"
    urllib.request.urlopen(urllib.request.Request(os.environ["URL"] + f"/{{number}}", method=method)).read()
"""


class Instances:
    """Two or three instances behind a front, which tell who got the one write of a journey."""

    def __init__(self, front: Front) -> None:
        self.front = front
        self.written: list[int] = []

    async def start(self, count: int, stack: AsyncExitStack) -> None:
        addresses = []
        for number in range(count):

            async def answer(request: web.BaseRequest, number: int = number) -> web.Response:
                if request.method == "POST":
                    self.written.append(number)
                return web.json_response({})

            runner = web.ServerRunner(web.Server(answer))
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            addresses.append(f"127.0.0.1:{runner.addresses[0][1]}")
        self.front.lead_to(addresses)


@pytest.fixture
async def instances() -> AsyncIterator[Instances]:
    front = Front(10)
    await front.start()
    yield Instances(front)
    await front.stop()


def journeys(folder: Path, calls: int, front: Front) -> Journeys:
    (folder / "calls.py").write_text(CALLS.format(calls=calls))
    (folder / "servanda.toml").write_text(
        f'[end-to-end]\ncommand = ["{sys.executable}", "calls.py"]\nenvironment = {{ URL = "{front.url}" }}\n'
        "[services.stock]\ncommand = ['true']\n"
    )
    versions = {name: Ready(Version(name), Source(folder), load(folder / "servanda.toml")) for name in ("old", "new")}
    return Journeys(versions, folder, {}, {}, front, None)


@pytest.mark.parametrize("count", [2, 3])
@pytest.mark.parametrize("calls", [2, 3, 4])
async def test_the_one_write_of_a_journey_meets_every_instance(
    tmp_path: Path, instances: Instances, calls: int, count: int
) -> None:
    live = MappingProxyType({"stock": (*("old",) * (count - 1), "new")})
    async with AsyncExitStack() as stack:
        await instances.start(count, stack)
        step = Step(2, Phase.ROLLING, live, "stock")
        made = await journeys(tmp_path, calls, instances.front).make(step, System({}, Placeholders({})))
    assert made.breaks == ()
    assert sorted(instances.written) == list(range(count))
    assert len(made.passed.writes) == count


async def test_of_one_instance_they_are_made_once(tmp_path: Path, instances: Instances) -> None:
    async with AsyncExitStack() as stack:
        await instances.start(1, stack)
        step = Step(3, Phase.ROLLED_BACK, MappingProxyType({"stock": ("old",)}))
        await journeys(tmp_path, 2, instances.front).make(step, System({}, Placeholders({})))
    assert instances.written == [0]
