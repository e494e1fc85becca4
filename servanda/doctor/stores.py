"""Diagnoses of stores: how each can be provided, and why not in another way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from servanda import infra
from servanda.configuration import Configuration, Store
from servanda.errors import InfrastructureError, ServandaError
from servanda.extensions import STORES
from servanda.extras import require
from servanda.infra.provision import require_way
from servanda.infra.selection import engine_offers
from servanda.infra.store import StoreKind, store_kind
from servanda.report.diagnosis import Diagnosis, Health

_AREA = "stores"


def store_diagnoses(
    configuration: Configuration | None,
    environ: Mapping[str, str],
    mode: str | None,
    listener: infra.Listener | None,
) -> Iterator[Diagnosis]:
    """Tell of each store how it would be provided.

    Args:
        configuration: Names the stores that are needed.
        environ: The environment, which chooses.
        mode: How stores are provided, see :func:`servanda.infra.choose`.
        listener: Hears of those that are started to see whether they do, one after the other: the needed ones, without
            a configuration all; ``None`` if none is to be started.
    """
    services = configuration.services.values() if configuration is not None else ()
    needed = frozenset(store for service in services for store in service.stores)
    for store in STORES.names():
        is_needed = store in needed
        try:
            yield _examined(store, environ, mode, listener if is_needed or configuration is None else None)
        except ServandaError as error:
            health = Health.MISSING if is_needed else Health.UNNEEDED
            yield Diagnosis(_AREA, store, health, error.what, (error.hint or "").strip())


def _examined(store: Store, environ: Mapping[str, str], mode: str | None, listener: infra.Listener | None) -> Diagnosis:
    row = store_kind(store)
    choice = infra.choose(mode, environ, stores=[store])
    kind = choice.kinds[store]
    _require(kind, store)
    if kind is infra.Provisioning.DOCKER and not engine_offers(choice.images[store]):
        hint = f"start an engine that has it or can pull it, or set {row.way_variable} to another provisioning"
        raise InfrastructureError(f"docker: no engine offers {choice.images[store]}", hint=hint)
    if listener is None:
        others = "; ".join(_others(row, kind, environ))
        address = f" at {choice.addresses[store]}" if kind is infra.Provisioning.EXTERNAL else ""
        return Diagnosis(_AREA, store, Health.FINE, f"{kind}{address}, not started{f' ({others})' if others else ''}")
    with infra.start([store], choice, listener) as endpoints:
        fact = endpoints.facts[0]
        return Diagnosis(_AREA, store, Health.FINE, f"{fact.kind}, started: {fact.version}")


def _others(row: StoreKind, chosen: infra.Provisioning, environ: Mapping[str, str]) -> Iterator[str]:
    """Return why it is not provided in the other ways, as far as that can be seen."""
    for kind in row.ways:
        if kind is chosen:
            continue
        if kind is infra.Provisioning.EXTERNAL:
            yield f"external: {row.address} is not set"
            continue
        try:
            _require(kind, row.name)
        except ServandaError as error:
            yield f"{kind}: {error.what}"
            continue
        if kind is infra.Provisioning.DOCKER and chosen is infra.Provisioning.EMBEDDED:
            yield f"docker: no engine offers {environ.get(row.image_variable) or row.image}"


def _require(kind: infra.Provisioning, store: Store) -> None:
    require_way(kind, store)
    if store in STORES.built_in and kind is not infra.Provisioning.EXTERNAL:
        require(str(kind), where=store)
