"""The process that keeps stores for several others."""

import json
import os
from pathlib import Path

import pytest

from servanda.configuration import Store
from servanda.infra.keeper import Owner, known, obtain

pytestmark = pytest.mark.infrastructure

_TRAP = "import pathlib; pathlib.Path(__file__).with_name('trapped').touch()"


def test_the_keeper_runs_no_code_of_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("servanda", "filelock", "redis", "psycopg", "sitecustomize"):
        (tmp_path / f"{name}.py").write_text(_TRAP)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((".", str(tmp_path))))
    with Owner() as owner:
        assert obtain(owner.folder, [Store.REDIS], "embedded") == known(owner.folder)
    assert not (tmp_path / "trapped").exists()


def test_what_carries_the_passwords_is_private() -> None:
    with Owner() as owner:
        endpoints = obtain(owner.folder, [Store.REDIS], "embedded")
        file = owner.folder / "endpoints.json"
        assert json.loads(file.read_text())["redis"]["password"] == endpoints.redis.password
        assert (file.stat().st_mode & 0o777, owner.folder.stat().st_mode & 0o777) == (0o600, 0o700)
