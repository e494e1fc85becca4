"""What whoever installs the suite gets: all of it, nothing of the platform, and nothing that is missing."""

from __future__ import annotations

import ast
import email
import os
import re
import subprocess
import sys
import sysconfig
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import uv

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def interpreter(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python of its own that has the wheel."""
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run([uv.find_uv_bin(), "venv", "--quiet", "--python", sys.executable, str(folder)], check=True)
    python = folder / "bin" / "python"
    install = [uv.find_uv_bin(), "pip", "install", "--quiet", "--no-deps", "--python", str(python), str(wheel)]
    subprocess.run(install, check=True)
    return python


@pytest.fixture
def libraries() -> dict[str, str]:
    """An environment that lends the libraries of this one; what is installed in place stays out of sight."""
    return {**os.environ, "PYTHONPATH": sysconfig.get_path("purelib"), "PYTHONDONTWRITEBYTECODE": "1"}


def imported(source: str) -> set[str]:
    """The top-level packages that a module imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
    return {name.partition(".")[0] for name in names}


def normal(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()


def test_the_wheel_holds_the_suite_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    tracked = subprocess.run(["git", "ls-files", "servanda"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert {name.partition("/")[0] for name in names} == {"servanda"}
    assert names >= set(tracked.stdout.split())
    assert names >= {"servanda/py.typed", "servanda/infra/stores/kafka/kafka.lock"}


def test_the_wheel_declares_every_library_that_it_imports(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        modules = [archive.read(name).decode() for name in archive.namelist() if name.endswith(".py")]
        (metadata,) = [archive.read(name) for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
    requirements = email.message_from_bytes(metadata).get_all("Requires-Dist", [])
    declared = {normal(re.split(r"[^\w.-]", requirement)[0]) for requirement in requirements}
    # The last is a part of the standard library from Python 3.14 on.
    packages = set().union(*map(imported, modules)) - sys.stdlib_module_names - {"servanda", "compression"}
    # pytest is there wherever its plugin is loaded.
    givers = {name: {normal(giver) for giver in packages_distributions()[name]} for name in packages - {"pytest"}}
    assert {name for name, distributions in givers.items() if not distributions & declared} == set()


def test_an_installed_suite_answers_without_the_platform(interpreter: Path, libraries: dict[str, str]) -> None:
    servanda = interpreter.with_name("servanda")
    version = subprocess.run([servanda, "--version"], env=libraries, capture_output=True, text=True, check=True)
    assert re.fullmatch(r"servanda, version \d+\.\d+\.\d+\n", version.stdout)
    find = (
        "import importlib.util as u, servanda; print(servanda.__file__, *map(u.find_spec, ['platformkit', 'services']))"
    )
    found = subprocess.run([interpreter, "-P", "-c", find], env=libraries, capture_output=True, text=True, check=True)
    assert found.stdout.split()[0].startswith(str(interpreter.parents[1]))
    assert found.stdout.split()[1:] == ["None", "None"]


def test_an_installed_suite_reads_a_repository_of_its_own(
    interpreter: Path, libraries: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "servanda.toml").write_text('[interfaces]\nroot = "proto"\n')
    proto = tmp_path / "proto" / "shop" / "v1" / "shop.proto"
    proto.parent.mkdir(parents=True)
    proto.write_text('syntax = "proto3";\npackage shop.v1;\nmessage Item {\n  text name = 1;\n}\n')
    command = [str(interpreter.with_name("servanda")), "release", "1.0.0"]
    done = subprocess.run(command, env=libraries, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "shop/v1/shop.proto:4:3" in done.stderr
