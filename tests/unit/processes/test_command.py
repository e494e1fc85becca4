"""Commands of a repository end, and nothing of them is left."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from servanda.errors import LimitError, ProcessError
from servanda.processes import Child, CommandBounds, Ended, OutputBounds, StopPolicy, run_command

QUICK = StopPolicy(signal.SIGINT, grace=0.2, then=(signal.SIGTERM,), whole_group=True)
SPAWNS = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']{});"


async def run(folder: Path, code: str, seconds: float = 20.0) -> Ended:
    bounds = CommandBounds(seconds, OutputBounds(), policy=QUICK)
    return await run_command([sys.executable, "-c", code], {"PYTHONUNBUFFERED": "1"}, folder, bounds)


async def process_ids(file: Path) -> list[int]:
    while not (text := written(file)).endswith("\n"):  # noqa: ASYNC110 - the other side is a process
        await asyncio.sleep(0.01)
    return [int(line) for line in text.split()]


def written(file: Path) -> str:
    return file.read_text() if file.is_file() else ""


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


async def test_a_command_ends_with_its_code_and_its_last_lines(tmp_path: Path) -> None:
    assert await run(tmp_path, "print('a\\nb'); raise SystemExit(7)") == Ended(7, ("a", "b"))


async def test_a_command_that_takes_too_long_is_interrupted_first(tmp_path: Path) -> None:
    code = "import time\ntry:\n    print('begun'); time.sleep(60)\nexcept KeyboardInterrupt:\n    print('tidied up')"
    with pytest.raises(LimitError, match=r"did not end within 0\.5 s(.|\n)*tidied up") as failed:
        await run(tmp_path, code, seconds=0.5)
    assert failed.value.limit == "command_seconds"


@pytest.mark.parametrize("ignored", ["SIGINT", "SIGINT, signal.SIGTERM"])
async def test_a_command_that_ignores_signals_is_killed(tmp_path: Path, ignored: str) -> None:
    code = f"import signal, time\nfor s in (signal.{ignored},): signal.signal(s, signal.SIG_IGN)\ntime.sleep(60)"
    with pytest.raises(LimitError):
        await run(tmp_path, code, seconds=0.5)


@pytest.mark.parametrize("how", ["", ", start_new_session=True"], ids=["group", "session"])
async def test_who_holds_the_output_open_is_not_waited_for(tmp_path: Path, how: str) -> None:
    assert (await run(tmp_path, SPAWNS.format(how) + "print('done')")).lines == ("done",)


async def test_the_whole_group_is_asked_to_end(tmp_path: Path) -> None:
    code = (
        "import os, time\nchild = os.fork()\ntry: time.sleep(60)\nexcept KeyboardInterrupt:\n"
        "    open('heard', 'a').write('x')\n    child and os.waitpid(child, 0)"
    )
    with pytest.raises(LimitError):
        await run(tmp_path, code, seconds=1.0)
    assert written(tmp_path / "heard") == "xx"


async def test_what_a_command_started_goes_with_it(tmp_path: Path) -> None:
    code = "import os, time; os.fork(); open('pids', 'a').write(f'{os.getpid()}\\n'); time.sleep(60)"
    with pytest.raises(LimitError):
        await run(tmp_path, code, seconds=1.0)
    assert [pid for pid in await process_ids(tmp_path / "pids") if lives(pid)] == []


async def test_a_command_that_nobody_waits_for_any_more_is_ended(tmp_path: Path) -> None:
    code = "import os, time; open('pid', 'w').write(f'{os.getpid()}\\n'); time.sleep(60)"
    running = asyncio.create_task(run(tmp_path, code))
    (pid,) = await process_ids(tmp_path / "pid")
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert not lives(pid)


async def test_output_without_an_end_of_line_is_bounded(tmp_path: Path) -> None:
    code = "import os\nfor _ in range(200): os.write(1, b'x' * 100_000)"
    (line,) = (await run(tmp_path, code)).lines
    assert len(line) < 600


@pytest.mark.parametrize("command", [["/does/not/exist"], ["a\0b"]])
async def test_a_command_that_cannot_be_started_does_not_hang(tmp_path: Path, command: list[str]) -> None:
    bounds = CommandBounds(20.0, OutputBounds())
    try:
        assert (await run_command(command, dict(os.environ), tmp_path, bounds)).code == 1
    except ProcessError as error:
        assert "cannot be run" in error.what  # noqa: PT017 - either outcome is right


STOPS_ITS_GUARD = (
    "import os, signal, time; print(os.getpid(), file=open('pid', 'w')); os.kill(os.getppid(), signal.SIGSTOP); "
    "time.sleep(60)"
)


async def test_a_command_that_stops_its_guard_ends_in_time_all_the_same(tmp_path: Path) -> None:
    with pytest.raises(LimitError):
        await asyncio.wait_for(run(tmp_path, STOPS_ITS_GUARD, seconds=0.5), 30)
    assert not any(map(lives, await process_ids(tmp_path / "pid")))


async def test_a_service_that_stops_its_guard_ends_in_time_all_the_same(tmp_path: Path) -> None:
    child = Child([sys.executable, "-c", STOPS_ITS_GUARD], tmp_path / "log", folder=tmp_path, policy=QUICK)
    (pid,) = await process_ids(tmp_path / "pid")
    await asyncio.wait_for(asyncio.to_thread(child.stop), 8)
    assert not lives(pid)
