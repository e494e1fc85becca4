"""A process starts as it does without the recorder: other modules of its start run, and failures stay here."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from servanda.recording.sql.probe import INSIDE, probing

PSYCOPG = """
class sql:
    class Composable: pass
class Cursor:
    def execute(self, query, params=None):
        return (query, params)
"""


def start(folder: Path, code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    own = {"PATH": os.environ["PATH"], "PYTHONPATH": str(folder), **environment}
    environ = {**own, **probing(folder / "notes", own)}
    command = [sys.executable, "-c", code]
    return subprocess.run(command, env=environ, cwd=folder, capture_output=True, text=True, check=False)


def test_a_sitecustomize_of_the_service_runs_too(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.own = 'mine'\n")

    done = start(tmp_path, "import sys, sitecustomize; print(sys.own, sitecustomize.__file__)")

    assert (done.stdout, done.stderr) == (f"mine {tmp_path}/sitecustomize.py\n", "")


def test_nothing_is_imported_before_the_service_does(tmp_path: Path) -> None:
    done = start(tmp_path, "import sys; print({'asyncpg', 'psycopg', 'sqlalchemy', 'servanda'} & set(sys.modules))")

    assert (done.stdout, done.stderr) == ("set()\n", "")


def test_a_driver_is_watched_from_its_import_on(tmp_path: Path) -> None:
    (tmp_path / "psycopg.py").write_text(PSYCOPG)
    code = "import psycopg; print(psycopg.Cursor().execute('SELECT a FROM t WHERE b = %s', [None]))"

    done = start(tmp_path, code)

    assert (done.stdout, done.stderr) == ("('SELECT a FROM t WHERE b = %s', [None])\n", "")
    (path,) = (tmp_path / "notes").glob("*.jsonl")
    assert '"nulls": [1]' in path.read_text()


def test_a_driver_that_cannot_be_watched_works_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "asyncpg.py").write_text("connect = 7\n")

    done = start(tmp_path, "import asyncpg; print(asyncpg.connect)")

    assert (done.returncode, done.stdout) == (0, "7\n")
    assert done.stderr.startswith("servanda: no more statements are recorded: AttributeError")


def test_a_driver_that_is_not_installed_fails_as_always(tmp_path: Path) -> None:
    done = start(tmp_path, "try:\n import psycopg.nothing\nexcept ModuleNotFoundError as e:\n print(e.name)")

    assert (done.stdout, done.stderr) == ("psycopg.nothing\n", "")


@pytest.mark.parametrize("path", sorted(INSIDE.rglob("*.py")), ids=lambda path: path.name)
def test_only_the_standard_library_is_needed(path: Path) -> None:
    tree = ast.parse(path.read_text())
    absolute = [each for each in ast.walk(tree) if isinstance(each, ast.ImportFrom) and not each.level]
    names = [alias.name for each in ast.walk(tree) if isinstance(each, ast.Import) for alias in each.names]
    names += [each.module or "" for each in absolute]

    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names
