"""Tools end with the work that they are for."""

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from servanda.errors import ProcessError
from servanda.gate.background import in_background
from servanda.processes import interruptible, run_tool, tool_environment

# A tool that says who it is and does not end.
SLEEPER = "import os, sys, time; open(sys.argv[1], 'w').write(f'{os.getpid()}.'); time.sleep(100)"


def sleep_for_ever(note: Path) -> None:
    run_tool((sys.executable, "-I", "-c", SLEEPER, str(note)), tool_environment(os.environ))


def noted(note: Path) -> int:
    until = time.monotonic() + 30
    while not note.is_file() or not note.read_text().endswith("."):
        assert time.monotonic() < until
        time.sleep(0.01)
    return int(note.read_text()[:-1])


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


async def test_a_tool_is_gone_when_nobody_waits_for_the_work_any_more(tmp_path: Path) -> None:
    work = asyncio.create_task(in_background(lambda: sleep_for_ever(tmp_path / "pid"), "sleeping"))
    pid = await asyncio.to_thread(noted, tmp_path / "pid")
    work.cancel()
    await asyncio.wait([work])
    assert (work.cancelled(), is_gone(pid)) == (True, True)


def test_work_that_was_interrupted_starts_nothing_more(tmp_path: Path) -> None:
    with interruptible() as interruption:
        interruption.end()
        with pytest.raises(ProcessError, match="was not started: the run was interrupted"):
            sleep_for_ever(tmp_path / "pid")
    assert not (tmp_path / "pid").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of the death of its parent")
def test_a_tool_is_killed_with_whoever_cannot_end_it_any_more(tmp_path: Path) -> None:
    code = f"from tests.unit.processes.test_interruption import *; sleep_for_ever(Path({str(tmp_path / 'pid')!r}))"
    owner = subprocess.Popen([sys.executable, "-c", code])
    pid = noted(tmp_path / "pid")
    owner.kill()
    owner.wait()
    until = time.monotonic() + 10
    while not is_gone(pid):
        assert time.monotonic() < until, "it is still there"
        time.sleep(0.01)
