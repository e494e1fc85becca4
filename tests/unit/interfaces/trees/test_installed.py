"""Installed packages below a folder, in a folder and in a commit: the protos of others are examined on request only."""

from collections.abc import Callable

import pytest

from servanda.interfaces.protobuf.inputs import Workspace
from tests.unit.interfaces.conftest import ORDER, Desk

OWN = "api/shop.proto"
OTHERS = (
    ".venv/lib/python3.11/site-packages/grpc_tools/shop.proto",
    "web/node_modules/shop/shop.proto",
    "usr/lib/python3/dist-packages/shop.proto",
)
NOTE = 'syntax = "proto3";\npackage note.v1;\nmessage Note {}\n'
Opened = Callable[[Desk, str], Workspace]


def folder(desk: Desk, path: str) -> Workspace:
    return desk.open(path)


def commit(desk: Desk, path: str) -> Workspace:
    desk.git("init", "--quiet")
    desk.git("add", "--all")
    desk.git("commit", "--quiet", "--message", "one")
    return desk.open(".git" if path == "." else f".git#subdir={path}")


@pytest.fixture(params=[folder, commit])
def opened(request: pytest.FixtureRequest) -> Opened:
    return request.param  # type: ignore[no-any-return]


@pytest.mark.parametrize("other", OTHERS)
def test_installed_packages_are_left_out(desk: Desk, opened: Opened, other: str) -> None:
    desk.write({OWN: ORDER, other: ORDER})

    assert set(opened(desk, ".").state.files) == {OWN}


def test_links_of_installed_packages_are_not_followed(desk: Desk, opened: Opened) -> None:
    desk.write({OWN: ORDER, "node_modules/.keep": ""})
    (desk.folder / "node_modules" / "shop").symlink_to("/usr")

    assert set(opened(desk, ".").state.files) == {OWN}


def test_a_folder_inside_of_them_is_examined_if_it_is_named(desk: Desk, opened: Opened) -> None:
    desk.write({"node_modules/shop/api/shop.proto": ORDER})

    assert set(opened(desk, "node_modules/shop").state.files) == {OWN}


def test_with_buf_yaml_they_belong_to_the_module_as_they_do_for_buf(desk: Desk, opened: Opened) -> None:
    desk.write({"buf.yaml": "version: v2\n", "node_modules/shop.proto": ORDER})

    assert set(opened(desk, ".").state.files) == {"node_modules/shop.proto"}


IGNORED = (
    "build/extracted-include-protos/shop.proto",
    "target/classes/shop.proto",
    "vendor/shop/shop.proto",
    ".cache/shop.proto",
)


@pytest.mark.parametrize("other", IGNORED)
def test_what_git_ignores_as_a_whole_is_left_out(desk: Desk, other: str) -> None:
    desk.git("init", "--quiet")
    desk.write({OWN: ORDER, other: ORDER, ".gitignore": f"{other.partition('/')[0]}/\n"})

    assert set(desk.open(".").state.files) == {OWN}


def test_a_folder_of_that_name_that_git_takes_is_examined(desk: Desk) -> None:
    desk.git("init", "--quiet")
    desk.write({"build/v1/shop.proto": ORDER})

    assert set(desk.open(".").state.files) == {"build/v1/shop.proto"}


def test_a_folder_of_which_git_has_one_file_is_examined(desk: Desk) -> None:
    desk.git("init", "--quiet")
    desk.write({"build/v1/shop.proto": ORDER})
    desk.git("add", "--all")
    desk.write({".gitignore": "build/\n"})

    assert set(desk.open(".").state.files) == {"build/v1/shop.proto"}


def test_a_folder_that_git_ignores_is_examined_if_it_is_named(desk: Desk) -> None:
    desk.git("init", "--quiet")
    desk.write({"build/protos/build/v1/shop.proto": ORDER, ".gitignore": "build/\n"})

    assert set(desk.open("build/protos").state.files) == {"build/v1/shop.proto"}


def test_a_worktree_and_another_repository_are_left_out(desk: Desk) -> None:
    desk.git("init", "--quiet")
    desk.write({OWN: ORDER})
    desk.commit("one")
    desk.git("worktree", "add", "--quiet", "other")
    desk.write({"clone/shop.proto": ORDER})
    desk.git("init", "--quiet", "clone")

    assert set(desk.open(".").state.files) == {OWN}


def test_a_submodule_is_examined(desk: Desk) -> None:
    desk.write({OWN: ORDER, "common/.git": "gitdir: ../.git/modules/common\n", "common/note.proto": NOTE})

    assert set(desk.open(".").state.files) == {OWN, "common/note.proto"}


def test_a_virtual_environment_is_left_out_whatever_it_is_called(desk: Desk) -> None:
    desk.write({OWN: ORDER, "env/pyvenv.cfg": "", "env/share/shop.proto": ORDER})

    assert set(desk.open(".").state.files) == {OWN}
