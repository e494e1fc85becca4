"""Addresses of the stores of a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from types import MappingProxyType
from typing import Any, Self, TypeVar

from servanda.configuration import Store
from servanda.errors import InfrastructureError
from servanda.extensions import STORES
from servanda.infra.store import Endpoint, placeholders, store_kind
from servanda.verdict import StoreFact

_E = TypeVar("_E", bound=Endpoint)


class AbsentStoreError(InfrastructureError, KeyError, AttributeError):
    """A store was not started for this run."""

    def __init__(self, store: Store) -> None:
        super().__init__(
            f"{store} was not started for this run",
            hint=f"name '{store}' in start(), or request the fixture servanda_{store}",
        )


@dataclass(frozen=True, slots=True)
class Endpoints(Mapping[Store, Endpoint]):
    """The stores of a run by name. Asking for one that was not started is an error, not None.

    ``endpoints.postgres`` is short for ``endpoints["postgres"]``; ``endpoints.of(PostgresEndpoint)`` has the type too.
    """

    stores: Mapping[Store, Endpoint] = field(default_factory=lambda: MappingProxyType({}))

    def __getitem__(self, store: Store) -> Endpoint:
        if store not in self.stores:
            raise AbsentStoreError(store)
        return self.stores[store]

    def __iter__(self) -> Iterator[Store]:
        return iter(self.stores)

    def __len__(self) -> int:
        return len(self.stores)

    def __getattr__(self, name: str) -> Any:
        # What copies and pickles looks for attributes before there are any.
        if name.startswith("_") or name == "stores":
            raise AttributeError(name)
        return self[name]

    def of(self, kind: type[_E]) -> _E:
        """Return the store whose endpoint is of this class.

        Raises:
            InfrastructureError: None was started.
        """
        found = next((endpoint for endpoint in self.stores.values() if isinstance(endpoint, kind)), None)
        if found is None:
            raise InfrastructureError(
                f"no store with a {kind.__name__} was started for this run",
                hint=f"started: {', '.join(self.stores) or 'none'}",
            )
        return found

    @property
    def facts(self) -> tuple[StoreFact, ...]:
        """Return version and provisioning of each store, in a fixed order."""
        return tuple(self.stores[store].fact for store in STORES.ordered(self.stores))

    def placeholders(self) -> Mapping[str, str]:
        """Return values by the names that a service's configuration may use, for example ``postgres.host``."""
        values: dict[str, str] = {}
        for store, endpoint in self.stores.items():
            values |= placeholders(store, endpoint)
        return MappingProxyType(values)

    def to_document(self) -> dict[str, dict[str, object]]:
        """Return the same as JSON values, for another process of the run."""
        return {store: asdict(endpoint) for store, endpoint in self.stores.items()}

    @classmethod
    def from_document(cls, document: Mapping[str, Mapping[str, Any]]) -> Self:
        """Return the endpoints that :meth:`to_document` described.

        Raises:
            ExtensionError: It names a store that does not exist here.
        """
        stores: dict[Store, Endpoint] = {}
        for store, values in document.items():
            stores[store] = store_kind(store).endpoint(**{**values, "fact": StoreFact(**values["fact"])})
        return cls(MappingProxyType(stores))
