"""Folders of what commands generate: git ignores them whatever the repository ignores."""

from pathlib import Path

import pytest

from servanda.documents import Boundary, make_generated_folder
from servanda.errors import ConfigurationError


def make(folder: Path, tree: Path) -> None:
    make_generated_folder(folder, Boundary.around(tree, ConfigurationError))


def test_it_is_made_with_those_above_it_and_ignores_itself(tmp_path: Path) -> None:
    make(tmp_path / "new" / "report", tmp_path)

    assert "*" in (tmp_path / "new" / "report" / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_a_list_of_ignored_files_that_is_there_stays(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("mine\n", encoding="utf-8")

    make(tmp_path, tmp_path)

    assert (tmp_path / ".gitignore").read_text(encoding="utf-8") == "mine\n"


def test_a_link_in_place_of_the_list_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / ".gitignore").symlink_to(tmp_path / "outside")

    make(tmp_path / "tree", tmp_path / "tree")

    assert not (tmp_path / "outside").exists()


def test_a_link_out_of_the_tree_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "report").symlink_to(tmp_path)

    with pytest.raises(ConfigurationError, match="outside of the tree"):
        make(tmp_path / "tree" / "report", tmp_path / "tree")


def test_a_file_of_its_name_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "report").touch()

    with pytest.raises(ConfigurationError, match="expected a folder, found a file"):
        make(tmp_path / "report", tmp_path)


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(ConfigurationError, match="cannot be written: Not a directory"):
        make(tmp_path / "file" / "report", tmp_path)
