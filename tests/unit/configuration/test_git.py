"""Which state of the repository this is."""

import subprocess
from pathlib import Path

import pytest

from servanda.configuration import revision
from servanda.documents import Boundary, make_generated_folder
from servanda.errors import ConfigurationError


def git(root: Path, *arguments: str) -> str:
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "init.defaultBranch=main")
    done = subprocess.run(["git", *who, *arguments], cwd=root, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init")
    git(tmp_path, "commit", "--allow-empty", "-m", "start")
    return tmp_path


def test_a_revision_has_commit_and_branch(repository: Path) -> None:
    state = revision(repository)

    assert (state.commit, state.branch, state.dirty) == (git(repository, "rev-parse", "HEAD"), "main", False)


def test_a_file_that_git_does_not_know_makes_it_dirty(repository: Path) -> None:
    (repository / "new.txt").write_text("new", encoding="utf-8")

    assert revision(repository).dirty


def test_a_folder_of_what_was_generated_leaves_it_clean(repository: Path) -> None:
    make_generated_folder(repository / "report", Boundary.around(repository))
    (repository / "report" / "verdict.json").write_text("{}", encoding="utf-8")

    assert not revision(repository).dirty


def test_without_a_branch_checked_out_the_branch_is_empty(repository: Path) -> None:
    git(repository, "checkout", "--detach")

    assert revision(repository).branch == ""


def test_a_folder_outside_git_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="not a git repository"):
        revision(tmp_path)


def test_a_repository_without_commit_is_an_error(tmp_path: Path) -> None:
    git(tmp_path, "init")

    with pytest.raises(ConfigurationError, match="hint: run it in a git repository with a commit"):
        revision(tmp_path)
