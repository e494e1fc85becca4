"""Where the stores of a run answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any, Self
from urllib.parse import quote

from servanda.configuration import Store
from servanda.errors import InfrastructureError
from servanda.verdict import StoreFact


@dataclass(frozen=True, slots=True)
class PostgresEndpoint:
    """Where PostgreSQL answers, and as whom: a role that may create databases and roles."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    database: str
    fact: StoreFact

    @property
    def dsn(self) -> str:
        """The connection string, as libpq and asyncpg read it."""
        who = f"{quote(self.user, safe='')}:{quote(self.password, safe='')}"
        return f"postgresql://{who}@{self.host}:{self.port}/{quote(self.database, safe='')}"


@dataclass(frozen=True, slots=True)
class RedisEndpoint:
    """Where Redis, or a server that speaks its protocol, answers; ``password`` is empty if it wants none."""

    host: str
    port: int
    url: str = field(repr=False)
    fact: StoreFact
    password: str = field(default="", repr=False)

    @classmethod
    def of(cls, host: str, port: int, password: str, fact: StoreFact) -> Self:
        """Make the endpoint of a server with a password for everybody, its first database."""
        return cls(host, port, f"redis://:{quote(password, safe='')}@{host}:{port}/0", fact, password)


@dataclass(frozen=True, slots=True)
class KafkaEndpoint:
    """Where a Kafka cluster answers; ``bootstrap`` is a comma-separated list of ``host:port``."""

    bootstrap: str
    fact: StoreFact


Endpoint = PostgresEndpoint | RedisEndpoint | KafkaEndpoint
_KINDS: Mapping[Store, type[Endpoint]] = MappingProxyType(
    {Store.POSTGRES: PostgresEndpoint, Store.REDIS: RedisEndpoint, Store.KAFKA: KafkaEndpoint}
)


@dataclass(frozen=True, slots=True)
class Endpoints:
    """The stores of a run. Asking for a store that was not started is an error, not None."""

    stores: Mapping[Store, Endpoint]

    @property
    def postgres(self) -> PostgresEndpoint:
        """Where PostgreSQL answers.

        Raises:
            InfrastructureError: It was not asked for.
        """
        found = self.stores.get(Store.POSTGRES)
        if not isinstance(found, PostgresEndpoint):
            raise _absent(Store.POSTGRES)
        return found

    @property
    def redis(self) -> RedisEndpoint:
        """Where Redis answers.

        Raises:
            InfrastructureError: It was not asked for.
        """
        found = self.stores.get(Store.REDIS)
        if not isinstance(found, RedisEndpoint):
            raise _absent(Store.REDIS)
        return found

    @property
    def kafka(self) -> KafkaEndpoint:
        """Where Kafka answers.

        Raises:
            InfrastructureError: It was not asked for.
        """
        found = self.stores.get(Store.KAFKA)
        if not isinstance(found, KafkaEndpoint):
            raise _absent(Store.KAFKA)
        return found

    @property
    def facts(self) -> tuple[StoreFact, ...]:
        """What each store is and how it was provided, in a fixed order."""
        return tuple(self.stores[store].fact for store in Store if store in self.stores)

    def placeholders(self) -> Mapping[str, str]:
        """Values by the names that a service's command and environment may use, for example ``postgres.host``."""
        values: dict[str, str] = {}
        for store, endpoint in self.stores.items():
            names = (attribute.name for attribute in fields(endpoint) if attribute.name != "fact")
            values |= {f"{store}.{name}": str(getattr(endpoint, name)) for name in names}
        return MappingProxyType(values)

    def with_database(self, database: str) -> Self:
        """The same stores, with another database of the same PostgreSQL."""
        return replace(self, stores={**self.stores, Store.POSTGRES: replace(self.postgres, database=database)})

    def to_document(self) -> dict[str, dict[str, object]]:
        """The same as JSON values, for another process of the run."""
        return {str(store): asdict(endpoint) for store, endpoint in self.stores.items()}

    @classmethod
    def from_document(cls, document: Mapping[str, Mapping[str, Any]]) -> Self:
        """The endpoints that :meth:`to_document` described."""
        stores: dict[Store, Endpoint] = {}
        for name, values in document.items():
            store = Store(name)
            stores[store] = _KINDS[store](**{**values, "fact": StoreFact(**values["fact"])})
        return cls(MappingProxyType(stores))


def _absent(store: Store) -> InfrastructureError:
    return InfrastructureError(
        f"{store} was not started for this run",
        hint=f"name Store.{store.name} in start(), or ask for the fixture servanda_{store}",
    )
