"""Boundaries that hold for a service which nobody has listed anywhere."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
LINT = Path(sys.executable).with_name("lint-imports")

Plant = Callable[[dict[str, str]], subprocess.CompletedProcess[str]]


@pytest.fixture
def lint_with(tmp_path: Path) -> Plant:
    """Lints a copy of the services in which more modules stand, by path and content."""
    shutil.copy(ROOT / ".importlinter", tmp_path)
    shutil.copytree(ROOT / "services", tmp_path / "services", ignore=shutil.ignore_patterns("__pycache__"))

    def lint(modules: dict[str, str]) -> subprocess.CompletedProcess[str]:
        for name, content in modules.items():
            module = tmp_path / "services" / name
            module.parent.mkdir(parents=True, exist_ok=True)
            module.write_text(content)
            for folder in module.relative_to(tmp_path / "services").parents[:-1]:
                (tmp_path / "services" / folder / "__init__.py").touch()
        # The copy is found first: the command puts its working directory at the front of the path.
        command = [str(LINT), "--no-logo", "--no-cache"]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    return lint


def test_a_new_service_that_keeps_the_boundaries_passes(lint_with: Plant) -> None:
    found = lint_with({"xyz/domain/rule.py": "import dataclasses", "xyz/adapters/stub.py": "import grpc"})
    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize(
    ("module", "forbidden", "contract"),
    [
        pytest.param("xyz/domain/rule.py", "services.audit.domain.entry", "no service imports another", id="service"),
        pytest.param("xyz/adapters/x.py", "services.gateway.application", "no service imports another", id="gateway"),
        pytest.param("xyz/domain/rule.py", "grpc", "domain code uses no transport", id="transport"),
        pytest.param("xyz/domain/deep/rule.py", "asyncpg", "domain code uses no transport", id="storage"),
        pytest.param("xyz/domain/rule.py", "platformkit.status", "domain code uses no transport", id="kit"),
        pytest.param("xyz/domain/rule.py", "services.xyz.adapters", "the rooms of a service", id="adapters"),
        pytest.param("xyz/use_cases/x.py", "services.xyz.adapters", "the rooms of a service", id="upwards"),
        pytest.param("xyz/adapters/x.py", "servanda.errors", "the platform knows nothing of the suite", id="suite"),
    ],
)
def test_a_forbidden_import_in_a_new_service_is_named(
    lint_with: Plant, module: str, forbidden: str, contract: str
) -> None:
    needed = {"xyz/adapters/here.py": ""}
    found = lint_with({**needed, module: f"import {forbidden}\n"})
    assert found.returncode == 1, found.stdout
    importer = "services." + module.removesuffix(".py").replace("/", ".")
    said = " ".join(found.stdout.split())
    assert f"{contract}" in said
    assert importer in said
    assert forbidden.partition(".")[0] in said.partition("Broken contracts")[2]


def test_a_room_that_no_service_has_is_refused(lint_with: Plant) -> None:
    found = lint_with({"xyz/helpers.py": ""})
    assert found.returncode == 1
    assert "services.xyz.helpers" in found.stdout


def test_every_folder_of_a_service_is_a_package_that_the_linter_sees() -> None:
    # Migrations are read by alembic alone, by their place.
    sources = [path for path in (ROOT / "services").rglob("*.py") if path.parent.name != "migrations"]
    assert sources
    assert [path for path in sources if not (path.parent / "__init__.py").is_file()] == []
