"""Services of a system that is only said to run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from servanda.configuration import Service
from servanda.supervision import Instance, Placeholders, ServiceHandle, Source, System


@dataclass
class Handle:
    """What is said of one instance; a test may change it."""

    service: Service
    environment: Mapping[str, str] = field(default_factory=dict)
    pid: int = 1
    ports: Mapping[str, int] = field(default_factory=dict)
    log: Path = Path("log")
    alive: bool = True
    lines: tuple[str, ...] = ()
    exit_code: int | None = None
    version: str = ""
    source: Source = field(default_factory=lambda: Source(Path.cwd()))

    @property
    def instance(self) -> Instance:
        return Instance(self.service.name, self.version, self.source)


def system(*services: Service) -> System[ServiceHandle]:
    """Make a system whose services know their names from the environment."""
    return running(*(Handle(service, {"NAME": service.name}) for service in services))


def running(*handles: Handle) -> System[ServiceHandle]:
    """Make a system of these instances."""
    return System({handle.instance: handle for handle in handles}, Placeholders({}))
