import json
from copy import copy

import pytest

from servanda.configuration import Store
from servanda.errors import InfrastructureError
from servanda.extensions import STORES
from servanda.infra import Endpoints, KafkaEndpoint, PostgresEndpoint, RedisEndpoint
from servanda.verdict import StoreFact

_POSTGRES = PostgresEndpoint("db", 5432, "me", "s/e:c", "mine", StoreFact("postgres", "embedded", "PostgreSQL 18.6"))
_REDIS = RedisEndpoint.of("cache", 6379, "s/e:c", StoreFact("redis", "docker", "Redis 8"))
_KAFKA = KafkaEndpoint("broker:9092", StoreFact("kafka", "external", "Apache Kafka 4.3.0"))
_ALL = Endpoints({"kafka": _KAFKA, "redis": _REDIS, "postgres": _POSTGRES})


def test_a_dsn_survives_characters_that_mean_something_in_it() -> None:
    assert _POSTGRES.dsn == "postgresql://me:s%2Fe%3Ac@db:5432/mine"


@pytest.mark.parametrize("store", list(STORES.built_in))
def test_a_store_that_was_not_started_cannot_be_asked_for(store: Store) -> None:
    with pytest.raises(InfrastructureError, match=f"{store} was not started"):
        getattr(Endpoints({}), store)


def test_placeholders_are_those_that_a_service_may_use() -> None:
    assert dict(_ALL.placeholders()) == {
        "postgres.host": "db",
        "postgres.port": "5432",
        "postgres.user": "me",
        "postgres.password": "s/e:c",
        "postgres.database": "mine",
        "redis.host": "cache",
        "redis.port": "6379",
        "redis.url": "redis://:s%2Fe%3Ac@cache:6379/0",
        "redis.password": "s/e:c",
        "kafka.bootstrap": "broker:9092",
    }


def test_facts_come_in_a_fixed_order() -> None:
    assert [fact.store for fact in _ALL.facts] == ["postgres", "redis", "kafka"]


def test_another_process_reads_the_same_endpoints() -> None:
    assert Endpoints.from_document(json.loads(json.dumps(_ALL.to_document()))) == _ALL


def test_a_store_is_found_by_name_by_attribute_and_by_class() -> None:
    assert _ALL["redis"] == _ALL.redis == _ALL.of(RedisEndpoint) == _REDIS


def test_a_class_of_which_no_store_was_started_is_named() -> None:
    with pytest.raises(InfrastructureError, match="no store with a PostgresEndpoint was started") as caught:
        Endpoints({"redis": _REDIS}).of(PostgresEndpoint)
    assert caught.value.hint == "started: redis"


def test_endpoints_are_a_mapping_by_store() -> None:
    assert dict(_ALL) == {"kafka": _KAFKA, "redis": _REDIS, "postgres": _POSTGRES}
    assert Endpoints({"redis": _REDIS}).get("kafka") is None


def test_endpoints_can_be_copied() -> None:
    assert copy(_ALL) == _ALL


def test_passwords_are_not_shown() -> None:
    shown = repr(_ALL)
    assert "cache" in shown
    assert "s/e:c" not in shown
    assert "s%2Fe%3Ac" not in shown
