"""A consumer's repository, made of the code blocks of the how-to guide."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from servanda.interfaces.protobuf.compiler import run_protoc

GUIDE = Path(__file__).parents[3] / "docs" / "how-to" / "consumer-tests.md"
BLOCK = re.compile(
    r"^```(?:toml|proto|python)\n(?:#|//) (?P<path>\S+)\n(?P<content>.*?)^```$", re.MULTILINE | re.DOTALL
)
PYTEST_INI = """
[pytest]
addopts = -p servanda.pytest_plugin -p no:cacheprovider --import-mode=importlib
filterwarnings = error
pythonpath = .
"""


@dataclass(frozen=True)
class ConsumerProject:
    folder: Path

    @property
    def pact(self) -> Path:
        return self.folder / "contracts" / "pacts" / "basket-pricing.json"

    def add_test(self, name: str, body: str) -> None:
        """Add a test that has the guide's imports; ``pact`` is a contract between basket and pricing."""
        lines = "\n".join(
            f"    {line}" for line in ('pact = pact_with("basket", "pricing")', *body.strip().splitlines())
        )
        (self.folder / f"test_{name}.py").write_text(f"import grpc, httpx2\n\n\ndef test_{name}(pact_with):\n{lines}\n")

    def copy(self, folder: Path) -> "ConsumerProject":
        return ConsumerProject(Path(shutil.copytree(self.folder, folder)))

    def record(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-q", *arguments],
            cwd=self.folder,
            env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **environment},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="session")
def guide(tmp_path_factory: pytest.TempPathFactory) -> ConsumerProject:
    """The files of the guide, and the code that protoc makes of the definitions."""
    folder = tmp_path_factory.mktemp("guide")
    files = {found["path"]: found["content"] for found in BLOCK.finditer(GUIDE.read_text(encoding="utf-8"))}
    for path, content in {**files, "pytest.ini": PYTEST_INI}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content, encoding="utf-8")
    output = (f"--python_out={folder}", f"--grpc_python_out={folder}")
    run_protoc(folder / "proto", ["shop/v1/shop.proto"], *output)
    return ConsumerProject(folder)


@pytest.fixture(scope="session")
def guide_recorded(guide: ConsumerProject, tmp_path_factory: pytest.TempPathFactory) -> ConsumerProject:
    """The guide after all its tests ran."""
    recorded = guide.copy(tmp_path_factory.mktemp("recorded") / "project")
    done = recorded.record()
    assert done.returncode == 0, done.stdout
    return recorded


@pytest.fixture
def project(guide: ConsumerProject, tmp_path: Path) -> ConsumerProject:
    """A project of the test's own, before any test ran in it."""
    return guide.copy(tmp_path / "project")


@pytest.fixture
def recorded_project(guide_recorded: ConsumerProject, tmp_path: Path) -> ConsumerProject:
    """A project of the test's own whose contract was recorded already."""
    return guide_recorded.copy(tmp_path / "recorded")
