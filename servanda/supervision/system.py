"""Running system under test, whether it was started here or elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Generic, Protocol, TypeVar

from servanda.configuration import Secrets, Service
from servanda.errors import SupervisionError
from servanda.supervision.instance import Instance
from servanda.supervision.placeholders import Placeholders
from servanda.supervision.ports import LOOPBACK
from servanda.verdict import StoreFact


class ServiceHandle(Protocol):
    """An instance of a running system."""

    @property
    def instance(self) -> Instance:
        """Return its service and version."""

    @property
    def service(self) -> Service:
        """Return its configuration."""

    @property
    def pid(self) -> int:
        """Return the process id of its guard; ending the guard ends both."""

    @property
    def ports(self) -> Mapping[str, int]:
        """Return port numbers by name."""

    @property
    def environment(self) -> Mapping[str, str]:
        """Return the whole environment of its process."""

    @property
    def log(self) -> Path:
        """Return the path of its log."""

    @property
    def alive(self) -> bool:
        """Tell whether its process runs."""

    @property
    def lines(self) -> tuple[str, ...]:
        """Return the last lines of its output."""

    @property
    def exit_code(self) -> int | None:
        """Return the exit code, if the process ended and the exit code is known."""


HandleT = TypeVar("HandleT", bound=ServiceHandle, covariant=True)  # noqa: PLC0105 - the name is that of its bound


@dataclass(frozen=True, slots=True)
class System(Generic[HandleT]):
    """A running system under test.

    Attributes:
        instances: What runs, each after those that it depends on; of one service, the last one is the current one.
        placeholders: The values that are the same for every service: stores, ``namespace`` and ``python``.
        facts: What the stores are.
        targets: By name of an instance where it listens, by transport, if it was not started by the suite.
    """

    instances: Mapping[Instance, HandleT]
    placeholders: Placeholders
    facts: tuple[StoreFact, ...] = ()
    targets: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the instances."""
        return tuple(instance.name for instance in self.instances)

    def service(self, name: str) -> HandleT:
        """Return the instance of this name or, for the name of a service, its current instance.

        Raises:
            SupervisionError: It is not part of this system.
        """
        if (found := self._by_name().get(name)) is not None:
            return found
        raise SupervisionError(
            f"service '{name}' is not running", hint=f"running services: {', '.join(self.names) or 'none'}"
        )

    def of_service(self, service: str) -> tuple[HandleT, ...]:
        """Return every instance of a service, the current one last.

        Raises:
            SupervisionError: There is none.
        """
        self.service(service)
        return tuple(handle for instance, handle in self.instances.items() if instance.service == service)

    def closure(self, name: str) -> tuple[HandleT, ...]:
        """Return an instance, last, and every instance of the services that it depends on, however indirectly.

        Raises:
            SupervisionError: It is not part of this system.
        """
        asked = self.service(name)
        pending, services = list(asked.service.depends_on), set[str]()
        while pending:
            if (service := pending.pop()) not in services:
                services.add(service)
                pending += [other for handle in self.of_service(service) for other in handle.service.depends_on]
        behind = [handle for handle in self.instances.values() if handle.instance.service in services]
        return (*behind, asked)

    def address(self, service: str, port: str) -> str:
        """``host:port`` of a named port of a service or of one of its instances.

        Raises:
            SupervisionError: There is no such service or port.
        """
        ports = self.service(service).ports
        if port not in ports:
            raise SupervisionError(f"service '{service}' has no port '{port}'", hint=f"its ports: {', '.join(ports)}")
        return f"{LOOPBACK}:{ports[port]}"

    def fill(
        self,
        environment: Mapping[str, str],
        where: str,
        secrets: Secrets,
        others: Mapping[str, str] = MappingProxyType({}),
    ) -> Mapping[str, str]:
        """Fill the placeholders of an environment, which may name secrets.

        Args:
            environment: The variables.
            where: The key in the configuration, for errors.
            secrets: What references to secrets stand for.
            others: Values by placeholder that count in place of those of :attr:`with_ports`.

        Raises:
            ConfigurationError: It names a placeholder that has no value, or a secret that cannot be had.
        """
        return self.with_ports.having(others).fill_values(environment, where, secrets)

    @property
    def with_ports(self) -> Placeholders:
        """Return the placeholders of what runs beside it.

        Besides the common ones there are ``<service>.port.<name>``, the port of the current instance, and
        ``<service>@<version>.port.<name>``.
        """
        ports = {
            f"{name}.port.{port}": str(number)
            for name, handle in self._by_name().items()
            for port, number in handle.ports.items()
        }
        return self.placeholders.having(ports)

    def _by_name(self) -> Mapping[str, HandleT]:
        current = {instance.service: handle for instance, handle in self.instances.items()}
        return {**current, **{instance.name: handle for instance, handle in self.instances.items()}}
