import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from servanda.processes import Child, StopPolicy

_SLEEPER = [sys.executable, "-c", "import os, time; print(os.getpid(), flush=True); time.sleep(60)"]
_STUBBORN = [sys.executable, "-c", f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {_SLEEPER[2]}"]


def _until(condition: Callable[[], object], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come true"
        time.sleep(0.01)


def _lives(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    try:
        return status.read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def _pid_in(log: Path) -> int:
    _until(lambda: log.exists() and log.read_text().endswith("\n"))
    return int(log.read_text())


def test_a_stopped_child_is_gone(tmp_path: Path) -> None:
    child = Child(_SLEEPER, tmp_path / "log")
    pid = _pid_in(tmp_path / "log")
    assert child.poll() is None
    assert child.stop() == 128 + signal.SIGTERM
    assert not _lives(pid)


def test_stopping_twice_is_stopping_once(tmp_path: Path) -> None:
    child = Child(_SLEEPER, tmp_path / "log")
    assert child.stop() == child.stop()


def test_a_child_that_ignores_the_signal_is_killed_after_its_grace(tmp_path: Path) -> None:
    child = Child(_STUBBORN, tmp_path / "log", policy=StopPolicy(grace=0.1))
    pid = _pid_in(tmp_path / "log")
    assert child.stop() == 128 + signal.SIGKILL
    assert not _lives(pid)


def test_a_child_gets_its_signals_one_after_the_other(tmp_path: Path) -> None:
    script = f"import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); {_SLEEPER[2]}"
    policy = StopPolicy(signal.SIGINT, grace=0.1, then=(signal.SIGTERM,))
    child = Child([sys.executable, "-c", script], tmp_path / "log", policy=policy)
    _pid_in(tmp_path / "log")
    assert child.stop() == 128 + signal.SIGTERM


def test_all_in_the_group_of_a_child_can_get_its_signal(tmp_path: Path) -> None:
    inner = f"import signal; signal.signal(signal.SIGINT, lambda *_: print('heard', flush=True)); {_SLEEPER[2]}"
    script = f"import subprocess, sys; sys.exit(subprocess.run([sys.executable, '-c', {inner!r}]).returncode)"
    policy = StopPolicy(signal.SIGINT, grace=0.5, whole_group=True)
    child = Child([sys.executable, "-c", script], tmp_path / "log", policy=policy)
    _pid_in(tmp_path / "log")
    child.stop()
    assert "heard" in (tmp_path / "log").read_text()


def test_a_child_reports_its_own_exit_code(tmp_path: Path) -> None:
    child = Child([sys.executable, "-c", "raise SystemExit(7)"], tmp_path / "log")
    assert child.wait(20) == 7


def test_what_a_child_starts_ends_with_it(tmp_path: Path) -> None:
    script = f"import subprocess, time; subprocess.Popen({_SLEEPER!r}); time.sleep(60)"
    child = Child([sys.executable, "-c", script], tmp_path / "log")
    grandchild = _pid_in(tmp_path / "log")
    child.stop()
    _until(lambda: not _lives(grandchild))


def test_a_command_that_does_not_exist_says_so_in_the_log(tmp_path: Path) -> None:
    child = Child(["/does/not/exist"], tmp_path / "log")
    assert child.wait(20) == 1
    assert "/does/not/exist" in child.last_lines()[-1]


def test_the_last_lines_are_the_last(tmp_path: Path) -> None:
    child = Child([sys.executable, "-c", "print(*range(100), sep='\\n')"], tmp_path / "log")
    child.wait(20)
    assert child.last_lines(2) == ("98", "99")


def _parent(tmp_path: Path, then: str, command: list[str] = _SLEEPER) -> subprocess.Popen[bytes]:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    script = (
        "import time; from pathlib import Path; from servanda.processes import Child, StopPolicy\n"
        f"child = Child({command!r}, Path({str(tmp_path / 'log')!r}), scratch=Path({str(scratch)!r}),"
        f" policy=StopPolicy(grace=2))\n{then}\ntime.sleep(60)"
    )
    return subprocess.Popen([sys.executable, "-c", script])


def test_killing_the_parent_ends_the_child_and_removes_its_scratch(tmp_path: Path) -> None:
    with _parent(tmp_path, "pass") as parent:
        pid = _pid_in(tmp_path / "log")
        parent.kill()
    _until(lambda: not _lives(pid))
    _until(lambda: not (tmp_path / "scratch").exists())


def test_killing_the_parent_while_it_stops_the_child_removes_the_scratch_too(tmp_path: Path) -> None:
    stopping = (
        "while not child.log.read_text(): time.sleep(0.01)\n"
        "child.request_stop(); Path(child.log.parent, 'stopping').touch()"
    )
    with _parent(tmp_path, stopping, _STUBBORN) as parent:
        pid = _pid_in(tmp_path / "log")
        _until((tmp_path / "stopping").exists)
        parent.kill()
    _until(lambda: not _lives(pid))
    _until(lambda: not (tmp_path / "scratch").exists())


@pytest.mark.skipif(sys.platform != "linux", reason="the death signal of a parent is a feature of Linux")
def test_killing_the_guard_kills_the_child(tmp_path: Path) -> None:
    child = Child(_SLEEPER, tmp_path / "log")
    pid = _pid_in(tmp_path / "log")
    os.kill(child.pid, signal.SIGKILL)
    child.wait(20)
    _until(lambda: not _lives(pid))
    child.stop()


def test_a_stopped_child_leaves_its_scratch_to_the_parent(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    Child(_SLEEPER, tmp_path / "log", scratch=scratch).stop()
    assert scratch.exists()


def test_a_last_command_runs_when_a_child_has_ended_in_whatever_way(tmp_path: Path) -> None:
    ended = tmp_path / "ended"
    policy = StopPolicy(grace=0.1, afterwards=("mkdir", str(ended)))
    for number, command in enumerate((_SLEEPER, _STUBBORN)):
        child = Child(command, tmp_path / f"log{number}", policy=policy)
        _pid_in(tmp_path / f"log{number}")
        assert not ended.exists()
        child.stop()
        ended.rmdir()
    Child(["true"], tmp_path / "log", policy=policy).wait()
    assert ended.is_dir()


def test_a_last_command_that_cannot_be_run_changes_nothing(tmp_path: Path) -> None:
    policy = StopPolicy(afterwards=("no-such-program",))
    assert Child(["sh", "-c", "exit 3"], tmp_path / "log", policy=policy).wait() == 3
