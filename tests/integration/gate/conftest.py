"""A repository of its own, and the gate run on it as a user would."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from servanda.configuration import load
from servanda.interfaces.protobuf.inputs import Opener
from servanda.interfaces.protobuf.releases import release

SHOP = Path(__file__).parent / "shop"


@dataclass(frozen=True)
class Repository:
    """A copy of ``shop/`` whose contracts were reviewed and whose interfaces were released."""

    root: Path

    @property
    def service_started(self) -> bool:
        """Whether the service's process has ever run."""
        return (self.root / "started").exists()

    @property
    def service_pid(self) -> int:
        """Process id of the service that ran last."""
        return int((self.root / "started").read_text(encoding="utf-8"))

    def change(self, file: str, before: str, after: str) -> None:
        """Seed a fault."""
        path = self.root / file
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text(text.replace(before, after), encoding="utf-8")

    def command(self, *options: str) -> list[str]:
        """The gate's command line."""
        servanda = Path(sys.executable).with_name("servanda")
        return [str(servanda), "--config", str(self.root / "servanda.toml"), "gate", *options]

    def gate(self, *options: str) -> subprocess.CompletedProcess[str]:
        """Run the gate to its end."""
        return subprocess.run(self.command(*options), capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture
def shop(tmp_path: Path) -> Repository:
    root = tmp_path / "shop"
    shutil.copytree(SHOP, root, ignore=shutil.ignore_patterns("__pycache__"))
    pacts = root / "contracts" / "pacts"
    pacts.mkdir(parents=True)
    environment = {**os.environ, "SERVANDA_PACT_DIR": str(pacts)}
    subprocess.run([sys.executable, "consumer.py"], cwd=root, env=environment, check=True)
    release(load(root / "servanda.toml"), "1.0.0", Opener(root, tmp_path / "cache"))
    return Repository(root)
