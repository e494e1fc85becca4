"""Names of versions."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from servanda.configuration import Configuration, load
from servanda.errors import ConfigurationError
from servanda.versions.builds import named_version, working_tree
from servanda.versions.plan import Version

Run = Callable[..., str]


@pytest.fixture
def git(tmp_path: Path) -> Run:
    def run(*arguments: str) -> str:
        named = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false")
        done = subprocess.run(("git", *named, *arguments), cwd=tmp_path, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    run("init", "-q", "-b", "main")
    return run


@pytest.fixture
def configuration(tmp_path: Path) -> Configuration:
    (tmp_path / "servanda.toml").write_text("")
    return load(tmp_path / "servanda.toml")


def test_a_release_is_the_commit_that_added_its_image(git: Run, configuration: Configuration) -> None:
    image = configuration.interfaces.releases / "1.0.0.binpb"
    image.parent.mkdir(parents=True)
    image.write_bytes(b"")
    git("add", "-A")
    git("commit", "-qm", "release")
    released = git("rev-parse", "HEAD")
    git("commit", "-qm", "later", "--allow-empty")
    assert named_version("1.0.0", configuration) == Version("1.0.0", released)


def test_a_reference_is_its_commit(git: Run, configuration: Configuration) -> None:
    git("commit", "-qm", "one", "--allow-empty")
    git("tag", "v1")
    commit = git("rev-parse", "HEAD")
    assert named_version("v1", configuration) == Version("v1", commit)
    assert named_version("HEAD~0", configuration) == Version("HEAD-0", commit)
    assert named_version(commit, configuration) == Version(commit[:12], commit)


def test_a_folder_is_a_version_by_itself(configuration: Configuration) -> None:
    (configuration.root / "old").mkdir()
    assert named_version("./old", configuration) == Version("old", folder="./old")


@pytest.mark.usefixtures("git")
@pytest.mark.parametrize("text", ["no-such-tag", "--help", "-x", "HEAD~99"])
def test_what_git_does_not_know_is_no_version(text: str, configuration: Configuration) -> None:
    with pytest.raises(ConfigurationError, match="no such version"):
        named_version(text, configuration)


def test_outside_of_git_a_version_is_a_folder(configuration: Configuration) -> None:
    with pytest.raises(ConfigurationError, match="this is no git repository"):
        named_version("v1", configuration)
    with pytest.raises(ConfigurationError, match="there is no such folder"):
        named_version("./nowhere", configuration)


def test_the_working_tree_is_a_version(configuration: Configuration) -> None:
    assert named_version("working-tree", configuration) == working_tree()
