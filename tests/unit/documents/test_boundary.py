"""A link that stays in its tree is followed, one that leads out of it is an error."""

from pathlib import Path

import pytest

from servanda.documents import Boundary, files_in, write_text
from servanda.errors import InterfaceError, ServandaError


@pytest.fixture
def top(tmp_path: Path) -> Path:
    top = tmp_path / "tree"
    (top / ".git").mkdir(parents=True)
    (top / "inner").mkdir()
    (top / "inner" / "file").write_text("inside")
    (tmp_path / "secret").write_text("outside")
    return top


def refused(top: Path, path: Path) -> str:
    with pytest.raises(InterfaceError) as caught:
        Boundary.around(top / "inner", InterfaceError).inside(path)
    return str(caught.value)


@pytest.mark.parametrize("target", ["../../secret", "/etc/passwd", "/dev/zero", "../.git", "../../absent", ".."])
def test_a_link_that_leads_out_is_named_with_its_target(top: Path, target: str) -> None:
    link = top / "inner" / "link"
    link.symlink_to(target)
    if target == "..":
        assert Boundary.around(top).inside(link) == top
    else:
        assert f"the symbolic link '{link}' points to '{target}'" in refused(top, link)


def test_a_chain_of_links_is_followed_to_its_end(top: Path) -> None:
    (top / "first").symlink_to("second")
    (top / "second").symlink_to("../secret")
    assert f"the symbolic link '{top / 'first'}' points to" in refused(top, top / "first")


def test_a_folder_behind_a_link_is_outside_as_well(top: Path) -> None:
    (top / "folder").symlink_to("..")
    assert f"the symbolic link '{top / 'folder'}' points to '..'" in refused(top, top / "folder" / "secret")


def test_a_path_that_climbs_out_is_outside(top: Path) -> None:
    assert "it points to" in refused(top, top / "inner" / ".." / ".." / "secret")


def test_links_in_a_circle_are_an_error(top: Path) -> None:
    (top / "a").symlink_to("b")
    (top / "b").symlink_to("a")
    assert "symbolic links form a loop" in refused(top, top / "a")
    assert "symbolic links form a loop" in refused(top, top / "a" / "file")


@pytest.mark.parametrize("target", ["inner/file", "inner/../inner/file", "absent"])
def test_a_link_that_stays_inside_is_followed(top: Path, target: str) -> None:
    (top / "link").symlink_to(target)
    assert Boundary.around(top / "inner").inside(top / "link") == (top / target).resolve()


def test_outside_of_a_repository_the_folder_is_the_tree(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "alias").symlink_to("folder")
    assert Boundary.around(tmp_path / "alias").top == (tmp_path / "folder").resolve()


def test_a_file_outside_is_not_written_through_a_link(top: Path) -> None:
    (top / "link").symlink_to("../secret")
    with pytest.raises(InterfaceError, match="outside of the tree"):
        write_text(top / "link", "overwritten", Boundary.around(top, InterfaceError))
    assert (top.parent / "secret").read_text() == "outside"


def test_a_file_is_written_with_its_folders(top: Path) -> None:
    write_text(top / "a" / "b", "x\n", Boundary.around(top))
    assert (top / "a" / "b").read_text() == "x\n"


def test_the_files_of_a_folder_lie_in_its_tree(top: Path) -> None:
    (top / "inner" / "b.json").symlink_to("file")
    (top / "inner" / "a.json").touch()
    assert [path.name for path in files_in(top / "inner", "*.json", InterfaceError)] == ["a.json", "b.json"]
    (top / "inner" / "c.json").symlink_to("../../secret")
    with pytest.raises(InterfaceError, match="outside of the tree"):
        files_in(top / "inner", "*.json", InterfaceError)


@pytest.mark.parametrize("what", ["a file", "a broken symbolic link"])
def test_what_is_no_folder_does_not_look_like_one_without_files(tmp_path: Path, what: str) -> None:
    folder = tmp_path / "pacts"
    if what == "a file":
        folder.touch()
    else:
        folder.symlink_to("nowhere")

    with pytest.raises(ServandaError, match=f"expected a folder, found {what}"):
        files_in(folder, "*.json", ServandaError)


def test_no_folder_has_no_files(tmp_path: Path) -> None:
    assert files_in(tmp_path / "pacts", "*.json", ServandaError) == ()


@pytest.mark.parametrize("name", [".git", ".GIT", ".Git"])
def test_what_git_keeps_is_outside_however_it_is_written(tmp_path: Path, name: str) -> None:
    (tmp_path / ".git").mkdir()

    with pytest.raises(ServandaError, match="outside of the tree"):
        Boundary.around(tmp_path).inside(tmp_path / name / "config")
