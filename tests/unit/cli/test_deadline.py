"""Whole commands end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from servanda.cli.deadline import deadline
from servanda.errors import LimitError


def busy(seconds: float = 20.0) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        pass


def servanda(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # A process of its own: what an alarm interrupts may leave an open file behind, of which the next test complains.
    command = [sys.executable, "-m", "servanda", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_a_block_is_ended_when_its_time_is_over() -> None:
    with pytest.raises(LimitError, match=r"check did not end within 0\.05 s") as failed, deadline("check", 0.05, "key"):
        busy()
    assert failed.value.limit == "key"


def test_a_block_that_is_over_in_time_is_left_alone() -> None:
    with deadline("check", 0.05, "key"):
        pass
    busy(0.1)


def test_an_alarm_of_somebody_else_still_comes() -> None:
    before, timer = signal.getsignal(signal.SIGALRM), signal.getitimer(signal.ITIMER_REAL)
    with deadline("check", 0.5, "key"):
        assert signal.getsignal(signal.SIGALRM) is not before
    after = signal.getitimer(signal.ITIMER_REAL)
    assert signal.getsignal(signal.SIGALRM) is before
    assert (after[0] > 0, after[0] <= timer[0]) == (timer[0] > 0, True)


def test_a_check_that_takes_too_long_could_not_tell(tmp_path: Path) -> None:
    (tmp_path / "servanda.toml").write_text("[limits]\ncheck_seconds = 0.001\n", encoding="utf-8")
    (tmp_path / "shop.proto").write_text('syntax = "proto3";\n', encoding="utf-8")
    ran = servanda(tmp_path, "check", ".", "--against", ".")
    assert ran.returncode == 2
    assert "error: check did not end within 0.001 s" in ran.stderr
    assert "raise 'check_seconds' in [limits]" in ran.stderr


@pytest.fixture
def recorder(tmp_path: Path) -> Path:
    """A repository whose recorder does not end."""
    code = "import os, signal; open('pid', 'w').write(f'{os.getpid()}.'); signal.pause()"
    (tmp_path / "record.py").write_text(code, encoding="utf-8")
    text = '[contracts]\nrecord = ["{python}", "record.py"]\n[limits]\ngate_seconds = 1\n'
    (tmp_path / "servanda.toml").write_text(text, encoding="utf-8")
    subprocess.run(["git", "init", "-q", "."], cwd=tmp_path, check=True)
    identity = ["-c", "user.name=nobody", "-c", "user.email=nobody@example.org"]
    subprocess.run(["git", *identity, "commit", "-q", "--allow-empty", "-m", "one"], cwd=tmp_path, check=True)
    return tmp_path


def started(folder: Path) -> tuple[subprocess.Popen[str], int]:
    command = [sys.executable, "-m", "servanda", "gate", "--only", "consumers"]
    run = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not (folder / "pid").is_file() or not (folder / "pid").read_text().endswith("."):
        assert run.poll() is None, run.communicate()
        time.sleep(0.01)
    return run, int((folder / "pid").read_text()[:-1])


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_the_gate_ends_at_its_deadline_and_names_the_stage(recorder: Path) -> None:
    run, pid = started(recorder)
    told = "".join(run.communicate(timeout=60))
    assert run.returncode == 2
    assert "the gate did not end within 1 s: the stage 'consumers' began after 0.0 s" in " ".join(told.split())
    assert is_gone(pid)


def test_an_interrupt_ends_the_gate_with_all_that_it_started(recorder: Path) -> None:
    (recorder / "servanda.toml").write_text('[contracts]\nrecord = ["{python}", "record.py"]\n', encoding="utf-8")
    run, pid = started(recorder)
    run.send_signal(signal.SIGINT)
    run.communicate(timeout=60)
    assert (run.returncode, is_gone(pid)) == (130, True)


def test_an_interrupt_by_sigterm_ends_in_order_as_well(recorder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (recorder / "servanda.toml").write_text('[contracts]\nrecord = ["{python}", "record.py"]\n', encoding="utf-8")
    (recorder / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(recorder / "temporary"))
    run, pid = started(recorder)
    run.send_signal(signal.SIGTERM)
    run.communicate(timeout=60)
    assert (run.returncode, is_gone(pid)) == (143, True)
    assert list((recorder / "temporary").iterdir()) == []


def test_who_catches_the_error_of_a_deadline_does_not_go_on_for_ever() -> None:
    code = (
        "import time\nfrom servanda.cli.deadline import deadline\nwith deadline('check', 0.05, 'key', again=0.01):\n"
        "    while True:\n        try: time.sleep(60)\n        except Exception: pass\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 2
    assert "check did not end within 0.05 s" in ran.stderr


@pytest.mark.parametrize("arguments", [("release", "1.0.0"), ("usage", "a.B"), ("unused",), ("waive", "f")])
def test_every_command_that_examines_has_the_same_deadline(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "servanda.toml").write_text("[limits]\ncheck_seconds = 0.0001\n", encoding="utf-8")
    (tmp_path / "proto").mkdir()
    (tmp_path / "proto" / "shop.proto").write_text('syntax = "proto3";\n', encoding="utf-8")
    more = ("--reason", "r", "--owner", "o", "--expires", "2030-01-01") if arguments[0] == "waive" else ()
    ran = servanda(tmp_path, *arguments, *more)
    assert ran.returncode == 2
    assert f"error: {arguments[0]} did not end within 0.0001 s" in ran.stderr
