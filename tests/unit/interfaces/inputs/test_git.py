"""Commits as inputs."""

import os
import shutil
from pathlib import Path

import pytest

from servanda.errors import InterfaceError, ProcessError
from servanda.interfaces.inputs.git import merge_base
from servanda.interfaces.protobuf.inputs import Opener
from tests.unit.interfaces.conftest import ORDER, Desk

PATH = "shop/v1/shop.proto"


def fields(desk: Desk, text: str, beside: str | None = None) -> list[str]:
    messages = desk.open(text, beside).state.messages
    return [field.name for field in messages["shop.v1.Order"].proto.field]


@pytest.mark.parametrize("option", ["branch=main", "tag=v1", "ref=HEAD", "ref=main~0", "commit=<hash>"])
def test_a_commit_is_named_in_every_way(repository: Desk, option: str) -> None:
    repository.git("tag", "v1", "main")
    option = option.replace("<hash>", repository.git("rev-parse", "main"))

    assert fields(repository, f".git#{option},subdir=proto") == ["order_id", "quantity"]


def test_without_a_name_it_is_the_commit_that_is_checked_out(repository: Desk) -> None:
    assert fields(repository, ".git#subdir=proto") == ["order_id", "quantity"]


def test_the_folder_that_is_compared_is_looked_up_in_the_commit(repository: Desk) -> None:
    assert fields(repository, ".git#branch=main", beside="proto") == ["order_id", "quantity"]


def test_a_break_between_branch_and_working_tree_is_found(repository: Desk) -> None:
    (found,) = repository.check("proto", ".git#branch=main")

    assert (found.rule, str(found.span.start)) == ("FIELD_NO_DELETE", "proto/shop/v1/shop.proto:3:1")


def test_a_branch_that_only_the_remote_has_is_found(repository: Desk) -> None:
    commit = repository.git("rev-parse", "main")
    repository.git("update-ref", "refs/remotes/origin/main", commit)
    repository.git("branch", "--quiet", "--delete", "--force", "main")

    assert fields(repository, ".git#branch=main,subdir=proto") == ["order_id", "quantity"]


def test_another_repository_is_fetched_by_its_address(repository: Desk, tmp_path: Path) -> None:
    elsewhere = Desk(tmp_path / "elsewhere")
    elsewhere.folder.mkdir()

    assert fields(elsewhere, f"file://{repository.folder}/.git#branch=main,subdir=proto") == ["order_id", "quantity"]


def test_a_new_module_has_an_empty_base(repository: Desk) -> None:
    repository.write({"billing/bill.proto": 'syntax = "proto3";\npackage billing;\n'})

    assert repository.open(".git#branch=main", beside="billing").state.files == {}
    assert repository.check("billing", ".git#branch=main") == ()


def test_the_merge_base_is_where_the_branch_began(repository: Desk) -> None:
    began = repository.git("rev-parse", "main")
    repository.commit("on feature")

    assert merge_base(repository.folder) == f".git#commit={began}"


def test_outside_of_git_there_is_no_merge_base(desk: Desk) -> None:
    assert merge_base(desk.folder) is None


def test_before_the_first_commit_there_is_no_merge_base(desk: Desk) -> None:
    desk.git("init", "--quiet")
    desk.write({PATH: ORDER})

    assert merge_base(desk.folder) is None


def test_a_branch_without_a_commit_beside_a_main_one_has_no_merge_base_and_says_so(repository: Desk) -> None:
    repository.commit("on feature")
    repository.git("switch", "--quiet", "--orphan", "other")

    with pytest.raises(InterfaceError, match="have no commit in common"):
        merge_base(repository.folder)


def test_a_repository_of_somebody_else_is_not_taken_for_none(
    repository: Desk, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = tmp_path_factory.mktemp("bin") / "git"
    git.write_text(f'#!/bin/sh\nGIT_TEST_ASSUME_DIFFERENT_OWNER=1 exec {shutil.which("git")} "$@"\n', encoding="utf-8")
    git.chmod(0o755)
    monkeypatch.setenv("PATH", f"{git.parent}{os.pathsep}{os.environ['PATH']}")

    with pytest.raises(ProcessError, match="dubious ownership"):
        merge_base(repository.folder)


def test_a_repository_without_git_to_read_it_is_not_taken_for_none(
    repository: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")

    with pytest.raises(ProcessError, match="'git' cannot be found"):
        merge_base(repository.folder)


def test_a_shallow_clone_without_the_base_says_how_to_deepen_it(repository: Desk, tmp_path: Path) -> None:
    repository.commit("on feature")
    repository.git("clone", "--quiet", "--depth=1", "--single-branch", f"file://{repository.folder}", "shallow")
    shallow = repository.folder / "shallow"
    Desk(shallow).git("remote", "remove", "origin")

    with pytest.raises(InterfaceError, match="this clone is shallow: run 'git fetch --unshallow'"):
        merge_base(shallow)
    with pytest.raises(InterfaceError, match="in GitHub Actions 'fetch-depth: 0', in GitLab 'GIT_DEPTH: 0'"):
        Desk(shallow).open(".git#branch=main,subdir=proto")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(".git#branch=none", "the repository has no branch 'none'", id="branch"),
        pytest.param(".git#tag=none", "the repository has no tag 'none'", id="tag"),
        pytest.param(".git#ref=--all", "the repository has no ref '--all'", id="option as ref"),
        pytest.param(".git#commit=0000000", "the repository has no commit '0000000'", id="commit"),
        pytest.param(".git#branch=main,tag=v1", "give only one of branch, tag", id="two names"),
        pytest.param(".git#branch=main,subdir=none", "has a folder 'none'", id="folder"),
        pytest.param("none/.git", "there is no such git repository", id="repository"),
    ],
)
def test_what_git_does_not_have_is_refused(repository: Desk, text: str, message: str) -> None:
    with pytest.raises(InterfaceError, match=message) as caught:
        repository.open(text)

    assert caught.value.where == text


def test_a_repository_without_a_main_branch_has_no_base(desk: Desk) -> None:
    desk.git("init", "--quiet")
    desk.git("switch", "--quiet", "--create", "trunk")
    desk.write({PATH: ORDER})
    desk.commit("one")

    with pytest.raises(InterfaceError, match="no base to compare with"):
        merge_base(desk.folder)


@pytest.mark.parametrize("name", ["bare.git", "a:b.git"])
def test_a_bare_repository_that_is_named_is_read(repository: Desk, name: str) -> None:
    repository.git("clone", "--quiet", "--bare", ".", name)

    assert fields(repository, f"{name}#branch=main,subdir=proto") == ["order_id", "quantity"]


def test_a_folder_of_a_repository_stands_for_the_repository_whatever_lies_in_it(repository: Desk) -> None:
    repository.git("init", "--quiet", "--bare", "contracts")

    assert fields(repository, "contracts#format=git,branch=main,subdir=proto") == ["order_id", "quantity"]


def test_a_worktree_is_a_repository(repository: Desk) -> None:
    repository.git("worktree", "add", "--quiet", "other", "main")
    other = Desk(repository.folder / "other")

    assert fields(other, ".git#branch=main", beside="proto") == ["order_id", "quantity"]
    assert merge_base(other.folder) == f".git#commit={repository.git('rev-parse', 'main')}"


def test_a_commit_cannot_name_files_outside_of_it(repository: Desk) -> None:
    blob = repository.git("rev-parse", "main:proto/shop/v1/shop.proto")
    raw = b"".join(b"%s %s\0%s" % entry for entry in [(b"100644", b"..x.proto", bytes.fromhex(blob))])
    (repository.folder / "tree").write_bytes(raw)
    inner = repository.git("hash-object", "-w", "--literally", "-t", "tree", "tree")
    (repository.folder / "tree").write_bytes(b"40000 ..\0" + bytes.fromhex(inner))
    outer = repository.git("hash-object", "-w", "--literally", "-t", "tree", "tree")
    commit = repository.git("commit-tree", outer, "-m", "crafted")

    with pytest.raises(InterfaceError, match="lies outside of it"):
        repository.open(f".git#commit={commit}")


def test_names_that_are_not_text_do_not_hide_the_others(repository: Desk) -> None:
    (repository.folder / os.fsdecode(b"\xff.txt")).write_bytes(b"")
    repository.commit("odd name")

    assert fields(repository, ".git#subdir=proto") == ["order_id"]


def test_a_branch_called_like_the_default_of_the_remote_is_no_base(repository: Desk) -> None:
    began = repository.git("rev-parse", "main")
    pushed = repository.commit("on feature")
    repository.git("update-ref", "refs/remotes/origin/HEAD", pushed)

    assert merge_base(repository.folder) == f".git#commit={began}"


def test_the_default_branch_of_the_remote_is_the_main_one(repository: Desk) -> None:
    trunk = repository.commit("trunk")
    repository.git("update-ref", "refs/remotes/origin/trunk", trunk)
    repository.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk")

    assert merge_base(repository.folder) == f".git#commit={trunk}"


@pytest.mark.parametrize("name", ["refs/remotes/origin/HEAD", "refs/remotes/origin/main"])
def test_a_tag_called_like_a_branch_of_the_remote_is_no_base(repository: Desk, name: str) -> None:
    began = repository.git("rev-parse", "main")
    repository.commit("on feature")
    repository.git("tag", name, "HEAD")

    assert merge_base(repository.folder) == f".git#commit={began}"


def test_a_tag_called_like_a_branch_does_not_stand_in_for_it(repository: Desk) -> None:
    repository.git("update-ref", "refs/remotes/origin/main", "main")
    repository.git("tag", "refs/heads/main", repository.commit("on feature"))
    repository.git("branch", "--quiet", "--delete", "--force", "main")

    assert fields(repository, ".git#branch=main,subdir=proto") == ["order_id", "quantity"]


@pytest.mark.parametrize("command", ["branch", "tag"])
def test_the_beginning_of_a_commit_means_the_commit_whatever_is_called_so(repository: Desk, command: str) -> None:
    begin = repository.git("rev-parse", "--short=9", "main")
    repository.commit("on feature")
    repository.git(command, begin)

    assert fields(repository, f".git#commit={begin},subdir=proto") == ["order_id", "quantity"]


def test_branches_that_parted_more_than_once_have_no_single_base(repository: Desk) -> None:
    repository.git("branch", "--quiet", "side", repository.commit("on feature"))
    repository.git("switch", "--quiet", "main")
    kept = repository.commit("on main")
    repository.git("merge", "--quiet", "--no-ff", "--message", "both", "side")
    repository.git("switch", "--quiet", "side")
    repository.git("merge", "--quiet", "--strategy=ours", "--message", "neither", kept)

    with pytest.raises(InterfaceError, match="HEAD and refs/heads/main parted more than once") as caught:
        merge_base(repository.folder)

    assert caught.value.hint == "merge main into this branch, or name a base: --against '.git#commit=...'"


def test_a_shallow_clone_that_may_hide_a_later_base_says_so(repository: Desk) -> None:
    # The branch left main at its newest commit, which the clone does not know, and took in an older one besides.
    old = repository.git("rev-parse", "main")
    repository.git("switch", "--quiet", "main")
    repository.commit("newest")
    repository.git("switch", "--quiet", "--create", "other")
    own = repository.commit("change")
    repository.git("reset", "--hard", repository.git("commit-tree", f"{own}^{{tree}}", "-p", own, "-p", old, "-m", "x"))
    (repository.folder / ".git" / "shallow").write_text(f"{own}\n", encoding="utf-8")

    with pytest.raises(InterfaceError, match="the history ends before HEAD and refs/heads/main are known to have"):
        merge_base(repository.folder)


@pytest.mark.parametrize(("name", "kind"), [("main", "branch"), ("v1", "tag"), ("HEAD", "ref"), ("main~0", "ref")])
def test_a_name_that_git_knows_is_told_as_an_input(repository: Desk, name: str, kind: str) -> None:
    repository.git("tag", "v1")

    with pytest.raises(InterfaceError, match="there is no such folder") as caught:
        repository.open(name, beside="proto")

    assert caught.value.hint == f"to compare with the {kind} '{name}' of git, use '.git#{kind}={name}'"


@pytest.mark.parametrize("name", ["nothing", "-x", "a,b"])
def test_a_name_that_nobody_knows_is_no_input_of_git(repository: Desk, name: str) -> None:
    with pytest.raises(InterfaceError) as caught:
        repository.open(name, beside="proto")

    assert caught.value.hint == "give a folder, an image, an archive or a git reference such as '.git#branch=main'"


def test_a_branch_is_told_from_a_folder_further_in(repository: Desk) -> None:
    with pytest.raises(InterfaceError) as caught:
        Opener(repository.folder / "proto", repository.folder / "cache").open("main")

    assert caught.value.hint == "to compare with the branch 'main' of git, use '../.git#branch=main'"
