"""Starting again what ended unexpectedly."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from servanda.configuration import Service
from servanda.errors import ConfigurationError, SupervisionError
from servanda.supervision import (
    Changed,
    Event,
    Plan,
    Ready,
    Restarting,
    RestartPolicy,
    Restarts,
    Running,
    Waiting,
    start,
    watch,
    watched,
)
from tests.unit.supervision.conftest import SERVER

Server = Callable[..., Service]
Plans = Callable[..., Plan]
# Listens until somebody connects, as the supervisor does to find out whether it is ready.
DIES_ONCE_READY = """
import os, socket
with socket.create_server(("127.0.0.1", int(os.environ["HTTP_PORT"]))) as server:
    server.accept()
print("last words", flush=True)
os._exit(3)
"""
NEVER = RestartPolicy(most=0)
AT_ONCE = RestartPolicy(most=3, first_seconds=0.01, longest_seconds=0.02)


@asynccontextmanager
async def kept(planned: Plan, heard: asyncio.Queue[Event], policy: RestartPolicy) -> AsyncIterator[Running]:
    """A running system that is kept running."""
    async with start(planned, heard.put_nowait) as running:
        keeping = asyncio.create_task(Restarts(running, planned.folder, heard.put_nowait, policy).keep())
        try:
            yield running
        finally:
            keeping.cancel()
            await asyncio.wait([keeping])


async def until(heard: asyncio.Queue[Event], kind: type[Event]) -> Event:
    async with asyncio.timeout(20):
        while True:
            if isinstance(event := await heard.get(), kind):
                return event


def kill(pid: int) -> None:
    """Kill what a guard runs."""
    (child,) = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    os.kill(int(child), signal.SIGKILL)


async def test_an_instance_that_dies_is_started_again_on_its_ports(server: Server, plan: Plans) -> None:
    heard, planned = asyncio.Queue[Event](), plan(server("a"), server("b"))
    async with kept(planned, heard, AT_ONCE) as running:
        one, other = running.service("a"), running.service("b").pid
        ports, pid = dict(one.ports), one.pid
        await until(heard, Ready)
        await until(heard, Ready)

        kill(one.pid)

        assert await until(heard, Restarting) == Restarting("a", 1, 3, 0.01, "service 'a' ended by signal SIGKILL")
        await until(heard, Ready)
        assert one.alive
        assert one.pid != pid
        assert one.ports == ports
        assert running.service("b").pid == other
        state = json.loads((planned.folder / "state.json").read_text())
        assert [each["pid"] for each in state["instances"] if each["service"] == "a"] == [one.pid]


async def test_one_that_dies_again_and_again_ends_the_run_with_its_last_lines(server: Server, plan: Plans) -> None:
    heard, planned = asyncio.Queue[Event](), plan(server("a", command=("{python}", "-c", DIES_ONCE_READY), ready=""))
    async with start(planned, heard.put_nowait) as running:
        with pytest.raises(SupervisionError) as raised:
            await Restarts(running, planned.folder, heard.put_nowait, AT_ONCE).keep()

    assert raised.value.what == "service 'a' ended with code 3, 4 times in a row: it is not started again"
    assert "  last words" in (raised.value.hint or "")
    told = [event for event in [heard.get_nowait() for _ in range(heard.qsize())] if isinstance(event, Restarting)]
    assert [(event.attempt, event.seconds) for event in told] == [(1, 0.01), (2, 0.02), (3, 0.02)]


async def test_one_that_ran_for_a_while_starts_counting_anew(server: Server, plan: Plans) -> None:
    heard, planned = asyncio.Queue[Event](), plan(server("a"))
    settled = RestartPolicy(most=1, settled_seconds=0, first_seconds=0.01)
    async with kept(planned, heard, settled) as running:
        await until(heard, Ready)
        for _ in range(3):
            kill(running.service("a").pid)
            event = await until(heard, Restarting)
            assert isinstance(event, Restarting)
            assert event.attempt == 1
            await until(heard, Ready)


def test_each_pause_is_twice_as_long_up_to_the_longest() -> None:
    policy = RestartPolicy(first_seconds=0.5, longest_seconds=3)

    assert [policy.pause(attempt) for attempt in range(1, 6)] == [0.5, 1.0, 2.0, 3.0, 3.0]


async def test_a_reload_ends_one_and_starts_it_on_its_ports_without_counting_it(server: Server, plan: Plans) -> None:
    heard, planned = asyncio.Queue[Event](), plan(server("a"))
    async with start(planned, heard.put_nowait) as running:
        one = running.service("a")
        pid, ports = one.pid, dict(one.ports)
        restarts = Restarts(running, planned.folder, heard.put_nowait, NEVER)
        keeping = asyncio.create_task(restarts.keep())
        for _ in range(2):
            await restarts.reload("a", ("a.py",))

        assert one.alive
        assert one.pid != pid
        assert one.ports == ports
        assert not keeping.done()
        keeping.cancel()
        await asyncio.wait([keeping])
    told = [event for event in [heard.get_nowait() for _ in range(heard.qsize())] if isinstance(event, Changed)]
    assert told == [Changed("a", ("a.py",)), Changed("a", ("a.py",))]


async def test_one_that_cannot_be_reloaded_waits_for_the_next_change(server: Server, plan: Plans) -> None:
    heard, planned = asyncio.Queue[Event](), plan(server("a", command=("{python}", "program.py")))
    program = planned.configuration.root / "program.py"
    program.write_text(SERVER.read_text())
    async with start(planned, heard.put_nowait) as running:
        restarts = Restarts(running, planned.folder, heard.put_nowait, NEVER, patient=True)
        keeping = asyncio.create_task(restarts.keep())
        program.write_text("import sys; sys.exit('no such name')")
        await restarts.reload("a", ("program.py",))
        event = await until(heard, Waiting)
        assert isinstance(event, Waiting)
        assert event.reason == "service 'a' ended with code 1 before it was ready"
        assert event.lines == ("no such name",)

        program.write_text(SERVER.read_text())
        await restarts.reload("a", ("program.py",))

        assert running.service("a").alive
        assert not keeping.done()
        keeping.cancel()
        await asyncio.wait([keeping])


async def test_a_patient_run_goes_on_after_a_crash_loop_when_files_change(server: Server, plan: Plans) -> None:
    heard, planned = asyncio.Queue[Event](), plan(server("a"))
    async with start(planned, heard.put_nowait) as running:
        restarts = Restarts(running, planned.folder, heard.put_nowait, NEVER, patient=True)
        keeping = asyncio.create_task(restarts.keep())
        for _ in range(2):
            kill(running.service("a").pid)
            event = await until(heard, Waiting)
            assert isinstance(event, Waiting)
            assert event.reason.startswith("service 'a' ended by signal SIGKILL, 1 times in a row")
            await restarts.reload("a", ("a.py",))
        keeping.cancel()
        await asyncio.wait([keeping])


async def test_a_change_of_a_watched_file_reloads_the_services_that_name_it(server: Server, plan: Plans) -> None:
    heard = asyncio.Queue[Event]()
    planned = plan(server("a", watch=("code/a", "shared.py")), server("b", watch=("code/b", "shared.py")), server("c"))
    root = planned.configuration.root
    for folder in ("a", "b"):
        (root / "code" / folder).mkdir(parents=True)
    (root / "shared.py").touch()
    paths = watched(planned.configuration)
    async with start(planned, heard.put_nowait) as running:
        pids = {name: running.service(name).pid for name in "abc"}
        watching = asyncio.create_task(watch(root, paths, running, Restarts(running, planned.folder, heard.put_nowait)))

        async def changed(file: str, text: str) -> Event:
            # Nobody says when the watching has begun.
            while heard.empty() or not isinstance(event := heard.get_nowait(), Changed):
                (root / file).write_text(text)
                await asyncio.sleep(0.05)
            return event

        assert await changed("code/b/new.py", "b = 1") == Changed("b", ("code/b/new.py",))
        await until(heard, Ready)

        assert running.service("b").pid != pids["b"]
        assert {name: running.service(name).pid for name in "ac"} == {name: pids[name] for name in "ac"}
        watching.cancel()
        await asyncio.wait([watching])


@pytest.mark.parametrize(
    ("paths", "message"),
    [
        ((), "no service says which of its files are watched"),
        (("code",), r"services\.a\.watch: there is no file or folder 'code'"),
    ],
)
def test_nothing_to_watch_is_refused(server: Server, plan: Plans, paths: tuple[str, ...], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        watched(plan(server("a", watch=paths)).configuration)
