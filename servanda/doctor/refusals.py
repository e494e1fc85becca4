"""Diagnoses of what a configuration says and a later command would refuse."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields
from typing import Final

from servanda.checking.kinds import kinds
from servanda.checking.levels import require_known_rules
from servanda.configuration import REFERENCE, Configuration, Service
from servanda.errors import ServandaError
from servanda.extensions import STORES
from servanda.infra.store import store_kind
from servanda.report.diagnosis import Diagnosis, Health
from servanda.supervision import Plan
from servanda.supervision.order import start_order
from servanda.supervision.placeholders import names_in

_AREA: Final = "configuration"
_COMMON: Final = frozenset({"python", "namespace"})
_CALLABLE: Final = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*:[^\W\d]\w*")


def refusal_diagnoses(configuration: Configuration, environ: Mapping[str, str]) -> Iterator[Diagnosis]:
    """Tell of dependencies in a circle, of placeholders without a value, and of names that can mean nothing."""
    try:
        start_order(Plan(configuration, configuration.root, environ))
    except ServandaError as error:
        yield _missing("services.depends_on", error.what, error.hint or "")
    try:
        require_known_rules(configuration, kinds())
    except ServandaError as error:
        yield _missing("rules", f"{error.where}: {error.what}", error.hint or "")
    for service in configuration.services.values():
        yield from _uncallable(service)
        stores = {store for each in _closure(configuration, service) for store in each.stores}
        known = {*_COMMON, *_of_stores(stores), *(f"port.{name}" for name in service.ports)}
        yield from _unknown(_texts(service), known)
    yield from _unknown(_on_platform(configuration), _known_on_platform(configuration))


def _missing(key: str, what: str, hint: str) -> Diagnosis:
    return Diagnosis(_AREA, key, Health.MISSING, what, hint)


def _uncallable(service: Service) -> Iterator[Diagnosis]:
    named = [("states", text) for text in service.states]
    if service.request_filter:
        named.append(("request_filter", service.request_filter))
    for key, text in named:
        if not _CALLABLE.fullmatch(text):
            yield _missing(f"services.{service.name}.{key}", f"'{text}' names no function", "write module:callable")


def _closure(configuration: Configuration, service: Service) -> list[Service]:
    """Return a service and all that are started with it."""
    found, pending = dict[str, Service](), [service.name]
    while pending:
        if (name := pending.pop()) not in found:
            found[name] = configuration.services[name]
            pending += found[name].depends_on
    return list(found.values())


def _of_stores(stores: Collection[str]) -> Iterator[str]:
    for store in stores:
        for attribute in fields(store_kind(store).endpoint):
            if attribute.name != "fact":
                yield f"{store}.{attribute.name}"


def _texts(service: Service) -> Iterator[tuple[str, str]]:
    where = f"services.{service.name}"
    yield from ((f"{where}.command", text) for text in service.command)
    yield from ((f"{where}.migrate", text) for text in service.migrate)
    yield from ((f"{where}.environment.{name}", text) for name, text in service.environment.items())
    yield from ((f"{where}.migrate_environment.{name}", text) for name, text in service.migrate_environment.items())
    yield from ((f"{where}.parity_environment.{name}", text) for name, text in service.parity_environment.items())
    yield from ((f"{where}.versions_environment.{name}", text) for name, text in service.versions_environment.items())
    yield f"{where}.ready", service.ready
    yield f"{where}.states_url", service.states_url


def _on_platform(configuration: Configuration) -> Iterator[tuple[str, str]]:
    """Return the texts that are filled when everything runs, each with its key."""
    tests, up = configuration.end_to_end, configuration.up
    yield from (("end-to-end.command", text) for text in tests.command)
    yield from ((f"end-to-end.environment.{name}", text) for name, text in tests.environment.items())
    yield from (("up.seed", text) for text in up.seed)
    yield from ((f"up.environment.{name}", text) for name, text in up.environment.items())
    yield from (("up.examples", text) for text in up.examples)


def _known_on_platform(configuration: Configuration) -> set[str]:
    services = configuration.services.values()
    ports = {f"{each.name}.port.{port}" for each in services for port in each.ports}
    return {*_COMMON, *ports, *_of_stores({store for each in services for store in each.stores})}


def _unknown(texts: Iterator[tuple[str, str]], known: Collection[str]) -> Iterator[Diagnosis]:
    for key, text in texts:
        for name in sorted(names_in(REFERENCE.sub("", text)) - set(known)):
            if "@" in name:  # of a version: which ones run, the gate alone knows
                continue
            store = name.partition(".")[0]
            hint = f"name '{store}' in 'stores'; " if STORES.has(store) and name in _of_stores([store]) else ""
            yield _missing(key, f"unknown placeholder '{{{name}}}'", f"{hint}known: {', '.join(sorted(known))}")
