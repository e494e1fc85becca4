"""A reader that goes away, as ``head`` does, changes no answer: 1 means that a contract is broken."""

import subprocess
import sys
from pathlib import Path

import pytest

ORDER = 'syntax = "proto3";\npackage shop.v1;\nmessage Order { string id = 1; int32 n = 2; }\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {"old": ORDER, "new": ORDER.replace(" int32 n = 2;", "")}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "shop.proto").write_text(text, encoding="utf-8")
    return tmp_path


def unread(folder: Path, *arguments: str, streams: tuple[str, ...]) -> tuple[int, str]:
    """Run the command with a pipe that nobody reads, and return its exit code and what else it says."""
    command = [sys.executable, "-m", "servanda", *arguments]
    running = subprocess.Popen(
        command,
        cwd=folder,
        env={"SERVANDA_CACHE": str(folder / "cache"), "PATH": "/usr/bin:/bin", "HOME": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT if "stderr" in streams else subprocess.PIPE,
        text=True,
    )
    assert running.stdout is not None
    running.stdout.close()
    said = running.stderr.read() if running.stderr is not None else ""
    if running.stderr is not None:
        running.stderr.close()
    return running.wait(), said


@pytest.mark.parametrize("streams", [("stdout",), ("stdout", "stderr")])
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("check", "old", "--against", "old"), 0),
        (("check", "new", "--against", "old"), 1),
        (("check", "new", "--against", "old", "--format", "json"), 1),
        (("check", "none"), 2),
        (("--help",), 2),
        (("check", "--help"), 2),
    ],
)
def test_the_exit_code_is_that_of_the_answer(
    folder: Path, arguments: tuple[str, ...], code: int, streams: tuple[str, ...]
) -> None:
    ended, said = unread(folder, *arguments, streams=streams)

    assert ended == code
    assert "Traceback" not in said
    assert "BrokenPipe" not in said


def test_a_console_goes_on_without_a_reader(tmp_path: Path) -> None:
    code = (
        "import sys; from servanda.report.console import console_for, put; console = console_for(sys.stdout)\n"
        "for _ in range(9): put(console, 'x' * 9)\n"
        "sys.exit(7)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        running.stdout.close()

        assert running.wait() == 7
