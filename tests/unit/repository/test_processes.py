"""One room of the suite starts processes; what is started there is in the reference."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
ROOM = "servanda/processes/"
# What of the room starts a process, or finds out who one may be.
STARTING = {
    "Child",
    "Detached",
    "Git",
    "PipedChild",
    "Watcher",
    "fetched",
    "guarded",
    "run_command",
    "run_tool",
    "unprivileged_accounts",
}
MODULES = frozenset(
    {"subprocess", "_posixsubprocess", "pty", "multiprocessing", "concurrent.futures.process", "pexpect", "sh"}
)
NAMES = re.compile(
    r"^(system|popen|popen[2-4]|exec[lv]p?e?|spawn[lv]p?e?|posix_spawnp?|fork|forkpty|fork_exec|startfile"
    r"|create_subprocess_(exec|shell)|subprocess_(exec|shell)|ProcessPoolExecutor|Popen)$"
)


def starts(source: str) -> Iterator[str]:
    """What in a module can start a process."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names):
                yield from (alias.name for alias in names if is_module(alias.name))
            case ast.ImportFrom(module=str(module), names=names):
                if is_module(module):
                    yield module
                yield from (alias.name for alias in names if NAMES.match(alias.name) or is_module(alias.name))
            case ast.Attribute(attr=name) if NAMES.match(name):
                yield name
            # A name as text: for importlib or getattr.
            case ast.Call(args=arguments):
                texts = [each.value for each in arguments if isinstance(each, ast.Constant)]
                yield from (text for text in texts if isinstance(text, str) and (is_module(text) or NAMES.match(text)))


def is_module(name: str) -> bool:
    return any(name == module or name.startswith(f"{module}.") for module in MODULES)


@pytest.mark.parametrize(
    "source",
    [
        "import subprocess",
        "import subprocess as s",
        "from subprocess import run",
        "import multiprocessing.pool",
        "from concurrent.futures import ProcessPoolExecutor",
        "import concurrent.futures as f\nf.ProcessPoolExecutor()",
        "import os\nos.execvpe('a', [], {})",
        "import os\nrun = os.posix_spawnp",
        "from os import system as s",
        "import os\nos.popen('a')",
        "import os\nos.fork()",
        "import os\ngetattr(os, 'spawnv')",
        "import importlib\nimportlib.import_module('subprocess')",
        "from asyncio import create_subprocess_shell",
        "import asyncio\nasyncio.subprocess.create_subprocess_exec('a')",
        "async def f(loop):\n    await loop.subprocess_exec(None, 'a')",
        "import pty\npty.spawn('a')",
    ],
)
def test_every_way_to_start_a_process_is_recognised(source: str) -> None:
    assert list(starts(source))


@pytest.mark.parametrize("source", ["import os\nos.getpid()", "system = 1", "import asyncio\nasyncio.run(f())"])
def test_what_starts_none_is_left_alone(source: str) -> None:
    assert list(starts(source)) == []


def test_no_other_place_starts_a_process() -> None:
    paths = (path.relative_to(ROOT).as_posix() for path in (ROOT / "servanda").rglob("*.py"))
    found = {path for path in paths if list(starts((ROOT / path).read_text(encoding="utf-8")))}

    assert {path for path in found if not path.startswith(ROOM)} == set()


def uses_the_room(source: str) -> bool:
    """Whether a module takes what starts a process from the room."""
    return any(
        node.module.startswith("servanda.processes") and {alias.name for alias in node.names} & STARTING
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and node.module
    )


def test_the_reference_lists_every_place() -> None:
    sources = {path: path.read_text(encoding="utf-8") for path in (ROOT / "servanda").rglob("*.py")}
    places = {path.relative_to(ROOT).as_posix() for path, source in sources.items() if uses_the_room(source)}
    reference = (ROOT / "docs" / "reference" / "security.md").read_text(encoding="utf-8")

    listed = re.findall(r"^\| `(servanda/[^`]+\.py)` \|", reference, re.MULTILINE)

    assert sorted(listed) == sorted(place for place in places if not place.startswith(ROOM))


def test_the_reference_names_every_setting_of_git() -> None:
    reference = (ROOT / "docs" / "reference" / "security.md").read_text(encoding="utf-8")
    settings = re.findall(r'\("([a-z]+\.[A-Za-z.]+)", ', (ROOT / ROOM / "git.py").read_text(encoding="utf-8"))

    assert settings
    assert [setting for setting in settings if f"`{setting}" not in reference] == []
