"""What is to run, and how each service of it is started."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from treaty.configuration import Configuration, Service
from treaty.errors import ConfigurationError
from treaty.infra.processes import free_ports
from treaty.supervision.placeholders import Placeholders
from treaty.verdict import StoreFact


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to run.

    Attributes:
        configuration: Describes the services.
        folder: Where the logs and the state file are written; it is created.
        environ: Environment that every process starts from.
        stores: Placeholder values of the stores; see :meth:`treaty.infra.Endpoints.placeholders`.
        only: Services to start, with what they depend on; all if empty.
        namespace: Suffix and prefix that keep this run apart in shared stores.
        overrides: Environment by service that wins over the configured one; placeholders in it are filled.
        ports: Fixed ports by ``<service>.<port>``; every other port is a free one.
        facts: What the stores are, for the reports.
        ready_seconds: How long a service may take from its start until it is ready, and its migration before that.
    """

    configuration: Configuration
    folder: Path
    environ: Mapping[str, str]
    stores: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    only: tuple[str, ...] = ()
    namespace: str = ""
    overrides: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    ports: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    facts: tuple[StoreFact, ...] = ()
    ready_seconds: float = 60.0

    def placeholders(self) -> Placeholders:
        """The values that are the same for every service."""
        return Placeholders({"python": sys.executable, "namespace": self.namespace, **self.stores})


@dataclass(frozen=True, slots=True)
class Launch:
    """How one service is started, with every placeholder filled.

    Attributes:
        environment: The whole environment of the process.
        ports: Port number by name.
        fixed: Names of the ports that were asked for by number.
    """

    service: Service
    command: tuple[str, ...]
    migrate: tuple[str, ...]
    environment: Mapping[str, str]
    ports: Mapping[str, int]
    fixed: frozenset[str]
    ready: str
    log: Path
    directory: Path


def launch(plan: Plan, service: Service) -> Launch:
    """How ``service`` is started, on ports that are free now.

    Raises:
        ConfigurationError: The service names a placeholder that has no value, or a fixed port that it does not have.
    """
    fixed = {key.partition(".")[2]: port for key, port in plan.ports.items() if key.partition(".")[0] == service.name}
    if unknown := sorted(set(fixed) - set(service.ports)):
        raise ConfigurationError(
            f"service '{service.name}' has no port '{unknown[0]}'", hint=f"its ports: {', '.join(service.ports)}"
        )
    free = [name for name in service.ports if name not in fixed]
    ports = {**dict(zip(free, free_ports(len(free)), strict=True)), **fixed}
    where = f"services.{service.name}"
    values = plan.placeholders().having({f"port.{name}": str(port) for name, port in ports.items()})
    own = values.fill_values({**service.environment, **plan.overrides.get(service.name, {})}, f"{where}.environment")
    return Launch(
        service=service,
        command=values.fill_all(service.command, f"{where}.command"),
        migrate=values.fill_all(service.migrate, f"{where}.migrate"),
        # Lines have to reach the log when they are written, not when a buffer is full.
        environment=MappingProxyType({**plan.environ, "PYTHONUNBUFFERED": "1", **own}),
        ports=MappingProxyType(ports),
        fixed=frozenset(fixed),
        ready=values.fill(service.ready, f"{where}.ready"),
        log=plan.folder / "logs" / f"{service.name}.log",
        directory=plan.configuration.root,
    )
