"""The state file of a running system: how another command finds it."""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from servanda.configuration import Configuration, Service
from servanda.documents import Reader
from servanda.errors import SupervisionError
from servanda.supervision.placeholders import Placeholders
from servanda.supervision.process import TAIL_LINES
from servanda.supervision.system import ServiceHandle, System
from servanda.verdict import StoreFact

FILE_NAME = "state.json"


@dataclass(frozen=True, slots=True)
class AttachedService:
    """A service that another command started."""

    service: Service
    pid: int
    ports: Mapping[str, int]
    environment: Mapping[str, str]
    log: Path

    @property
    def alive(self) -> bool:
        """Whether its process runs."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            pass  # it runs as somebody else
        return True

    @property
    def lines(self) -> tuple[str, ...]:
        """The last lines of its output."""
        if not self.log.is_file():
            return ()
        with self.log.open(encoding="utf-8", errors="replace") as log:
            return tuple(line.rstrip("\r\n") for line in deque(log, maxlen=TAIL_LINES))

    @property
    def exit_code(self) -> int | None:
        """Not known of a process that somebody else started."""
        return None


Attached: TypeAlias = System[AttachedService]


def write_state(system: System[ServiceHandle], folder: Path) -> Path:
    """Write down where the services of a system are, readable by its owner only: environments hold passwords."""
    path = folder / FILE_NAME
    document = {
        "placeholders": dict(system.placeholders.values),
        "stores": [asdict(fact) for fact in system.facts],
        "services": {
            name: {
                "pid": handle.pid,
                "ports": dict(handle.ports),
                "environment": dict(handle.environment),
                "log": str(handle.log),
            }
            for name, handle in system.services.items()
        },
    }
    partial = path.with_suffix(".partial")
    partial.touch(mode=0o600)
    partial.write_text(json.dumps(document, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    partial.replace(path)
    return path


def attach(path: Path, configuration: Configuration) -> Attached:
    """The running system that a state file describes.

    Raises:
        SupervisionError: The file is missing or malformed, or one of its services does not run any more.
    """
    try:
        if not path.exists():
            raise SupervisionError("nothing runs here", where=str(path), hint="start it with: servanda up")
        document = Reader(SupervisionError).read(path).value
        services = {
            name: AttachedService(
                service=configuration.services[name],
                pid=int(entry["pid"]),
                ports=MappingProxyType(dict(entry["ports"])),
                environment=MappingProxyType(dict(entry["environment"])),
                log=Path(entry["log"]),
            )
            for name, entry in document["services"].items()
        }
        placeholders = Placeholders(document["placeholders"])
        facts = tuple(StoreFact(**fact) for fact in document["stores"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SupervisionError(
            f"is not a state file of this configuration: {error}", where=str(path), hint="start again: servanda up"
        ) from error
    for name, service in services.items():
        if not service.alive:
            raise SupervisionError(
                f"service '{name}' does not run any more", where=str(service.log), hint="start again: servanda up"
            )
    return System(MappingProxyType(services), placeholders, facts)
