"""The process that keeps stores for several others."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from servanda.errors import ExtensionError
from servanda.infra.keeper import StoreUser, known

pytestmark = pytest.mark.infrastructure

_TRAP = "import pathlib; pathlib.Path(__file__).with_name('trapped').touch()"


Until = Callable[[Callable[[], object]], None]
Listens = Callable[[int], bool]


@pytest.fixture
def user(tmp_path: Path) -> Iterator[StoreUser]:
    with StoreUser(tmp_path / "stores") as user:
        yield user


def test_a_store_that_somebody_asks_for_later_is_started_then(user: StoreUser) -> None:
    first = user.obtain(["redis"], "embedded")
    assert set(known(user.folder).stores) == {"redis"}
    both = user.obtain(["postgres", "redis"], "embedded")
    assert (set(both.stores), both.redis) == ({"postgres", "redis"}, first.redis)


def test_stores_stay_until_the_last_user_leaves(user: StoreUser, until: Until, listens: Listens) -> None:
    other = StoreUser(user.folder)
    port = user.obtain(["redis"], "embedded").redis.port
    assert other.obtain(["redis"], "embedded").redis.port == port
    user.leave()
    assert listens(port)
    other.leave()
    until(lambda: not listens(port))


def test_stores_that_were_stopped_are_started_anew_for_who_asks_then(user: StoreUser, until: Until) -> None:
    before = user.obtain(["redis"], "embedded")
    user.leave()
    until(lambda: not known(user.folder).stores)
    assert user.obtain(["redis"], "embedded") != before


def test_the_keeper_runs_no_code_of_the_working_directory(
    user: StoreUser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("servanda", "filelock", "redis", "psycopg", "sitecustomize"):
        (tmp_path / f"{name}.py").write_text(_TRAP)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((".", str(tmp_path))))
    assert user.obtain(["redis"], "embedded") == known(user.folder)
    assert not (tmp_path / "trapped").exists()


def test_what_carries_the_passwords_is_private(user: StoreUser) -> None:
    endpoints = user.obtain(["redis"], "embedded")
    file = user.folder / "redis.json"
    assert json.loads(file.read_text())["password"] == endpoints.redis.password
    assert (file.stat().st_mode & 0o777, user.folder.stat().st_mode & 0o777) == (0o600, 0o700)


def test_an_unknown_store_is_refused_at_once(user: StoreUser) -> None:
    with pytest.raises(ExtensionError, match="unknown store 'oracle'"):
        user.obtain(["oracle"])
