"""What is told of files that a test changed."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from servanda.configuration import Configuration, load
from servanda.gate.working_tree import telling_changes
from servanda.verdict import Outcome, ReasonKind, StageResult


@pytest.fixture
def configuration(tmp_path: Path) -> Configuration:
    """A repository with a committed file, one that is not, and one that git ignores."""
    (tmp_path / "servanda.toml").write_text("[contracts]\n")
    (tmp_path / "committed").write_text("one")
    (tmp_path / ".gitignore").write_text("ignored\n")
    git = ("git", "-c", "user.name=a", "-c", "user.email=a@b.example")
    for command in (("init", "-q"), ("add", "."), ("commit", "-q", "-m", "all")):
        subprocess.run((*git, *command), cwd=tmp_path, check=True)
    (tmp_path / "uncommitted").write_text("one")
    return load(tmp_path / "servanda.toml")


async def _told(configuration: Configuration, change: Callable[[Path], object]) -> StageResult:
    async def examine() -> StageResult:
        change(configuration.root)
        return StageResult("consumers", Outcome.HELD)

    return await telling_changes(configuration, "record", examine)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        pytest.param(lambda root: (root / "committed").write_text("two"), "committed", id="edited"),
        pytest.param(lambda root: (root / "uncommitted").write_text("two"), "uncommitted", id="edited again"),
        pytest.param(lambda root: (root / "committed").unlink(), "committed", id="deleted"),
        pytest.param(lambda root: (root / "committed").chmod(0o755), "committed", id="made a program"),
        pytest.param(lambda root: (root / "new \n--x").touch(), "'new \\n--x'", id="a name with a new line"),
        pytest.param(lambda root: (root / "uncommitted").unlink(), "uncommitted", id="taken away"),
    ],
)
async def test_a_file_that_changed_is_named(
    configuration: Configuration, change: Callable[[Path], object], path: str
) -> None:
    result = await _told(configuration, change)

    (reason,) = result.reasons
    assert (result.outcome, reason.kind) == (Outcome.HELD, ReasonKind.TREE_CHANGED)
    assert f"1 file of the repository changed while 'record' ran: {path}\n" in reason.message
    assert reason.evidence is not None
    assert reason.evidence.path == path


@pytest.mark.parametrize(
    "path",
    ["ignored", ".servanda/log", "contracts/pacts/a-b.json", "contracts/usage/a.json", "a/__pycache__/b.pyc"],
)
async def test_what_is_expected_to_change_is_not_told(configuration: Configuration, path: str) -> None:
    def change(root: Path) -> None:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).touch()

    assert (await _told(configuration, change)).reasons == ()


async def test_a_repository_behind_a_link_is_told_the_same(configuration: Configuration, tmp_path: Path) -> None:
    link = tmp_path.parent / f"{tmp_path.name}-link"
    link.symlink_to(tmp_path)
    (tmp_path / ".servanda").mkdir()

    result = await _told(
        load(link / "servanda.toml"),
        lambda root: [(root / path).write_text("two") for path in (".servanda/log", "committed")],
    )

    assert "1 file of the repository changed while 'record' ran: committed\n" in result.reasons[0].message


async def test_a_file_beside_the_configured_folder_is_named_too(configuration: Configuration) -> None:
    below = configuration.root / "below"
    below.mkdir()
    (below / "servanda.toml").write_text("[contracts]\n")

    result = await _told(load(below / "servanda.toml"), lambda root: (root.parent / "committed").write_text("two"))

    assert str(configuration.root / "committed") in result.reasons[0].message


async def test_nothing_is_told_of_a_run_that_changes_nothing(configuration: Configuration) -> None:
    assert (await _told(configuration, lambda _root: None)).reasons == ()


async def test_of_many_files_the_first_are_named(configuration: Configuration) -> None:
    result = await _told(configuration, lambda root: [(root / f"new{number}").write_text("") for number in range(7)])

    assert "7 files of the repository changed" in result.reasons[0].message
    assert "new4 and 2 more\n" in result.reasons[0].message


async def test_outside_of_a_repository_nothing_is_told(tmp_path: Path) -> None:
    (tmp_path / "servanda.toml").write_text("[contracts]\n")

    result = await _told(load(tmp_path / "servanda.toml"), lambda root: (root / "new").touch())

    assert result.reasons == ()
