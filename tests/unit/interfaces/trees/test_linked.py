"""Symbolic links in a folder, a commit and an archive: followed within the tree, an error out of it."""

import os
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from servanda.errors import InterfaceError
from servanda.interfaces.protobuf.inputs import Workspace
from tests.unit.interfaces.conftest import ORDER, WITHOUT_QUANTITY, Desk

Opened = Callable[[Desk], Workspace]


def folder(desk: Desk) -> Workspace:
    return desk.open("proto")


def commit(desk: Desk) -> Workspace:
    return desk.open(".git#subdir=proto")


def tarball(desk: Desk) -> Workspace:
    with tarfile.open(desk.folder / "a.tar", "w") as archive:
        archive.add(desk.folder / "proto", "proto")
        archive.add(desk.folder / "shared", "shared")
    return desk.open("a.tar#subdir=proto")


def zipped(desk: Desk) -> Workspace:
    with zipfile.ZipFile(desk.folder / "a.zip", "w") as archive:
        for path in sorted((desk.folder / "proto").rglob("*")) + sorted((desk.folder / "shared").rglob("*")):
            info = zipfile.ZipInfo(path.relative_to(desk.folder).as_posix())
            info.external_attr = path.lstat().st_mode << 16
            if path.is_symlink() or path.is_file():
                archive.writestr(info, os.fspath(path.readlink()) if path.is_symlink() else path.read_bytes())
    return desk.open("a.zip#subdir=proto")


def fetched(desk: Desk) -> Workspace:
    return desk.open(f"file://{desk.folder}/.git#branch=main,subdir=proto")


@pytest.fixture(params=[folder, commit, tarball, zipped, fetched])
def opened(request: pytest.FixtureRequest) -> Opened:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def linked(desk: Desk) -> Callable[[str, str], Desk]:
    """Commit a link among proto files."""

    def link(name: str, target: str) -> Desk:
        desk.write({"proto/own.proto": 'syntax = "proto3";\n', "shared/order.proto": ORDER})
        (desk.folder.parent / "secret.proto").write_text('syntax = "proto3"; message Secret {}')
        (desk.folder / "proto" / name).symlink_to(target)
        desk.git("init", "--quiet")
        desk.commit("first")
        return desk

    return link


def test_a_link_to_a_file_is_followed(linked: Callable[[str, str], Desk], opened: Opened) -> None:
    assert set(opened(linked("order.proto", "../shared/order.proto")).state.files) == {"own.proto", "order.proto"}


@pytest.mark.parametrize("name", ["inner", "v1.2", "shop.v1", ".hidden", "a.proto"])
def test_a_link_to_a_folder_is_followed(linked: Callable[[str, str], Desk], opened: Opened, name: str) -> None:
    assert set(opened(linked(name, "../shared")).state.files) == {"own.proto", f"{name}/order.proto"}


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("a.proto", "../../secret.proto"),
        ("a.proto", "/etc/passwd"),
        ("inner", "../.."),
        ("inner", "/etc"),
        ("inner", "../../not-checked-out"),
    ],
)
def test_a_link_out_of_the_tree_is_named_with_its_target(
    linked: Callable[[str, str], Desk], opened: Opened, name: str, target: str
) -> None:
    with pytest.raises(
        InterfaceError, match=rf"the symbolic link '.*proto/{name}' points to '{target}', outside of the tree"
    ):
        opened(linked(name, target))


@pytest.mark.parametrize(("name", "target"), [("a.proto", "a.proto"), ("inner", "."), ("inner", "..")])
def test_links_in_a_circle_are_an_error(
    linked: Callable[[str, str], Desk], opened: Opened, name: str, target: str
) -> None:
    with pytest.raises(InterfaceError, match="form a loop"):
        opened(linked(name, target))


def test_a_link_to_nothing_is_an_error(linked: Callable[[str, str], Desk], opened: Opened) -> None:
    with pytest.raises(InterfaceError, match=r"'none\.proto', which does not exist"):
        opened(linked("a.proto", "none.proto"))


def test_a_link_that_is_no_proto_file_may_lead_anywhere(linked: Callable[[str, str], Desk], opened: Opened) -> None:
    assert set(opened(linked("README.md", "/usr/share/README.md")).state.files) == {"own.proto"}


def test_a_link_out_of_the_tree_is_not_followed_where_buf_excludes_it(desk: Desk) -> None:
    desk.write({"proto/buf.yaml": "version: v1\nbuild:\n  excludes: [out]\n", "proto/order.proto": ORDER})
    (desk.folder / "proto" / "out").symlink_to("/etc")

    assert set(folder(desk).state.files) == {"order.proto"}


def test_links_that_multiply_end(desk: Desk) -> None:
    desk.write({f"proto/{level}/order.proto": ORDER for level in range(16)})
    for level in range(15):
        for name in ("left", "right"):
            (desk.folder / "proto" / str(level) / name).symlink_to(f"../{level + 1}")

    with pytest.raises(InterfaceError, match="form a loop"):
        folder(desk)


def test_a_deleted_field_behind_a_link_to_a_folder_is_found(linked: Callable[[str, str], Desk]) -> None:
    desk = linked("inner", "../shared")
    desk.write({"shared/order.proto": WITHOUT_QUANTITY})

    assert [found.rule for found in desk.check("proto", ".git#branch=main")] == ["FIELD_NO_DELETE"]


@pytest.mark.parametrize("module", ["../../outside", "out"])
def test_a_module_of_buf_yaml_lies_in_the_tree(desk: Desk, module: str) -> None:
    desk.write({"w/buf.yaml": f"version: v2\nmodules:\n  - path: {module}\n", "w/.git/HEAD": ""})
    (desk.folder / "w" / "out").symlink_to("/etc")

    with pytest.raises(InterfaceError, match="outside of the tree"):
        desk.open("w")


@pytest.mark.parametrize("target", ["/etc/passwd", "../outside.yaml"])
def test_a_document_of_buf_is_not_read_out_of_the_tree(desk: Desk, target: str) -> None:
    desk.write({"w/order.proto": ORDER, "w/.git/HEAD": "", "outside.yaml": "version: v1\n"})
    (desk.folder / "w" / "buf.yaml").symlink_to(target)

    with pytest.raises(InterfaceError, match=r"the symbolic link '.*buf\.yaml' points to"):
        desk.open("w")


def test_an_import_reaches_only_what_was_listed(desk: Desk) -> None:
    desk.write({"proto/order.proto": 'syntax = "proto3";\nimport "secret.txt";\n', "secret.txt": 'syntax = "proto3";'})
    (desk.folder / "proto" / "secret.txt").symlink_to("../secret.txt")

    with pytest.raises(InterfaceError, match=r"1 import not found: 'secret\.txt'"):
        folder(desk)


def test_a_pipe_is_no_proto_file(desk: Desk) -> None:
    desk.write({"proto/order.proto": ORDER})
    os.mkfifo(desk.folder / "proto" / "a.proto")

    with pytest.raises(InterfaceError, match="expected a file"):
        folder(desk)


def test_outside_of_git_a_link_may_lead_to_another_folder_of_the_working_directory(desk: Desk) -> None:
    desk.write({"shared/order.proto": ORDER, "proto/own.proto": 'syntax = "proto3";'})
    (desk.folder / "proto" / "inner").symlink_to("../shared")

    assert set(folder(desk).state.files) == {"own.proto", "inner/order.proto"}


def test_a_module_that_the_user_names_may_be_a_link(desk: Desk, tmp_path: Path) -> None:
    desk.write({"elsewhere/order.proto": ORDER})
    (desk.folder / "proto").symlink_to("elsewhere")

    assert set(folder(desk).state.files) == {"order.proto"}


@pytest.mark.parametrize("opened", [folder, commit])
def test_a_name_that_is_not_utf_8_is_refused(desk: Desk, opened: Opened) -> None:
    desk.write({"proto/order.proto": ORDER})
    (desk.folder / "proto" / os.fsdecode(b"\xff.proto")).write_text('syntax = "proto3";')
    desk.git("init", "--quiet")
    desk.commit("first")

    with pytest.raises(InterfaceError, match="the name of this file is not UTF-8"):
        opened(desk)
