"""A part of the stores that one run or one test has for itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from uuid import uuid4

from servanda.configuration import Store
from servanda.infra.endpoints import AbsentStoreError, Endpoints
from servanda.infra.store import store_kind

_NO_TEMPLATES: Mapping[Store, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Namespace:
    """Parts of the stores that belong to one run or one test.

    Attributes:
        name: What each store knows its part by: the name of a database, a prefix of keys (``<name>:<rest>``), a suffix
            of topics and consumer groups (``<rest>.<name>``); lower-case letters and digits.
        endpoints: The stores, each with that part.
    """

    name: str
    endpoints: Endpoints


def new_name() -> str:
    """Return a name for a namespace that no other has."""
    return f"t{uuid4().hex[:12]}"


@contextmanager
def isolate(
    endpoints: Endpoints, *, templates: Mapping[Store, str] = _NO_TEMPLATES, name: str | None = None
) -> Iterator[Namespace]:
    """Give a namespace for as long as the context lasts.

    What the namespace holds is removed at its end: a database always; keys and topics only in stores that outlive the
    run. Nothing outside the namespace is touched.

    Args:
        endpoints: The stores of the run.
        templates: What the part of a store is a copy of, by store, for example
            :func:`servanda.infra.stores.postgres.template.database_template`; a part of any other is empty.
        name: Its name; a new one by default.

    Raises:
        InfrastructureError: A store refused, or has no templates.
    """
    own = name or new_name()
    for store in templates:
        if store not in endpoints.stores:
            raise AbsentStoreError(store)
    with ExitStack() as stack:
        parts = {
            store: stack.enter_context(store_kind(store).isolate(endpoint, own, templates.get(store)))
            for store, endpoint in endpoints.stores.items()
        }
        yield Namespace(own, Endpoints(MappingProxyType(parts)))
