"""The commands of an instance, ready to be run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

from servanda.configuration import Secrets, Service, Store
from servanda.errors import ConfigurationError
from servanda.extensions import STORES
from servanda.processes import OutputBounds, free_ports
from servanda.supervision.installed import require_own_code, with_own_code
from servanda.supervision.instance import Instance
from servanda.supervision.placeholders import Placeholders, names_in
from servanda.supervision.plan import Plan

_UNBUFFERED: Final = "PYTHONUNBUFFERED"


@dataclass(frozen=True, slots=True)
class Command:
    """A command of an instance, with every placeholder filled.

    Attributes:
        service: The configuration of the instance.
        environment: The whole environment of the process, but for the probe.
        passed: Names of the variables that a process in a container gets; the others are those of the host.
        log: What its output is appended to.
        output: How much of its output is kept.
        probe: Variables of what watches the process from within.
    """

    instance: Instance
    service: Service
    arguments: tuple[str, ...]
    environment: Mapping[str, str] = field(repr=False)
    passed: tuple[str, ...]
    log: Path
    directory: Path
    output: OutputBounds
    probe: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Launch:
    """Start of one instance.

    Attributes:
        ports: Port number by name.
        fixed: Names of the ports that were asked for by number.
        ready: Address of its readiness probe; empty if it has none.
    """

    command: Command
    ports: Mapping[str, int]
    fixed: frozenset[str]
    ready: str


def launch(plan: Plan, instance: Instance) -> Launch:
    """Return how ``instance`` is started, on ports that are free now.

    Raises:
        ConfigurationError: The service names a placeholder that has no value, or a fixed port that it does not have.
    """
    service = plan.service_of(instance)
    fixed = {port: number for (name, port), number in plan.ports.items() if name == instance.name}
    if unknown := sorted(set(fixed) - set(service.ports)):
        raise ConfigurationError(
            f"service '{instance.name}' has no port '{unknown[0]}'", hint=f"its ports: {', '.join(service.ports)}"
        )
    free = [name for name in service.ports if name not in fixed]
    ports = {**dict(zip(free, free_ports(len(free)), strict=True)), **fixed}
    values, where = _values(plan, instance, ports), f"services.{service.name}"
    environment = _environment(plan, instance, values, service.environment)
    arguments = values.fill_all(service.command, f"{where}.command")
    require_own_code(instance, arguments, f"{where}.command")
    command = Command(
        instance=instance,
        service=service,
        arguments=arguments,
        environment=environment,
        passed=_passed(plan, instance, service.environment),
        log=plan.folder / "logs" / f"{instance.name}.log",
        directory=instance.source.folder,
        output=plan.configuration.limits.output,
        # Into a container nothing is put; a wheel has no folder of its own, and would note for the working tree.
        probe={} if instance.source.is_artifact else plan.probe(instance, environment),
    )
    return Launch(command, MappingProxyType(ports), frozenset(fixed), values.fill(service.ready, f"{where}.ready"))


def migration(plan: Plan, instance: Instance) -> Command:
    """Return how the schema of ``instance`` is brought up to date.

    Raises:
        ConfigurationError: The migration names a placeholder that has no value.
    """
    service = plan.service_of(instance)
    # Without an environment of its own it gets the one of the process, in which ports have to mean something.
    values = _values(plan, instance, dict(zip(service.ports, free_ports(len(service.ports)), strict=True)))
    where = f"services.{service.name}"
    arguments = values.fill_all(service.migrate, f"{where}.migrate")
    require_own_code(instance, arguments, f"{where}.migrate")
    return Command(
        instance=instance,
        service=service,
        arguments=arguments,
        environment=_environment(plan, instance, values, _migration_environment(service)),
        passed=_passed(plan, instance, _migration_environment(service)),
        log=plan.folder / "logs" / "migrations" / f"{instance.name}.log",
        directory=instance.source.folder,
        output=plan.configuration.limits.output,
    )


def migration_stores(service: Service) -> frozenset[Store]:
    """Return the stores that the migration of ``service`` names, and that therefore have to be up before it."""
    if not service.migrate:
        return frozenset()
    texts = (*service.migrate, *_migration_environment(service).values())
    parts = {name.partition(".")[0] for text in texts for name in names_in(text)}
    return frozenset(parts.intersection(STORES.names()))


def _migration_environment(service: Service) -> Mapping[str, str]:
    return service.migrate_environment or service.environment


def _values(plan: Plan, instance: Instance, ports: Mapping[str, int]) -> Placeholders:
    own = {"python": instance.source.python} if instance.source.python else {}
    return plan.placeholders().having({**own, **{f"port.{name}": str(port) for name, port in ports.items()}})


def _environment(
    plan: Plan, instance: Instance, values: Placeholders, configured: Mapping[str, str]
) -> Mapping[str, str]:
    own = {**configured, **plan.overrides.get(instance.name, {})}
    secrets = Secrets(instance.source.folder, plan.environ, plan.configuration.root)
    whole = process_environment(secrets, values, own, f"services.{instance.service}")
    return with_own_code(instance, whole)


def _passed(plan: Plan, instance: Instance, configured: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((_UNBUFFERED, *configured, *plan.overrides.get(instance.name, {}))))


def process_environment(
    secrets: Secrets, values: Placeholders, configured: Mapping[str, str], where: str
) -> Mapping[str, str]:
    """Make the whole environment of a service's process.

    Args:
        secrets: The environment that it starts from, and the secrets of the configured one.
        values: What the placeholders of the configured environment stand for.
        configured: The variables of its own.
        where: The service in the configuration, for errors.

    Raises:
        ConfigurationError: A variable names a placeholder that has no value, or a secret that cannot be had.
    """
    own = values.fill_values(configured, f"{where}.environment", secrets)
    # Lines have to reach the log when they are written, not when a buffer is full.
    return MappingProxyType({**secrets.environ, _UNBUFFERED: "1", **own})
