"""Services and the stores that they name, brought up together."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import pytest

from servanda.configuration import Service, Store
from servanda.errors import InfrastructureError
from servanda.infra import Choice, Endpoints, KafkaEndpoint, Listener, RedisEndpoint
from servanda.infra.store import Endpoint
from servanda.supervision import Event, Migrated, Plan, Ready
from servanda.supervision.stores import start_with_stores
from servanda.verdict import StoreFact

ENDPOINTS: dict[Store, Endpoint] = {
    "redis": RedisEndpoint("127.0.0.1", 6379, "redis://127.0.0.1:6379/0", StoreFact("redis", "8", "embedded")),
    "kafka": KafkaEndpoint("127.0.0.1:9092", StoreFact("kafka", "4", "embedded")),
}
ENVIRONMENT = {"HTTP_PORT": "{port.http}", "GREETING": "{kafka.bootstrap} {redis.url}"}


class SlowKafka:
    """Provides stores; Kafka only once a service was migrated, or never."""

    def __init__(self, *, fails: bool = False) -> None:
        self.fails = fails
        self.migrated = threading.Event()
        self.up: list[Store] = []

    def heard(self, event: Event) -> None:
        if isinstance(event, Migrated):
            self.migrated.set()

    @contextmanager
    def provide(self, stores: Iterable[Store], _choice: Choice, _listener: Listener) -> Iterator[Endpoints]:
        wanted = list(stores)
        if "kafka" in wanted and (self.fails or not self.migrated.wait(20)):
            raise InfrastructureError("kafka did not start")
        self.up += wanted
        yield Endpoints({store: ENDPOINTS[store] for store in wanted})
        self.up = [store for store in self.up if store not in wanted]


@pytest.fixture
def planned(server: Callable[..., Service], plan: Callable[..., Plan]) -> Plan:
    service = server(
        "a",
        stores=("redis", "kafka"),
        environment=ENVIRONMENT,
        migrate=("{python}", "-c", "import os; print(os.environ['WHERE'])"),
        migrate_environment={"WHERE": "{redis.url}"},
    )
    return plan(service)


async def test_a_migration_waits_for_the_stores_that_it_names_only(planned: Plan) -> None:
    kafka = SlowKafka()
    async with start_with_stores(planned, "embedded", services=kafka.heard, provide=kafka.provide) as running:
        service = running.service("a")
        assert service.environment["GREETING"] == "127.0.0.1:9092 redis://127.0.0.1:6379/0"
        assert [fact.store for fact in running.facts] == ["redis", "kafka"]
        assert set(kafka.up) == {"redis", "kafka"}
    assert kafka.up == []


async def test_a_store_that_does_not_start_ends_the_others_and_is_told(planned: Plan) -> None:
    events: list[Event] = []
    kafka = SlowKafka(fails=True)
    with pytest.raises(InfrastructureError, match="kafka did not start"):
        async with start_with_stores(planned, "embedded", services=events.append, provide=kafka.provide):
            pass
    assert kafka.up == []
    assert not [event for event in events if isinstance(event, Ready)]
