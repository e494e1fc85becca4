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


def test_a_release_that_a_change_rewrote_is_not_believed(desk: Desk) -> None:
    desk.git("init", "--quiet", "--initial-branch", "main")
    desk.write({"servanda.toml": "", "contracts/releases/1.0.0.binpb": "one"})
    desk.commit("one")
    desk.write({"contracts/releases/1.0.0.binpb": "two"})
    configuration = load(desk.folder / "servanda.toml")

    assert str(default_base(configuration, desk.folder)).startswith(".git#commit=")
    with pytest.raises(InterfaceError, match="nothing was released yet"):
        released_bases(configuration, desk.folder)


def test_outside_of_git_every_release_is_believed(desk: Desk) -> None:
    desk.write({"servanda.toml": "", "contracts/releases/1.0.0.binpb": "one"})

    assert default_base(load(desk.folder / "servanda.toml"), desk.folder) == "contracts/releases/1.0.0.binpb"
