"""What the state that is compared with says."""

import pytest

from servanda.configuration import load
from servanda.errors import InterfaceError
from servanda.interfaces.protobuf.bases import base_configuration, default_base, released_bases
from tests.unit.interfaces.conftest import Desk

ALLOWED = "[interfaces]\nallow_buf_plugins = true\n"


def allows(desk: Desk, folder: str = ".") -> bool:
    found = base_configuration(load(desk.folder / folder / "servanda.toml"))
    return found is not None and found.interfaces.allow_buf_plugins


@pytest.mark.parametrize(("before", "after"), [(ALLOWED, ""), ("", ALLOWED)])
def test_a_change_cannot_give_itself_a_permission(desk: Desk, before: str, after: str) -> None:
    desk.git("init", "--quiet")
    desk.write({"servanda.toml": before, "inner/servanda.toml": before})
    desk.commit("one")
    desk.git("switch", "--quiet", "--create", "feature")
    desk.write({"servanda.toml": after, "inner/servanda.toml": after})
    desk.commit("two")

    assert allows(desk) is allows(desk, "inner") is (before == ALLOWED)


def test_the_project_file_counts_where_there_is_no_other(desk: Desk) -> None:
    desk.git("init", "--quiet")
    desk.write({"pyproject.toml": "[tool.servanda.interfaces]\nallow_buf_plugins = true\n"})
    desk.commit("one")
    desk.write({"servanda.toml": ""})

    assert allows(desk)


@pytest.mark.parametrize("before", [None, "no TOML", 'unknown = "key"\n', "[interfaces]\nallow_buf_plugins = 1\n"])
def test_what_cannot_be_read_allows_nothing(desk: Desk, before: str | None) -> None:
    desk.git("init", "--quiet")
    desk.write({"README.md": ""} if before is None else {"servanda.toml": before})
    desk.commit("one")
    desk.write({"servanda.toml": ALLOWED})

    assert not allows(desk)


def test_outside_of_git_nothing_is_allowed(desk: Desk) -> None:
    desk.write({"servanda.toml": ALLOWED})

    assert not allows(desk)


def test_a_change_cannot_bring_the_release_that_it_is_compared_with(desk: Desk) -> None:
    desk.git("init", "--quiet", "--initial-branch", "main")
    desk.write({"servanda.toml": "", "contracts/releases/1.0.0.binpb": "one"})
    desk.commit("one")
    desk.git("switch", "--quiet", "--create", "feature")
    desk.write({"contracts/releases/2.0.0.binpb": "two"})
    desk.commit("two")
    told: list[str] = []

    assert (
        default_base(load(desk.folder / "servanda.toml"), desk.folder, told.append) == "contracts/releases/1.0.0.binpb"
    )
    assert told == ["not compared with 2.0.0.binpb: it is not in the commit at which this branch began"]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"contracts/releases/2.0.0.binpb": "one"}, id="rewritten"),
        pytest.param({"contracts/releases/2.0.0.binpb": None}, id="deleted"),
        pytest.param({"servanda.toml": '[interfaces]\nreleases = "elsewhere"\n'}, id="in another folder"),
    ],
)
def test_a_change_cannot_take_the_release_away_that_it_is_compared_with(
    desk: Desk, change: dict[str, str | None]
) -> None:
    desk.git("init", "--quiet", "--initial-branch", "main")
    desk.write({"servanda.toml": "", "contracts/releases/1.0.0.binpb": "one", "contracts/releases/2.0.0.binpb": "two"})
    desk.commit("one")
    desk.write({path: content or "" for path, content in change.items()})
    for path in (path for path, content in change.items() if content is None):
        (desk.folder / path).unlink()
    configuration = load(desk.folder / "servanda.toml")

    for bases in (default_base, released_bases):
        with pytest.raises(InterfaceError, match=r"binpb is gone or was changed since the commit"):
            bases(configuration, desk.folder)


def test_only_the_newest_release_has_to_be_kept_unless_all_are_asked_for(desk: Desk) -> None:
    desk.git("init", "--quiet", "--initial-branch", "main")
    desk.write({"servanda.toml": "", "contracts/releases/1.0.0.binpb": "one", "contracts/releases/2.0.0.binpb": "two"})
    desk.commit("one")
    (desk.folder / "contracts/releases/1.0.0.binpb").unlink()
    configuration = load(desk.folder / "servanda.toml")

    assert default_base(configuration, desk.folder) == "contracts/releases/2.0.0.binpb"
    with pytest.raises(InterfaceError, match=r"the release 1\.0\.0\.binpb is gone"):
        released_bases(configuration, desk.folder)


def test_releases_may_move_to_another_folder(desk: Desk) -> None:
    desk.git("init", "--quiet", "--initial-branch", "main")
    desk.write({"servanda.toml": "", "contracts/releases/1.0.0.binpb": "one"})
    desk.commit("one")
    (desk.folder / "contracts/releases").rename(desk.folder / "kept")
    desk.write({"servanda.toml": '[interfaces]\nreleases = "kept"\n'})

    assert default_base(load(desk.folder / "servanda.toml"), desk.folder) == "kept/1.0.0.binpb"


def test_outside_of_git_every_release_is_believed(desk: Desk) -> None:
    desk.write({"servanda.toml": "", "contracts/releases/1.0.0.binpb": "one"})

    assert default_base(load(desk.folder / "servanda.toml"), desk.folder) == "contracts/releases/1.0.0.binpb"
