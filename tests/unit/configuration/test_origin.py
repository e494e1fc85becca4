"""Where a repository stands: as it is given, else as git says, else as the CI server does."""

from pathlib import Path

import pytest

from servanda.configuration import Origin, origin
from servanda.errors import ConfigurationError
from tests.unit.configuration.test_git import git

CI = {"GITLAB_CI": "true", "CI_COMMIT_SHA": "4f2a", "CI_COMMIT_BRANCH": "feat/x", "CI_JOB_URL": "https://ci/7"}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init")
    git(tmp_path, "commit", "--allow-empty", "-m", "start")
    return tmp_path


def test_what_is_given_needs_no_git(tmp_path: Path) -> None:
    assert origin(tmp_path, {}, "1.2", "main", "https://ci/1") == Origin("1.2", "main", "https://ci/1")


def test_git_tells_commit_and_branch(repository: Path) -> None:
    assert origin(repository, {}) == Origin(git(repository, "rev-parse", "HEAD"), "main", "")


def test_of_two_branches_the_one_that_is_checked_out_counts(repository: Path) -> None:
    assert origin(repository, CI).branch == "main"


def test_without_a_branch_checked_out_that_of_the_build_counts(repository: Path) -> None:
    git(repository, "checkout", "--detach")

    found = origin(repository, CI)

    assert found == Origin(git(repository, "rev-parse", "HEAD"), "feat/x", "https://ci/7")


def test_without_git_the_build_tells_all(tmp_path: Path) -> None:
    assert origin(tmp_path, CI) == Origin("4f2a", "feat/x", "https://ci/7")


def test_a_version_of_its_own_may_have_no_branch(tmp_path: Path) -> None:
    assert origin(tmp_path, {}, "1.2") == Origin("1.2", "", "")


def test_without_anything_the_version_is_not_known(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="not a git repository"):
        origin(tmp_path, {})


def test_changes_are_not_part_of_a_commit_but_may_be_of_a_version(repository: Path) -> None:
    (repository / "new.txt").touch()

    assert origin(repository, {}).dirty
    assert not origin(repository, {}, "1.2").dirty
