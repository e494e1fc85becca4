"""What is known of a running system under test, whether it was started here or elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from servanda.configuration import Service
from servanda.errors import SupervisionError
from servanda.supervision.placeholders import Placeholders
from servanda.supervision.ports import LOOPBACK
from servanda.verdict import StoreFact


class ServiceHandle(Protocol):
    """A service of a running system."""

    @property
    def service(self) -> Service:
        """Its configuration."""

    @property
    def pid(self) -> int:
        """Process id of the guard that its process runs under; ending it ends both."""

    @property
    def ports(self) -> Mapping[str, int]:
        """Port number by name."""

    @property
    def environment(self) -> Mapping[str, str]:
        """The whole environment of its process."""

    @property
    def log(self) -> Path:
        """Where its output is."""

    @property
    def alive(self) -> bool:
        """Whether its process runs."""

    @property
    def lines(self) -> tuple[str, ...]:
        """The last lines of its output."""

    @property
    def exit_code(self) -> int | None:
        """The status that it ended with, if it ended and that is known."""


HandleT = TypeVar("HandleT", bound=ServiceHandle, covariant=True)  # noqa: PLC0105 - the name is that of its bound


@dataclass(frozen=True, slots=True)
class System(Generic[HandleT]):
    """A running system under test.

    Attributes:
        services: By name, each after the services that it depends on.
        placeholders: The values that are the same for every service: stores, ``namespace`` and ``python``.
        facts: What the stores are.
    """

    services: Mapping[str, HandleT]
    placeholders: Placeholders
    facts: tuple[StoreFact, ...] = ()

    def service(self, name: str) -> HandleT:
        """The service of this name.

        Raises:
            SupervisionError: It is not part of this system.
        """
        if name in self.services:
            return self.services[name]
        raise SupervisionError(
            f"service '{name}' does not run", hint=f"running services: {', '.join(self.services) or 'none'}"
        )

    def address(self, service: str, port: str) -> str:
        """``host:port`` of a named port.

        Raises:
            SupervisionError: There is no such service or port.
        """
        ports = self.service(service).ports
        if port not in ports:
            raise SupervisionError(f"service '{service}' has no port '{port}'", hint=f"its ports: {', '.join(ports)}")
        return f"{LOOPBACK}:{ports[port]}"

    def fill(self, environment: Mapping[str, str], where: str) -> Mapping[str, str]:
        """An environment whose placeholders are filled; besides the common ones it knows ``<service>.port.<name>``.

        Raises:
            ConfigurationError: It names a placeholder that has no value.
        """
        ports = {
            f"{name}.port.{port}": str(number)
            for name, handle in self.services.items()
            for port, number in handle.ports.items()
        }
        return self.placeholders.having(ports).fill_values(environment, where)
