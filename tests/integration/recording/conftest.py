"""A consumer's repository, made of the code blocks of the how-to guide."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from treaty.compatibility.compiler import run_protoc

GUIDE = Path(__file__).parents[3] / "docs" / "how-to" / "consumer-tests.md"
BLOCK = re.compile(
    r"^```(?:toml|proto|python)\n(?:#|//) (?P<path>\S+)\n(?P<content>.*?)^```$", re.MULTILINE | re.DOTALL
)
PYTEST_INI = """
[pytest]
addopts = -p treaty.recording.pytest_plugin -p no:cacheprovider --import-mode=importlib
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
        (self.folder / f"test_{name}.py").write_text(f"import grpc, httpx\n\n\ndef test_{name}(pact_with):\n{lines}\n")

    def record(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-q", *arguments],
            cwd=self.folder,
            env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **environment},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def project(tmp_path: Path) -> ConsumerProject:
    return create(tmp_path)


@pytest.fixture(scope="module")
def shared_project(tmp_path_factory: pytest.TempPathFactory) -> ConsumerProject:
    return create(tmp_path_factory.mktemp("shared"))


def create(folder: Path) -> ConsumerProject:
    files = {found["path"]: found["content"] for found in BLOCK.finditer(GUIDE.read_text(encoding="utf-8"))}
    for path, content in {**files, "pytest.ini": PYTEST_INI}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content, encoding="utf-8")
    output = (f"--python_out={folder}", f"--grpc_python_out={folder}")
    run_protoc(folder / "proto", ["shop/v1/shop.proto"], *output)
    return ConsumerProject(folder)
