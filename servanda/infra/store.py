"""Row of the table of stores: all that the suite knows of one kind of store."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import Field, dataclass, fields
from typing import Any, ClassVar, Protocol, cast

from servanda.configuration import Store
from servanda.errors import InfrastructureError
from servanda.extensions import STORES
from servanda.infra.choice import Provisioning
from servanda.verdict import StoreFact


class Endpoint(Protocol):
    """Address of a store: a dataclass of JSON values, each of which is a placeholder, besides ``fact``."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def fact(self) -> StoreFact:
        """Return version and provisioning of the store."""


Isolate = Callable[[Any, str, str | None], AbstractContextManager[Endpoint]]
"""Gives a part of the store at an endpoint to whoever has a name, as a copy of a template if one is named."""


@dataclass(frozen=True, slots=True)
class StoreKind:
    """A kind of store: everything specific to it is in its package.

    The package has a module for each way of providing the store, with a function ``start`` (see
    :class:`servanda.infra.bringup.Starter`), and a module ``isolation`` with a function ``isolate`` (see
    :data:`Isolate`). They are imported when they are used, so that their libraries are needed by nobody else.

    Attributes:
        name: Name in configurations and placeholders; lower-case letters, digits and hyphens.
        package: The package.
        endpoint: Class of its endpoints.
        address: Environment variable that names an external one; empty if it cannot be ``external``.
        image: What Docker runs unless the environment names another image; empty if it cannot come from ``docker``.
        embedded: Whether it can be ``embedded``.
    """

    name: str
    package: str
    endpoint: type[Endpoint]
    address: str = ""
    image: str = ""
    embedded: bool = True

    @property
    def ways(self) -> tuple[Provisioning, ...]:
        """Return how it can be provided."""
        has = {
            Provisioning.DOCKER: bool(self.image),
            Provisioning.EMBEDDED: self.embedded,
            Provisioning.EXTERNAL: bool(self.address),
        }
        return tuple(kind for kind in Provisioning if has[kind])

    @property
    def way_variable(self) -> str:
        """Return the environment variable that sets its provisioning."""
        return f"SERVANDA_INFRA_{self._upper}"

    @property
    def image_variable(self) -> str:
        """Return the environment variable that sets another image."""
        return f"SERVANDA_{self._upper}_IMAGE"

    @property
    def _upper(self) -> str:
        return self.name.upper().replace("-", "_")

    def isolate(self, endpoint: Endpoint, name: str, template: str | None) -> AbstractContextManager[Endpoint]:
        """Give a part of the store to whoever has this name; see :func:`servanda.infra.isolate`."""
        return cast("Isolate", STORES.module(self.name, f"{self.package}.isolation").isolate)(endpoint, name, template)


def store_kind(store: Store) -> StoreKind:
    """Load the row of a store.

    Raises:
        ExtensionError: There is no such store, or the distribution that adds it is broken.
    """
    found = STORES.load(store)
    if not isinstance(found, StoreKind):
        raise STORES.broken(store, f"is a {type(found).__name__}, expected a StoreKind")
    if found.name != store:
        raise STORES.broken(store, f"has the name '{found.name}'")
    return found


def placeholders(store: Store, endpoint: Endpoint) -> Mapping[str, str]:
    """Return what a service's command and environment may use of a store, for example ``postgres.host``."""
    names = (attribute.name for attribute in fields(endpoint) if attribute.name != "fact")
    return {f"{store}.{name}": str(getattr(endpoint, name)) for name in names}


def outlives_run(endpoint: Endpoint) -> bool:
    """Tell whether somebody else runs the store, so that what is left in it stays there."""
    return endpoint.fact.kind == Provisioning.EXTERNAL


def no_template(store: Store, template: str | None) -> None:
    """Refuse a template.

    Raises:
        InfrastructureError: There is one.
    """
    if template is not None:
        raise InfrastructureError(
            f"{store} has no templates: every namespace starts empty", hint=f"leave out the template for {store}"
        )
