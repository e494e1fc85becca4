"""An output that cannot be written is an error in one line, with the exit code of who could not tell."""

import subprocess
import sys
from pathlib import Path

import pytest

ORDER = 'syntax = "proto3";\npackage shop.v1;\nmessage Order { string id = 1; }\n'
PRINTING = [
    ("--help",),
    ("--version",),
    ("check", "--help"),
    ("check", "shop", "--against", "shop"),
    ("check", "shop", "--against", "shop", "--color", "always"),
    ("schema",),
    ("explain",),
    ("doctor",),
    ("doctor", "--format", "json"),
    ("cache",),
    ("help",),
    ("help", "check"),
    ("completion", "bash"),
]
needs_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, a device that is always full")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "shop.proto").write_text(ORDER, encoding="utf-8")
    (tmp_path / "servanda.toml").touch()
    return tmp_path


def ran(folder: Path, *arguments: str, redirected: str) -> subprocess.CompletedProcess[str]:
    """Run the command with a stream that a shell redirected."""
    return subprocess.run(
        ["/bin/sh", "-c", f'exec "$@" {redirected}', "sh", sys.executable, "-m", "servanda", *arguments],
        cwd=folder,
        env={"SERVANDA_CACHE": str(folder / "cache"), "PATH": "/usr/bin:/bin", "HOME": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


@needs_full
@pytest.mark.parametrize("arguments", PRINTING, ids=" ".join)
def test_a_full_output_is_an_error_in_one_line(folder: Path, arguments: tuple[str, ...]) -> None:
    ended = ran(folder, *arguments, redirected=">/dev/full")

    assert ended.stderr.splitlines()[-1] == "error: the output cannot be written: No space left on device"
    assert "Traceback" not in ended.stderr
    assert ended.returncode == 2


@pytest.mark.parametrize("arguments", PRINTING, ids=" ".join)
def test_a_closed_output_is_an_error_in_one_line(folder: Path, arguments: tuple[str, ...]) -> None:
    ended = ran(folder, *arguments, redirected=">&-")

    assert ended.stderr.splitlines()[-1] == "error: the output cannot be written: standard output is closed"
    assert "Traceback" not in ended.stderr
    assert ended.returncode == 2


@pytest.mark.parametrize("redirected", [pytest.param("2>/dev/full", marks=needs_full), "2>&-"])
def test_an_answer_is_the_same_where_nobody_can_be_told_more(folder: Path, redirected: str) -> None:
    ended = ran(folder, "-v", "check", "shop", "--against", "shop", redirected=redirected)

    assert ended.returncode == 0
    assert ended.stdout == ran(folder, "check", "shop", "--against", "shop", redirected="").stdout


def test_without_any_stream_a_command_ends_as_one_that_could_not_tell(folder: Path) -> None:
    assert ran(folder, "check", "shop", "--against", "shop", redirected="<&- >&- 2>&-").returncode == 2
