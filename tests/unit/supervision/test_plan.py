"""The folder that a command writes to."""

from pathlib import Path

import pytest

from servanda.errors import SupervisionError
from servanda.supervision import own_folder


def test_the_folder_need_not_exist(tmp_path: Path) -> None:
    assert own_folder(tmp_path, "up") == tmp_path / ".servanda" / "up"


@pytest.mark.parametrize("link", [".servanda", ".servanda/up", ".servanda/up/state.json"])
def test_what_is_written_there_stays_in_the_tree(tmp_path: Path, link: str) -> None:
    path = tmp_path / link
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to("/etc")

    with pytest.raises(SupervisionError, match=f"the symbolic link '{path}' points to '/etc', outside of the tree"):
        own_folder(tmp_path, "up")
