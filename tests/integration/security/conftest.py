"""Repositories as strangers send them: a fresh clone, checked out at their change."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ORDER = 'syntax = "proto3";\npackage shop.v1;\nmessage Order {\n  string order_id = 1;\n  int32 quantity = 2;\n}\n'
PACT = {
    "consumer": {"name": "web"},
    "provider": {"name": "shop"},
    "interactions": [
        {"description": "an order", "request": {"method": "GET", "path": "/"}, "response": {"status": 200}}
    ],
    "metadata": {"pactSpecification": {"version": "3.0.0"}},
}
BEFORE: Mapping[str, str] = {
    "servanda.toml": '[interfaces]\nlint = true\n[services.shop]\ncommand = ["{python}", "shop.py"]\n',
    "proto/shop/v1/order.proto": ORDER,
    "contracts/pacts/web-shop.json": json.dumps(PACT),
}
# What every change here breaks, whatever else it brings.
BREAK: Mapping[str, str] = {"proto/shop/v1/order.proto": ORDER.replace("  int32 quantity = 2;\n", "")}


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=Eve", "-c", "user.email=eve@example.org", "-c", "init.defaultBranch=main")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


def write(folder: Path, files: Mapping[str, str]) -> None:
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
        if content.startswith("#!"):
            file.chmod(0o755)


@dataclass(frozen=True)
class Stranger:
    """A change that somebody sends.

    Attributes:
        canary: File that does not exist as long as nothing of the change is run.
        environ: Variables of whoever checks it.
    """

    folder: Path
    canary: Path
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def clone(self) -> Path:
        """Where the change is checked out."""
        return self.folder / "clone"

    @property
    def program(self) -> str:
        """A program that leaves the canary behind."""
        return f"#!/bin/sh\ntouch '{self.canary}'\n"

    @property
    def module(self) -> str:
        """A module that leaves the canary behind when it is imported."""
        return f"open({str(self.canary)!r}, 'w').close()\n"

    def send(self, files: Mapping[str, str]) -> None:
        """Commit the break and these files on a branch, and clone it."""
        origin = self.folder / "origin"
        write(origin, BEFORE)
        git(origin, "init", "--quiet")
        git(origin, "add", ".")
        git(origin, "commit", "--quiet", "--message", "before")
        git(origin, "switch", "--quiet", "--create", "change")
        write(origin, {**BREAK, **files})
        git(origin, "add", "--force", ".")
        git(origin, "commit", "--quiet", "--message", "change")
        git(origin, "switch", "--quiet", "main")  # what origin/HEAD becomes in a clone
        git(self.folder, "clone", "--quiet", "--branch", "change", str(origin), "clone")

    def run(self, *arguments: str, start: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
        """Run the suite in the clone, as the installed program does."""
        servanda = Path(sys.executable).with_name("servanda")
        cache = {"SERVANDA_CACHE": str(self.folder / "cache")}
        return subprocess.run(
            [*(start or (str(servanda),)), *arguments],
            cwd=self.clone,
            env={**os.environ, **cache, **self.environ},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )


@pytest.fixture
def stranger(tmp_path: Path) -> Stranger:
    (tmp_path / "origin").mkdir()
    return Stranger(tmp_path, tmp_path / "canary")
