from pathlib import Path

import pytest

from servanda.errors import InfrastructureError
from servanda.infra import Provisioning, RedisEndpoint, StoreKind, choose
from servanda.infra.selection import decide

_ADDRESSES = {
    "POSTGRES_DSN": "postgresql://me@db/mine",
    "REDIS_URL": "redis://cache:6379/1",
    "KAFKA_BOOTSTRAP_SERVERS": "broker:9092",
}


def _yes(_image: str) -> bool:
    return True


def _no(_image: str) -> bool:
    return False


def test_an_address_in_the_environment_wins() -> None:
    assert set(choose(None, _ADDRESSES, _yes).kinds.values()) == {Provisioning.EXTERNAL}


def test_an_engine_with_the_image_comes_next() -> None:
    assert set(choose(None, {}, _yes).kinds.values()) == {Provisioning.DOCKER}


def test_without_address_and_engine_the_stores_are_embedded() -> None:
    assert set(choose(None, {}, _no).kinds.values()) == {Provisioning.EMBEDDED}


def test_each_store_is_decided_for_itself() -> None:
    choice = choose("auto", {"REDIS_URL": "redis://cache"}, lambda image: image.startswith("postgres"))
    assert choice.kinds == {
        "postgres": Provisioning.DOCKER,
        "redis": Provisioning.EXTERNAL,
        "kafka": Provisioning.EMBEDDED,
    }


def test_the_environment_decides_for_all() -> None:
    assert set(choose(None, {"SERVANDA_INFRA": "embedded"}, _yes).kinds.values()) == {Provisioning.EMBEDDED}


def test_what_the_caller_says_beats_the_environment() -> None:
    assert set(choose("docker", {"SERVANDA_INFRA": "embedded"}, _no).kinds.values()) == {Provisioning.DOCKER}


def test_a_store_of_its_own_beats_what_is_said_for_all() -> None:
    choice = choose("docker", {"SERVANDA_INFRA_KAFKA": "embedded"}, _yes)
    assert choice.kinds["kafka"] is Provisioning.EMBEDDED
    assert choice.kinds["redis"] is Provisioning.DOCKER


def test_the_engine_is_asked_for_the_image_that_would_run() -> None:
    asked: list[str] = []

    def offers(image: str) -> bool:
        asked.append(image)
        return True

    choose(None, {"SERVANDA_KAFKA_IMAGE": "mine/kafka:1"}, offers)
    assert "mine/kafka:1" in asked


def test_the_engine_is_not_asked_when_it_does_not_matter() -> None:
    def offers(image: str) -> bool:
        pytest.fail(f"asked for {image}")

    choose("embedded", {}, offers)


def test_an_unknown_way_names_the_known_ones() -> None:
    with pytest.raises(InfrastructureError, match="unknown provisioning of stores 'podman'") as caught:
        choose(None, {"SERVANDA_INFRA_REDIS": "podman"}, _no)
    assert caught.value.where == "SERVANDA_INFRA_REDIS"
    assert "embedded" in str(caught.value.hint)


def test_an_external_store_without_an_address_names_the_variable() -> None:
    with pytest.raises(InfrastructureError, match="POSTGRES_DSN is not set"):
        choose("external", {}, _yes)


def test_the_cache_can_be_somewhere_else(tmp_path: Path) -> None:
    assert choose("embedded", {"SERVANDA_CACHE": str(tmp_path)}).cache == tmp_path


def test_a_java_of_the_environment_is_a_candidate(tmp_path: Path) -> None:
    assert choose("embedded", {"JAVA_HOME": str(tmp_path)}).java == (tmp_path / "bin" / "java",)


def test_of_stores_that_are_not_needed_nothing_is_decided() -> None:
    environ = {"SERVANDA_INFRA_KAFKA": "no such way", "SERVANDA_INFRA_POSTGRES": "external"}
    assert choose("embedded", environ, _no, stores=["redis"]).kinds == {"redis": Provisioning.EMBEDDED}


def test_only_what_is_needed_is_decided() -> None:
    asked: list[str] = []

    def offers(image: str) -> bool:
        asked.append(image)
        return False

    assert choose(None, {}, offers, stores=["redis"]).kinds == {"redis": Provisioning.EMBEDDED}
    assert [image.partition(":")[0] for image in asked] == ["redis"]


def test_a_way_that_a_store_does_not_have_names_those_that_it_has() -> None:
    row = StoreKind("mongo", "acme.mongo", RedisEndpoint, address="MONGO_URL", embedded=False)
    with pytest.raises(InfrastructureError, match="mongo cannot be embedded, expected external") as caught:
        decide(row, "embedded", {}, _no)
    assert caught.value.hint == "set SERVANDA_INFRA_MONGO to external; an external store also needs MONGO_URL"


def test_a_store_that_this_host_cannot_provide_says_what_would_do() -> None:
    row = StoreKind("mongo", "acme.mongo", RedisEndpoint, address="MONGO_URL", image="mongo:8", embedded=False)
    with pytest.raises(InfrastructureError, match="mongo cannot be provided on this host") as caught:
        decide(row, "auto", {}, _no)
    assert "docker or external" in str(caught.value.hint)
