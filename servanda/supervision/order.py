"""Instances that run, and the order of their start."""

from __future__ import annotations

import graphlib
from collections import Counter
from collections.abc import Iterable

from servanda.configuration import unknown_service
from servanda.errors import ConfigurationError
from servanda.supervision.instance import Instance
from servanda.supervision.plan import Plan


def start_order(plan: Plan) -> tuple[Instance, ...]:
    """Return the planned instances, each after those of the services that it depends on.

    Services depend on each other, whatever their versions: an instance comes after every instance of a service that any
    version of its own depends on.

    Raises:
        ConfigurationError: A wanted service is not configured, services depend on each other in a circle, or two
            instances have one name.
    """
    known = dict.fromkeys((*plan.configuration.services, *(instance.service for instance in plan.instances)))
    pending = list(plan.only or known)
    instances: dict[str, tuple[Instance, ...]] = {}
    depends_on: dict[str, tuple[str, ...]] = {}
    while pending:
        name = pending.pop()
        if name in instances:
            continue
        if name not in known:
            raise unknown_service(name, known)
        instances[name] = plan.of_service(name)
        depends_on[name] = tuple(other for one in instances[name] for other in plan.service_of(one).depends_on)
        pending.extend(depends_on[name])
    try:
        services = tuple(graphlib.TopologicalSorter(depends_on).static_order())
    except graphlib.CycleError as error:
        circle = " -> ".join(error.args[1])
        raise ConfigurationError(
            f"services depend on each other in a cycle: {circle}", hint="remove one of these from depends_on"
        ) from error
    ordered = tuple(instance for service in services for instance in instances[service])
    _reject_shared_names(ordered)
    return ordered


def _reject_shared_names(instances: Iterable[Instance]) -> None:
    ordered = tuple(instances)
    for name, count in Counter(instance.name for instance in ordered).items():
        if count > 1:
            raise ConfigurationError(f"{count} instances are called '{name}'", hint="give each a version of its own")
    current = {instance.service: instance for instance in ordered}
    for instance in ordered:
        # Its name is that of the service, by which the current instance is found.
        if not instance.version and instance is not current[instance.service]:
            raise ConfigurationError(
                f"an instance of '{instance.service}' without a version is followed by one with a version",
                hint="give it a version, or put it last: the last one is the current one",
            )
