"""The real stores that a run needs, one folder per way of providing them."""

from servanda.infra.choice import Choice, Kind
from servanda.infra.endpoints import Endpoints, KafkaEndpoint, PostgresEndpoint, RedisEndpoint
from servanda.infra.events import (
    Event,
    Listener,
    StoreFailed,
    StorePreparing,
    StoreReady,
    StoreStarting,
    StoreStopped,
    ignore,
)
from servanda.infra.isolation import Namespace, database_template, isolate
from servanda.infra.provision import start
from servanda.infra.selection import choose

__all__ = [
    "Choice",
    "Endpoints",
    "Event",
    "KafkaEndpoint",
    "Kind",
    "Listener",
    "Namespace",
    "PostgresEndpoint",
    "RedisEndpoint",
    "StoreFailed",
    "StorePreparing",
    "StoreReady",
    "StoreStarting",
    "StoreStopped",
    "choose",
    "database_template",
    "ignore",
    "isolate",
    "start",
]
