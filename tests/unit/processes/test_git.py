"""Git, asked about repositories that others made."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from servanda.errors import ProcessError
from servanda.processes import Git, fetched, repository_top
from servanda.processes.environment import find_program

Canary = Path


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "init.defaultBranch=main")
    done = subprocess.run(["git", *who, *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def write(folder: Path, files: Mapping[str, str]) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")


@pytest.fixture
def canary(tmp_path: Path) -> Canary:
    """A file that does not exist as long as no command of a repository is run."""
    return tmp_path / "canary"


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """A repository with one commit."""
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "--quiet")
    write(folder, {"a.txt": "a\n"})
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "one")
    return folder


def status(top: Path) -> str:
    return Git(top).run("status", "--porcelain", "--ignore-submodules=dirty").decode()


@pytest.mark.parametrize(
    ("key", "command"),
    [
        ("core.fsmonitor", "touch {}"),
        ("core.hooksPath", "{}.hooks"),
        ("core.sshCommand", "touch {}"),
        ("core.pager", "touch {}"),
        ("diff.external", "touch {}"),
        ("filter.x.clean", "touch {}; cat"),
        ("filter.x.process", "touch {}"),
        ("filter.a=b.clean", "touch {}; cat"),
        ("diff.x.textconv", "touch {}; cat"),
        ("diff.x.command", "touch {}; cat"),
    ],
)
def test_a_configured_command_is_not_run(top: Path, canary: Canary, key: str, command: str) -> None:
    git(top, "config", key, command.format(canary))
    hook = Path(f"{canary}.hooks", "post-index-change")
    write(hook.parent, {hook.name: f"#!/bin/sh\ntouch {canary}\n"})
    hook.chmod(0o755)
    write(top, {"a.txt": "b\n", ".gitattributes": f"*.txt filter={key.split('.')[1]} diff=x\n"})

    assert "a.txt" in status(top)
    Git(top).run("log", "-1", "--format=%h", "HEAD", "--", "a.txt")
    assert not canary.exists()


def test_a_bare_repository_in_the_tree_is_not_looked_into(top: Path, canary: Canary) -> None:
    inner = top / "contracts" / "pacts"
    git(top, "init", "--quiet", "--bare", str(inner))
    git(inner, "config", "core.bare", "false")
    git(inner, "config", "core.worktree", str(inner))
    git(inner, "config", "core.fsmonitor", f"touch {canary}")

    assert repository_top(inner) == top
    with pytest.raises(ProcessError, match="cannot use bare repository"):
        Git(inner).run("status", "--porcelain")
    assert not canary.exists()


def test_a_bare_repository_that_somebody_names_is_read(top: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", "--bare", str(top), "bare.git")

    assert Git(tmp_path / "bare.git", bare=True).run("rev-parse", "main").decode().strip() == git(
        top, "rev-parse", "main"
    )


def test_a_worktree_is_read(top: Path, tmp_path: Path) -> None:
    git(top, "worktree", "add", "--quiet", str(tmp_path / "worktree"), "-b", "other")

    assert Git(tmp_path / "worktree").run("branch", "--show-current") == b"other\n"


def test_a_repository_behind_a_symbolic_link_is_read(top: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(top)

    assert repository_top(tmp_path / "link") == top
    assert Git(tmp_path / "link").run("branch", "--show-current") == b"main\n"


def test_a_damaged_repository_is_not_taken_for_the_one_around_it(top: Path, tmp_path: Path) -> None:
    (top / "inner" / ".git").mkdir(parents=True)
    (tmp_path / "link").symlink_to(top / "inner")

    for folder in (top / "inner", tmp_path / "link"):
        with pytest.raises(ProcessError, match="not a git repository"):
            Git(folder).run("rev-parse", "HEAD")


def test_a_submodule_is_not_entered(top: Path, tmp_path: Path, canary: Canary) -> None:
    shutil.copytree(top, tmp_path / "other")
    git(top, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(tmp_path / "other"), "sub")
    git(top, "commit", "--quiet", "--message", "submodule")
    git(top / "sub", "config", "filter.x.clean", f"touch {canary}; cat")
    write(top / "sub", {".gitattributes": "* filter=x\n", "a.txt": "b\n"})

    assert status(top) == ""
    assert not canary.exists()


def test_a_name_of_a_file_is_no_pattern(top: Path) -> None:
    write(top, {"*": "new\n"})

    assert Git(top).run("log", "--format=%h", "HEAD", "--", "*") == b""


def test_a_missing_object_is_not_fetched_by_a_command(top: Path, tmp_path: Path, canary: Canary) -> None:
    git(top, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "--quiet", "--no-checkout", "--filter=blob:none", f"file://{top}", "partial")
    git(tmp_path / "partial", "config", "remote.origin.url", f"ext::touch {canary}")
    git(tmp_path / "partial", "config", "protocol.ext.allow", "always")
    blob = git(top, "rev-parse", "HEAD:a.txt")

    with pytest.raises(ProcessError, match="promisor remote\nhint: a partial clone"):
        Git(tmp_path / "partial").run("cat-file", "--batch", talk=f"{blob}\n".encode())
    assert not canary.exists()


def test_a_helper_program_is_no_protocol(tmp_path: Path, canary: Canary) -> None:
    write(tmp_path, {"home/.gitconfig": '[protocol "ext"]\nallow = always\n'})
    (tmp_path / "scratch").mkdir()

    with pytest.raises(ProcessError, match="transport 'ext' not allowed"):
        fetched(f"ext::touch {canary}", "HEAD", tmp_path / "scratch", {**os.environ, "HOME": str(tmp_path / "home")})
    assert not canary.exists()


def test_a_reference_is_no_option_of_a_fetch(top: Path, tmp_path: Path, canary: Canary) -> None:
    (tmp_path / "scratch").mkdir()

    with pytest.raises(ProcessError):
        fetched(f"file://{top}", f"--upload-pack=touch {canary}", tmp_path / "scratch")
    assert not canary.exists()


def test_variables_that_speak_of_another_repository_are_not_passed_on(top: Path, tmp_path: Path) -> None:
    environ = {**os.environ, "GIT_DIR": str(tmp_path), "GIT_EXTERNAL_DIFF": "false", "GIT_INDEX_FILE": "/dev/null"}

    assert Git(top, environ).run("branch", "--show-current") == b"main\n"


def test_a_program_of_the_tree_is_not_run(top: Path) -> None:
    write(top, {"bin/git": "#!/bin/sh\n"})
    (top / "bin" / "git").chmod(0o755)
    environ = {"PATH": f"{top / 'bin'}{os.pathsep}.{os.pathsep}{os.environ['PATH']}"}

    assert find_program("git", environ, top) == Path(str(shutil.which("git")))


def test_owners_that_the_host_trusts_are_trusted(top: Path, tmp_path: Path) -> None:
    another = f'#!/bin/sh\nGIT_TEST_ASSUME_DIFFERENT_OWNER=1 exec {shutil.which("git")} "$@"\n'
    write(tmp_path, {"bin/git": another, "system": f"[safe]\ndirectory = /elsewhere\ndirectory = {top}\n"})
    (tmp_path / "bin" / "git").chmod(0o755)
    environ = {"PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"}

    with pytest.raises(ProcessError, match="dubious ownership"):
        Git(top, environ).run("branch", "--show-current")
    assert Git(top, {**environ, "GIT_CONFIG_SYSTEM": str(tmp_path / "system")}).run("branch", "--show-current")
