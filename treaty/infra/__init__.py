"""The real stores that a run needs, one folder per way of providing them."""

from treaty.infra.choice import Choice, Kind
from treaty.infra.endpoints import Endpoints, KafkaEndpoint, PostgresEndpoint, RedisEndpoint
from treaty.infra.events import (
    Event,
    Listener,
    StoreFailed,
    StorePreparing,
    StoreReady,
    StoreStarting,
    StoreStopped,
    ignore,
)
from treaty.infra.isolation import Namespace, database_template, isolate
from treaty.infra.provision import start
from treaty.infra.selection import choose

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
