"""The recorded contracts are what the libraries of today write."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.interop import toolchains
from tests.integration.interop.conftest import ROOT, normalized

RECORDED = Path(__file__).parent / "recorded"
WRITERS = Path(__file__).parent / "writers"


def same(written: Path, library: str) -> None:
    """Compare what a library wrote; ``UPDATE_RECORDED=1`` keeps it instead."""
    kept = RECORDED / library
    if os.environ.get("UPDATE_RECORDED"):
        shutil.copytree(written, kept, dirs_exist_ok=True)
    assert sorted(path.name for path in written.iterdir()) == sorted(path.name for path in kept.iterdir())
    for path in kept.iterdir():
        assert normalized(written / path.name) == normalized(path), path.name


@pytest.mark.timeout(600)
def test_what_pact_js_writes_is_recorded(orders: Path, tmp_path: Path) -> None:
    program = str(shutil.copy(WRITERS / "write.mjs", orders / "web" / "write.mjs"))
    toolchains.run("node", [toolchains.program("node"), program, str(tmp_path / "pacts")], tmp_path, **QUIET)
    same(tmp_path / "pacts", "pact-js")


@pytest.mark.timeout(600)
def test_what_pact_jvm_writes_is_recorded(java: str, classes: str, tmp_path: Path) -> None:
    command = [java, "-cp", classes, str(WRITERS / "Write.java"), str(tmp_path / "pacts")]
    toolchains.run("mvn", command, tmp_path, **QUIET)
    same(tmp_path / "pacts", "pact-jvm")


def test_what_pact_python_writes_is_recorded(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.integration.interop.described", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **QUIET}, capture_output=True, check=True)
    same(tmp_path, "pact-python")


QUIET = {"PACT_DO_NOT_TRACK": "true"}
