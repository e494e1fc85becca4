"""What the commands that examine a change start and load."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import servanda
from servanda.processes.parent import ending_with_parent
from tests.integration.security.conftest import Stranger
from tests.integration.security.test_hostile_trees import ATTACKS, EXAMINING, READING

AUDITED = Path(__file__).with_name("audited.py")
# How a tool is started so that it ends with its parent.
_PREFIX = ending_with_parent(())
PACKAGE = Path(servanda.__file__).parent
ALL = {name: text for name, text in ATTACKS.items() if name != "bare_repository_among_the_contracts"}


def notes(stranger: Stranger, command: tuple[str, ...]) -> Iterator[dict[str, object]]:
    """What a command started, imported and opened."""
    file = stranger.folder / "notes"
    ran = stranger.run(*command, start=(sys.executable, "-I", str(AUDITED), str(file)))
    assert ran.returncode in (0, 1), ran.stderr
    for line in file.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def is_allowed(command: list[str], folder: Path, tree: Path) -> bool:
    """Whether a process is one of the three that may be started, where it may be started."""
    if tuple(command[: len(_PREFIX)]) == _PREFIX:
        command = command[len(_PREFIX) :]
    match Path(command[0]).name, command[1:]:
        case "git", _:
            return folder == tree and not Path(command[0]).is_relative_to(tree)
        case name, ["-I", "-S", script] if name == Path(sys.executable).name:
            return Path(script).is_relative_to(PACKAGE) and not folder.is_relative_to(tree)
        case "buf", ["lint", *_]:
            return not folder.is_relative_to(tree)
    return False


@pytest.fixture
def hostile(stranger: Stranger) -> Stranger:
    """A change with every attack at once."""
    files: dict[str, str] = {}
    for name, attack in ALL.items():
        if name != "plugins_of_buf":
            files |= attack(stranger)
    stranger.send(files)
    return stranger


@pytest.mark.parametrize("command", [*EXAMINING, *READING], ids=lambda command: command[0])
def test_only_known_programs_are_started_outside_of_the_tree(hostile: Stranger, command: tuple[str, ...]) -> None:
    started = [note for note in notes(hostile, command) if "command" in note]

    strange = [
        note
        for note in started
        if not is_allowed(note["command"], Path(str(note["folder"])), hostile.clone)  # type: ignore[arg-type]
    ]
    assert strange == []
    assert started or command[0] in ("explain", "waive")


@pytest.mark.parametrize("command", [*EXAMINING, *READING], ids=lambda command: command[0])
def test_no_module_of_the_tree_is_imported_or_opened(hostile: Stranger, command: tuple[str, ...]) -> None:
    opened = {str(path) for note in notes(hostile, command) for path in (note.get("import"), note.get("open")) if path}

    inside = {path for path in opened if Path(hostile.clone, path).is_relative_to(hostile.clone)}
    assert {path for path in inside if path.endswith((".py", ".pyc", ".so", ".pth", ".env", ".sh"))} == set()
    assert not hostile.canary.exists()
