"""Who an embedded server runs as, and where it finds its parts."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from servanda.infra.cache import run_folder
from servanda.infra.embedded.seat import Part, Seat, take_seat
from servanda.processes import NOBODY, Account

_ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")


@pytest.fixture
def folder() -> Iterator[Path]:
    """The folder of a run, which an account can reach."""
    found = run_folder("seat")
    yield found
    for path in sorted(found.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    found.rmdir()


@pytest.fixture
def part(tmp_path: Path) -> Part:
    """A part that only this user can reach."""
    tmp_path.chmod(0o700)
    (tmp_path / "part" / "bin").mkdir(parents=True)
    (tmp_path / "part" / "bin" / "program").touch(mode=0o755)
    return Part(tmp_path / "part", Path("bin", "program"), program=True)


def test_what_the_account_can_reach_stays_where_it_is(folder: Path, part: Part) -> None:
    assert take_seat(folder, (part,), (Account(),)) == Seat(Account(), folder, (part.folder,))


@_ROOT_ONLY
def test_what_the_account_cannot_reach_is_copied(folder: Path, part: Part) -> None:
    seat = take_seat(folder, (part,), (NOBODY,))
    assert seat == Seat(NOBODY, folder, (folder / "part",))
    assert folder.stat().st_uid == NOBODY.owner


@_ROOT_ONLY
def test_an_account_that_cannot_use_a_part_even_so_is_passed_over(folder: Path, part: Part) -> None:
    (part.folder / "bin" / "program").chmod(0o700)
    assert take_seat(folder, (part,), (NOBODY, Account())) == Seat(Account(), folder, (part.folder,))
    assert (list(folder.iterdir()), folder.stat().st_uid) == ([], os.geteuid())


def test_without_an_account_there_is_no_seat(folder: Path, part: Part) -> None:
    assert take_seat(folder, (part,), ()) is None


def test_a_server_sees_nothing_of_the_environment_that_changes_how_it_runs(folder: Path) -> None:
    environ = {
        "JAVA_TOOL_OPTIONS": "-javaagent:x",
        "LD_PRELOAD": "x",
        "PGDATA": "x",
        "PATH": "bin:/bin",
        "HOME": "/root",
    }
    seen = Seat(Account(), folder, ()).environment(environ)
    assert seen == {"PATH": "/bin", "HOME": str(folder), "TMPDIR": str(folder), "LC_ALL": "C.UTF-8"}
