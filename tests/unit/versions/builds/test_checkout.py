"""Checkouts of versions."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from servanda.configuration import Configuration, load
from servanda.errors import ConfigurationError, ProcessError
from servanda.versions.builds import Builds
from servanda.versions.plan import Version


def committed(root: Path, **files: str) -> Version:
    named = ("git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false")
    for name, text in files.items():
        (root / name.replace("__", ".")).write_text(text)
    for arguments in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "one")):
        subprocess.run((*named, *arguments), cwd=root, check=True)
    done = subprocess.run((*named, "rev-parse", "HEAD"), cwd=root, check=True, capture_output=True, text=True)
    return Version("old", done.stdout.strip())


def checkouts(root: Path, build: str = "") -> tuple[Builds, Configuration]:
    command = f"[versions]\nbuild = {build}\n" if build else ""
    (root / "servanda.toml").write_text(command)
    configuration = load(root / "servanda.toml")
    return Builds(configuration, os.environ), configuration


async def test_a_version_is_what_its_commit_held(tmp_path: Path) -> None:
    version = committed(tmp_path, a__txt="then")
    (tmp_path / "a.txt").write_text("now")
    source = await checkouts(tmp_path)[0].source(version)
    assert (source.folder / "a.txt").read_text() == "then"
    assert (source.commit, source.python) == (version.commit, "")
    assert (tmp_path / ".servanda" / "builds" / ".gitignore").read_text().endswith("*\n")


async def test_a_version_is_built_once_in_its_own_folder(tmp_path: Path) -> None:
    version = committed(tmp_path, a__txt="x")
    script = f"[{str(sys.executable)!r}, '-c', \"open('built', 'a').write('x')\"]"
    found, _ = checkouts(tmp_path, script)
    for _ in range(2):
        source = await found.source(version)
    assert (source.folder / "built").read_text() == "x"


async def test_nothing_is_left_of_a_build_that_fails(tmp_path: Path) -> None:
    version = committed(tmp_path, a__txt="x")
    found, _ = checkouts(tmp_path, f"[{str(sys.executable)!r}, '-c', 'print(17); raise SystemExit(4)']")
    with pytest.raises(ProcessError, match=r"old: .*the version could not be built: code 4\n17"):
        await found.source(version)
    assert [path.name for path in (tmp_path / ".servanda" / "builds").iterdir() if path.is_dir()] == []


async def test_a_version_without_its_lock_file_is_refused(tmp_path: Path) -> None:
    version = committed(tmp_path, pyproject__toml="[project]\nname = 'a'\nversion = '1'\n")
    with pytest.raises(ConfigurationError, match=r"has a pyproject\.toml and no uv\.lock"):
        await checkouts(tmp_path)[0].source(version)


async def test_the_working_tree_is_where_it_is(tmp_path: Path) -> None:
    source = await checkouts(tmp_path)[0].source(Version("working-tree"))
    assert (source.folder, source.commit) == (tmp_path, "")
