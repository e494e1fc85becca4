"""The wheel, and Pythons of their own that it is installed in, with the versions of uv.lock."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import uv

ROOT = Path(__file__).parents[3]
_MINUTES = pytest.StashKey[dict[str, float]]()


@dataclass(frozen=True, slots=True)
class Installed:
    """A virtual environment with the suite and some of its extras."""

    folder: Path

    @property
    def packages(self) -> set[str]:
        listed = run_uv("pip", "list", "--format=freeze", "--python", str(self.folder))
        return {line.partition("==")[0] for line in listed.split()}

    @property
    def megabytes(self) -> float:
        """Size of what was installed, without what Python compiles of it."""
        files = (path for path in self.folder.rglob("*") if path.is_file() and path.suffix != ".pyc")
        return sum(path.lstat().st_size for path in files) / 1e6

    def program(self, name: str) -> str:
        return str(self.folder / "bin" / name)

    def run(self, *command: str, cwd: Path, **given: str) -> subprocess.CompletedProcess[str]:
        """Run a program of the environment as a user who has nothing else, with a home of their own."""
        home = cwd.parent / "home"
        home.mkdir(exist_ok=True)
        environ = {
            "PATH": os.pathsep.join([str(self.folder / "bin"), "/usr/bin", "/bin"]),
            "HOME": str(home),
            "PACT_DO_NOT_TRACK": "true",
            "PYTHONDONTWRITEBYTECODE": "1",
            **given,
        }
        whole = [self.program(command[0]), *command[1:]]
        return subprocess.run(whole, cwd=cwd, env=environ, capture_output=True, text=True, check=False, timeout=100)


def run_uv(*arguments: str) -> str:
    command = [uv.find_uv_bin(), "--quiet", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    run_uv("build", "--wheel", "--out-dir", str(folder), str(ROOT))
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The versions of uv.lock, as constraints."""
    file = tmp_path_factory.mktemp("locked") / "constraints.txt"
    file.write_text(run_uv("export", "--locked", "--all-groups", "--no-hashes", "--no-emit-project", "--no-annotate"))
    return file


@pytest.fixture(scope="session")
def install(wheel: Path, locked: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Installed]:
    """Installs requirements in a new environment; ``servanda`` is the wheel, with extras as in ``servanda[grpc]``."""

    def new(*requirements: str) -> Installed:
        folder = tmp_path_factory.mktemp("installed")
        run_uv("venv", "--python", sys.executable, "--clear", str(folder))
        wanted = (f"{each} @ {wheel.as_uri()}" if each.startswith("servanda") else each for each in requirements)
        run_uv("pip", "install", "--python", str(folder), "--constraints", str(locked), *wanted)
        return Installed(folder)

    return new


@pytest.fixture(scope="session")
def core(install: Callable[..., Installed]) -> Installed:
    """The suite without an extra."""
    return install("servanda")


@pytest.fixture(scope="session")
def core_with_pytest(install: Callable[..., Installed]) -> Installed:
    """The suite without an extra, beside what a consumer's tests have anyhow."""
    return install("servanda", "pytest")


@pytest.fixture(scope="session")
def minutes(request: pytest.FixtureRequest) -> dict[str, float]:
    """Minutes that each step took, to be printed at the end; no test asks how many they are."""
    return request.config.stash.setdefault(_MINUTES, {})


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the minutes of a newcomer."""
    if told := config.stash.get(_MINUTES, {}):
        terminalreporter.section("minutes of a newcomer")
        for what, spent in told.items():
            terminalreporter.line(f"{spent:5.2f}  {what}")
