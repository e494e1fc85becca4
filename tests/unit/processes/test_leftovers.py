"""What a command starts and leaves behind, in a session of its own: where the system allows it, it ends too."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from servanda.processes import Child, StopPolicy, guarded

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a process adopt orphans")

_RUNS_ON = "import time; time.sleep(60)"
_IGNORES_SIGTERM = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {_RUNS_ON}"
# As a daemon does: a fork, a new session and another fork, after which its parent is gone.
_DAEMON = """
import os, sys
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        {then}
        with open(sys.argv[1] + ".part", "w") as note: note.write(str(os.getpid()))
        os.rename(sys.argv[1] + ".part", sys.argv[1])
        exec({work!r})
    os._exit(0)
os.wait()
"""


def _daemon(note: Path, *, work: str = _RUNS_ON, then: str = "", after: str = "") -> list[str]:
    return [sys.executable, "-c", _DAEMON.format(work=work, then=then) + after, str(note)]


def _until(condition: Callable[[], object], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come true"
        time.sleep(0.01)


def _noted(note: Path) -> int:
    _until(note.exists)
    return int(note.read_text())


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_daemon_that_a_stopped_command_left_is_gone(tmp_path: Path) -> None:
    note = tmp_path / "note"
    child = Child(_daemon(note, after=_RUNS_ON), tmp_path / "log")
    daemon = _noted(note)
    child.stop()
    assert not _lives(daemon)


def test_a_daemon_is_gone_when_the_command_ended_by_itself(tmp_path: Path) -> None:
    note = tmp_path / "note"
    after = "import time\nwhile not os.path.exists(sys.argv[1]): time.sleep(0.01)\nsys.exit(3)"
    assert Child(_daemon(note, after=after), tmp_path / "log").wait(20) == 3
    assert not _lives(_noted(note))


@pytest.mark.parametrize("work", [_IGNORES_SIGTERM, f"import os; os.fork(); {_IGNORES_SIGTERM}"], ids=["one", "forked"])
def test_a_daemon_that_ignores_the_request_is_killed(tmp_path: Path, work: str) -> None:
    note = tmp_path / "note"
    child = Child(_daemon(note, work=work, after=_RUNS_ON), tmp_path / "log", policy=StopPolicy(grace=0.2))
    daemon = _noted(note)
    child.stop()
    assert not _lives(daemon)


def test_a_daemon_that_ends_early_leaves_no_zombie(tmp_path: Path) -> None:
    note = tmp_path / "note"
    child = Child(_daemon(note, work="", after=_RUNS_ON), tmp_path / "log")
    daemon = _noted(note)
    _until(lambda: not _lives(daemon))
    assert child.poll() is None
    child.stop()


def test_kill_9_of_the_parent_ends_daemons_too(tmp_path: Path) -> None:
    note = tmp_path / "note"
    script = (
        "import time; from pathlib import Path; from servanda.processes import Child\n"
        f"child = Child({_daemon(note, after=_RUNS_ON)!r}, Path({str(tmp_path / 'log')!r})); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script]) as parent:
        daemon = _noted(note)
        parent.kill()
    _until(lambda: not _lives(daemon))


def test_sigquit_kills_all_at_once(tmp_path: Path) -> None:
    note = tmp_path / "note"
    command = guarded(_daemon(note, work=_IGNORES_SIGTERM, after=_IGNORES_SIGTERM), StopPolicy(grace=60))
    with subprocess.Popen(command, stdin=subprocess.PIPE) as guard:
        daemon = _noted(note)
        guard.send_signal(signal.SIGQUIT)
        assert guard.wait(20) == 128 + signal.SIGKILL
    assert not _lives(daemon)


def test_a_guard_that_was_left_behind_ends_its_own_command_and_removes_its_scratch(tmp_path: Path) -> None:
    note, scratch = tmp_path / "note", tmp_path / "scratch"
    scratch.mkdir()
    starts = (
        "from pathlib import Path; from servanda.processes import Child; import time\n"
        f"        child = Child({_daemon(note, after=_RUNS_ON)!r}, Path({str(tmp_path / 'inner')!r}),"
        f" scratch=Path({str(scratch)!r}))"
    )
    child = Child(_daemon(tmp_path / "other", then=starts, after=_RUNS_ON), tmp_path / "log")
    daemon = _noted(note)
    child.stop()
    assert not _lives(daemon)
    assert not scratch.exists()


_COMMAND_ENDS_FIRST = """
import os, runpy, subprocess, sys

class Late(subprocess.Popen):
    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT)

subprocess.Popen = Late
sys.argv[:] = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def test_the_guard_ends_with_a_command_that_ended_before_it_looked() -> None:
    python, *options, script, stop, scope, grace, scratch, afterwards = guarded([])
    command = [
        python,
        *options,
        "-c",
        _COMMAND_ENDS_FIRST,
        script,
        stop,
        scope,
        grace,
        scratch,
        afterwards,
        "/bin/sh",
        "-c",
        "exit 3",
    ]

    with subprocess.Popen(command, stdin=subprocess.PIPE) as guard:
        try:
            assert guard.wait(timeout=20) == 3
        finally:
            guard.kill()
