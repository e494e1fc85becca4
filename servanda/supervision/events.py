"""What happens to the services, as facts for whoever shows it."""

from __future__ import annotations

import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Migrated:
    """The schema of a service is up to date."""

    service: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Started:
    """The process of a service runs; it need not answer yet."""

    service: str
    pid: int
    log: Path


@dataclass(frozen=True, slots=True)
class Ready:
    """A service answers on its ports (port number by name)."""

    service: str
    seconds: float
    ports: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Output:
    """A service wrote a line, given without its line end."""

    service: str
    line: str


@dataclass(frozen=True, slots=True)
class Exited:
    """A service ended although nobody asked it to."""

    service: str
    code: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stopped:
    """A service ended because it was asked to; ``killed`` if it did not do so within its time."""

    service: str
    seconds: float
    killed: bool


Event = Migrated | Started | Ready | Output | Exited | Stopped
Listener = Callable[[Event], None]


def ignore(event: Event) -> None:
    """The listener for whom nothing needs to be shown."""
    del event


def describe_exit(code: int) -> str:
    """An exit status in words; that of a signal may be told as ``-9`` or, as shells do, as ``137``."""
    number = -code if code < 0 else code - 128
    try:
        return f"by signal {signal.Signals(number).name}" if number > 0 else f"with code {code}"
    except ValueError:
        return f"with code {code}"
