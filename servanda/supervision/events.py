"""Events of running services, as facts for whoever shows them; an instance is given by its name."""

from __future__ import annotations

import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Migrated:
    """The schema of an instance is up to date."""

    instance: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Started:
    """The process of an instance runs; it need not answer yet."""

    instance: str
    pid: int
    log: Path


@dataclass(frozen=True, slots=True)
class Ready:
    """An instance answers on its ports (port number by name)."""

    instance: str
    seconds: float
    ports: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Output:
    """An instance wrote a line, given without its line end."""

    instance: str
    line: str


@dataclass(frozen=True, slots=True)
class Exited:
    """An instance ended unexpectedly."""

    instance: str
    code: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Restarting:
    """An instance that ended unexpectedly, or could not be started again, is about to be started again.

    Attributes:
        attempt: Which start in a row this is, the first of them 1.
        most: The last one in a row.
        seconds: Pause before it.
        reason: How the instance ended, or why it could not be started.
    """

    instance: str
    attempt: int
    most: int
    seconds: float
    reason: str


@dataclass(frozen=True, slots=True)
class Changed:
    """Files of an instance changed, and it is about to be started again."""

    instance: str
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """An instance does not run, for the given reason, until its files change."""

    instance: str
    reason: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stopped:
    """An instance ended because it was asked to; ``killed`` if it did not do so within its time."""

    instance: str
    seconds: float
    killed: bool


Event = Migrated | Started | Ready | Output | Exited | Restarting | Changed | Waiting | Stopped
Listener = Callable[[Event], None]


def ignore(event: Event) -> None:
    """Listen to nothing."""
    del event


def describe_exit(code: int) -> str:
    """Return an exit status in words; that of a signal may be told as ``-9`` or, as shells do, as ``137``."""
    number = -code if code < 0 else code - 128
    try:
        return f"by signal {signal.Signals(number).name}" if number > 0 else f"with code {code}"
    except ValueError:
        return f"with code {code}"
