"""What a test is told of stores that cannot be brought up, by the process that keeps them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from servanda.errors import InfrastructureError
from servanda.infra.keeper import StoreUser

REDIS = ["redis"]


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StoreUser]:
    """A process that nothing of this host's environment helps."""
    for store in ("POSTGRES", "REDIS", "KAFKA"):
        monkeypatch.delenv(f"SERVANDA_INFRA_{store}", raising=False)
    for name in ("POSTGRES_DSN", "REDIS_URL", "KAFKA_BOOTSTRAP_SERVERS"):
        monkeypatch.delenv(name, raising=False)
    with StoreUser(tmp_path / "stores") as user:
        yield user


def test_an_unknown_way_is_told(user: StoreUser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVANDA_INFRA", "podman")
    with pytest.raises(InfrastructureError, match="unknown provisioning of stores 'podman'") as caught:
        user.obtain(REDIS)
    assert (caught.value.where, caught.value.hint) == ("SERVANDA_INFRA", "use auto, docker, embedded, external")


def test_an_address_that_is_missing_is_told(user: StoreUser) -> None:
    with pytest.raises(InfrastructureError, match="REDIS_URL is not set"):
        user.obtain(REDIS, "external")


def test_an_engine_that_is_missing_is_told(user: StoreUser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    with pytest.raises(InfrastructureError, match="the Docker engine is not reachable"):
        user.obtain(REDIS, "docker")


def test_a_home_that_cannot_be_written_is_told(user: StoreUser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SERVANDA_CACHE", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", "/proc")
    with pytest.raises(InfrastructureError, match="postgres could not be started") as caught:
        user.obtain(["postgres"], "embedded")
    assert "SERVANDA_CACHE" in str(caught.value.hint)


def test_a_first_run_without_a_network_is_told(
    user: StoreUser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SERVANDA_CACHE", str(tmp_path / "empty"))
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("no_proxy", "")
    with pytest.raises(InfrastructureError, match="could not be downloaded"):
        user.obtain(["kafka"], "embedded")


def test_everybody_who_asks_is_told_the_same(user: StoreUser) -> None:
    other = StoreUser(user.folder)
    with pytest.raises(InfrastructureError, match="REDIS_URL is not set"):
        user.obtain(REDIS, "external")
    with pytest.raises(InfrastructureError, match="REDIS_URL is not set"):
        other.obtain(REDIS, "embedded")
    other.leave()


def test_what_is_wrong_with_one_store_is_no_matter_for_another(user: StoreUser) -> None:
    with pytest.raises(InfrastructureError, match="KAFKA_BOOTSTRAP_SERVERS is not set"):
        user.obtain(["kafka"], "external")
    with pytest.raises(InfrastructureError, match="REDIS_URL is not set"):
        user.obtain(REDIS, "external")


def test_nothing_is_left_of_stores_that_could_not_be_brought_up(tmp_path: Path) -> None:
    with StoreUser(tmp_path / "stores") as user, pytest.raises(InfrastructureError):
        user.obtain(REDIS, "misspelt")
    assert not user.folder.exists()
