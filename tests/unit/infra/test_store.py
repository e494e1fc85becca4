import importlib
from contextlib import AbstractContextManager

import pytest

from servanda.errors import ExtensionError, InfrastructureError
from servanda.extensions import STORES
from servanda.infra import Endpoint, Endpoints, KafkaEndpoint, Provisioning, RedisEndpoint, StoreKind, isolate
from servanda.infra.store import placeholders, store_kind
from servanda.verdict import StoreFact

REDIS = RedisEndpoint("cache", 6379, "redis://cache:6379/0", StoreFact("redis", "embedded", "Redis 8"))
KAFKA = KafkaEndpoint("broker:9092", StoreFact("kafka", "embedded", "Kafka 4"))


@pytest.mark.parametrize("store", STORES.built_in)
def test_a_store_has_a_module_for_each_way_and_one_for_its_isolation(store: str) -> None:
    row = store_kind(store)
    assert row.name == store
    modules = [importlib.import_module(f"{row.package}.{way}") for way in row.ways]
    assert all(callable(module.start) for module in modules)
    assert callable(importlib.import_module(f"{row.package}.isolation").isolate)


def test_a_store_tells_the_ways_in_which_it_can_be_provided() -> None:
    assert StoreKind("a-b", "a", RedisEndpoint).ways == (Provisioning.EMBEDDED,)
    assert StoreKind("a-b", "a", RedisEndpoint, address="A", image="a:1", embedded=False).ways == (
        Provisioning.DOCKER,
        Provisioning.EXTERNAL,
    )


def test_variables_are_named_after_the_store() -> None:
    row = StoreKind("a-b", "a", RedisEndpoint)
    assert (row.way_variable, row.image_variable) == ("SERVANDA_INFRA_A_B", "SERVANDA_A_B_IMAGE")


def test_an_unknown_store_is_an_error() -> None:
    with pytest.raises(ExtensionError, match="unknown store 'oracle'"):
        store_kind("oracle")


def test_everything_of_an_endpoint_but_its_fact_is_a_placeholder() -> None:
    assert placeholders("kafka", KAFKA) == {"kafka.bootstrap": "broker:9092"}


@pytest.mark.parametrize("endpoint", [REDIS, KAFKA])
def test_a_store_without_templates_refuses_one(endpoint: Endpoint) -> None:
    store = endpoint.fact.store
    with pytest.raises(InfrastructureError, match=f"{store} has no templates"):
        entered(isolate(Endpoints({store: endpoint}), templates={store: "prepared"}))


def test_a_template_for_a_store_that_was_not_started_is_an_error() -> None:
    with pytest.raises(InfrastructureError, match="postgres was not started"):
        entered(isolate(Endpoints({"redis": REDIS}), templates={"postgres": "prepared"}))


def entered(context: AbstractContextManager[object]) -> None:
    with context:
        pytest.fail("it was entered")
