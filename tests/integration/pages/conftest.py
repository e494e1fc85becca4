"""A host on which the wheel is installed, for pages whose examples run as they are printed."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path

import pytest
import uv

from tests.integration.pages.page import ROOT


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a virtual environment that has the wheel, and borrows the libraries of this one."""
    dist, folder = tmp_path_factory.mktemp("dist"), tmp_path_factory.mktemp("installed")
    uv_program = uv.find_uv_bin()
    subprocess.run([uv_program, "build", "--wheel", "--quiet", "--out-dir", str(dist), str(ROOT)], check=True)
    (wheel,) = dist.glob("*.whl")
    subprocess.run([uv_program, "venv", "--quiet", "--python", sys.executable, str(folder)], check=True)
    python = folder / "bin" / "python"
    install = [uv_program, "pip", "install", "--quiet", "--no-deps", "--python", str(python), str(wheel)]
    subprocess.run(install, check=True)
    (packages,) = (folder / "lib").glob("python*/site-packages")
    # A path alone: what is installed in place over there stays out of sight.
    (packages / "libraries.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    pytest_program = folder / "bin" / "pytest"
    pytest_program.write_text(f'#!/bin/sh\nexec "{python}" -m pytest "$@"\n')
    pytest_program.chmod(0o755)
    return folder / "bin"


@pytest.fixture
def environment(installed: Path, tmp_path: Path) -> Mapping[str, str]:
    """The environment of somebody who reads a page, without what this run of tests set for itself."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
    return {
        **own,
        "PATH": f"{installed}{os.pathsep}{os.environ['PATH']}",
        "NO_COLOR": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "GIT_CONFIG_GLOBAL": str(ROOT / "tests" / "integration" / "pages" / "gitconfig"),
        "GOFLAGS": "-mod=mod",
    }
