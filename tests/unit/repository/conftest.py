"""Repositories of somebody else, as the hook and the templates find them."""

from __future__ import annotations

import os
import sysconfig
from pathlib import Path

import pytest

from tests.unit.interfaces.conftest import Desk


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """An empty git repository on a host where the suite is installed."""
    monkeypatch.setenv("PATH", f"{sysconfig.get_path('scripts')}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("SERVANDA_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "pre-commit"))
    folder = tmp_path / "repository"
    folder.mkdir()
    desk = Desk(folder)
    desk.git("init", "--quiet")
    return desk
