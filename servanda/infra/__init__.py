"""The real stores that a run needs, one package per store."""

from servanda.infra.choice import Choice, Provisioning
from servanda.infra.endpoints import Endpoints
from servanda.infra.events import (
    Event,
    Listener,
    StoreEnded,
    StoreFailed,
    StorePreparing,
    StoreReady,
    StoreStarting,
    StoreStopped,
    ignore,
)
from servanda.infra.isolation import Namespace, isolate
from servanda.infra.provision import start
from servanda.infra.selection import choose
from servanda.infra.store import Endpoint, StoreKind
from servanda.infra.stores.kafka.endpoint import KafkaEndpoint
from servanda.infra.stores.postgres.endpoint import PostgresEndpoint
from servanda.infra.stores.postgres.template import database_template
from servanda.infra.stores.redis.endpoint import RedisEndpoint

__all__ = [
    "Choice",
    "Endpoint",
    "Endpoints",
    "Event",
    "KafkaEndpoint",
    "Listener",
    "Namespace",
    "PostgresEndpoint",
    "Provisioning",
    "RedisEndpoint",
    "StoreEnded",
    "StoreFailed",
    "StoreKind",
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
