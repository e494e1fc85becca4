"""PostgreSQL: a namespace is a database."""

from servanda.infra.store import StoreKind
from servanda.infra.stores.postgres.endpoint import NAME, PostgresEndpoint

STORE = StoreKind(NAME, package=__name__, endpoint=PostgresEndpoint, address="POSTGRES_DSN", image="postgres:18.6")
