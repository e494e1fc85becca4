"""Redis: a namespace is a prefix of keys."""

from servanda.infra.store import StoreKind
from servanda.infra.stores.redis.endpoint import NAME, RedisEndpoint

STORE = StoreKind(NAME, package=__name__, endpoint=RedisEndpoint, address="REDIS_URL", image="redis:8.2")
