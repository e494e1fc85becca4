"""Toolchains of other languages: a test that needs one says so where it is missing, and fails where it must not be."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NoReturn

import pytest

REQUIRED: Final = "SERVANDA_REQUIRED_TOOLS"
"""Names, separated by spaces, of the programs whose tests must run: CI proves what they prove."""
_ELSEWHERE: Final = "/usr/local/go/bin"


def program(name: str) -> str:
    """The path of a program, or the end of the test."""
    found = shutil.which(name) or shutil.which(name, path=_ELSEWHERE)
    return found or lacking(name, f"'{name}' is not installed")


def run(tool: str, command: Sequence[str], folder: Path, **environment: str) -> None:
    """Run a command that gets packages from a registry; without one, its tests cannot run either."""
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        lacking(tool, f"'{' '.join(command)}' failed: {(done.stderr or done.stdout)[-2000:]}")


def lacking(tool: str, why: str) -> NoReturn:
    if tool in os.environ.get(REQUIRED, "").split():
        pytest.fail(f"{why}, and {REQUIRED} has '{tool}'")
    pytest.skip(why)
