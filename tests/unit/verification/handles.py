"""Services of a system that is only said to run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from servanda.configuration import Service
from servanda.supervision import Placeholders, ServiceHandle, System


@dataclass
class Handle:
    """What is said of one service; a test may change it."""

    service: Service
    environment: Mapping[str, str] = field(default_factory=dict)
    pid: int = 1
    ports: Mapping[str, int] = field(default_factory=dict)
    log: Path = Path("log")
    alive: bool = True
    lines: tuple[str, ...] = ()
    exit_code: int | None = None


def system(*services: Service) -> System[ServiceHandle]:
    """A system whose services know their names from the environment."""
    handles = {service.name: Handle(service, {"NAME": service.name}) for service in services}
    return System(handles, Placeholders({}))
