"""The process that keeps stores for several others."""

import json
import os
from pathlib import Path

import pytest

from servanda.errors import ExtensionError, InfrastructureError
from servanda.infra.keeper import Owner, known, obtain

pytestmark = pytest.mark.infrastructure

_TRAP = "import pathlib; pathlib.Path(__file__).with_name('trapped').touch()"


def test_the_keeper_runs_no_code_of_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("servanda", "filelock", "redis", "psycopg", "sitecustomize"):
        (tmp_path / f"{name}.py").write_text(_TRAP)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((".", str(tmp_path))))
    with Owner() as owner:
        assert obtain(owner.folder, ["redis"], "embedded") == known(owner.folder)
    assert not (tmp_path / "trapped").exists()


def test_what_carries_the_passwords_is_private() -> None:
    with Owner() as owner:
        endpoints = obtain(owner.folder, ["redis"], "embedded")
        file = owner.folder / "redis" / "endpoints.json"
        assert json.loads(file.read_text())["redis"]["password"] == endpoints.redis.password
        assert (file.stat().st_mode & 0o777, owner.folder.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_store_is_started_when_somebody_first_asks_for_it() -> None:
    with Owner() as owner:
        assert known(owner.folder) is None
        first = obtain(owner.folder, ["redis"], "embedded")
        assert list(first) == ["redis"]
        both = obtain(owner.folder, ["redis", "postgres"], "embedded")
        assert (both["redis"], set(both)) == (first["redis"], {"postgres", "redis"})
        assert known(owner.folder) == both
    assert not owner.folder.exists()


def test_everybody_who_asks_for_a_store_that_failed_is_told_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REDIS_URL", raising=False)
    with Owner() as owner:
        for _ in range(2):
            with pytest.raises(InfrastructureError, match="redis is to come from the environment"):
                obtain(owner.folder, ["redis"], "external")


def test_an_unknown_store_is_refused_at_once() -> None:
    with Owner() as owner, pytest.raises(ExtensionError, match="there is no store 'oracle'"):
        obtain(owner.folder, ["oracle"])
