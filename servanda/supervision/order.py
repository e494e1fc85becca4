"""Which services run, and which of them before which."""

from __future__ import annotations

import graphlib
from collections.abc import Iterable, Mapping

from servanda.configuration import Service
from servanda.errors import ConfigurationError


def start_order(services: Mapping[str, Service], wanted: Iterable[str] = ()) -> tuple[Service, ...]:
    """The wanted services (default: all) and what they depend on, each after its dependencies.

    Raises:
        ConfigurationError: A wanted service is not configured, or services depend on each other in a circle.
    """
    pending = list(wanted) or list(services)
    graph: dict[str, tuple[str, ...]] = {}
    while pending:
        name = pending.pop()
        if name in graph:
            continue
        if name not in services:
            raise ConfigurationError(
                f"service '{name}' is not configured", hint=f"configured services: {', '.join(sorted(services))}"
            )
        graph[name] = services[name].depends_on
        pending.extend(services[name].depends_on)
    try:
        return tuple(services[name] for name in graphlib.TopologicalSorter(graph).static_order())
    except graphlib.CycleError as error:
        circle = " -> ".join(error.args[1])
        raise ConfigurationError(
            f"services depend on each other in a circle: {circle}", hint="remove one of these from depends_on"
        ) from error
