"""Commits as inputs."""

from pathlib import Path

import pytest

from servanda.errors import InterfaceError
from servanda.interfaces.inputs.git import merge_base
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


def test_a_repository_of_somebody_else_is_not_taken_for_none(repository: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "true")

    with pytest.raises(InterfaceError, match="dubious ownership"):
        merge_base(repository.folder)


def test_a_repository_without_git_to_read_it_is_not_taken_for_none(
    repository: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")

    with pytest.raises(InterfaceError, match="git cannot be run"):
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
