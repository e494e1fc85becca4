"""The folder that a command writes to."""

from collections.abc import Callable
from pathlib import Path

import pytest

from servanda.errors import SupervisionError
from servanda.supervision import Plan, own_folder
from servanda.supervision.plan import make_folders


def test_the_folder_need_not_exist(tmp_path: Path) -> None:
    assert own_folder(tmp_path, "up") == tmp_path / ".servanda" / "up"


def test_git_ignores_the_folder_of_a_plan(plan: Callable[..., Plan]) -> None:
    made = plan()
    make_folders(made, "logs")

    assert (made.folder / "logs").is_dir()
    assert "*" in (made.folder / ".gitignore").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("link", [".servanda", ".servanda/up", ".servanda/up/state.json"])
def test_what_is_written_there_stays_in_the_tree(tmp_path: Path, link: str) -> None:
    path = tmp_path / link
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to("/etc")

    with pytest.raises(SupervisionError, match=f"the symbolic link '{path}' points to '/etc', outside of the tree"):
        own_folder(tmp_path, "up")
