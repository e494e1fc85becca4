"""The state file of a running system: how another command finds it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias

from servanda.configuration import Configuration, Secrets, Service
from servanda.documents import Reader
from servanda.errors import ConfigurationError, SupervisionError
from servanda.processes import last_lines
from servanda.supervision.instance import Instance, Source, configured
from servanda.supervision.launch import process_environment
from servanda.supervision.placeholders import Placeholders
from servanda.supervision.plan import own_folder
from servanda.supervision.system import ServiceHandle, System
from servanda.verdict import StoreFact

FILE_NAME = "state.json"


@dataclass(frozen=True, slots=True)
class AttachedService:
    """An instance that another command started."""

    instance: Instance
    service: Service
    pid: int
    ports: Mapping[str, int]
    environment: Mapping[str, str] = field(repr=False)
    log: Path

    @property
    def alive(self) -> bool:
        """Tell whether its process runs."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            pass  # it runs as somebody else
        return True

    @property
    def lines(self) -> tuple[str, ...]:
        """Return the last lines of its output."""
        return last_lines(self.log)

    @property
    def exit_code(self) -> int | None:
        """Return None: only the parent of a process learns its exit code."""
        return None


Attached: TypeAlias = System[AttachedService]


def write_state(system: System[ServiceHandle], folder: Path) -> Path:
    """Write down where the instances of a system are, readable by its owner only.

    Of environments there are the names alone. The values of placeholders are there: who attaches sets up provider
    states in the stores of this run, and needs their passwords.
    """
    path = folder / FILE_NAME
    document = {
        "placeholders": dict(system.placeholders.values),
        "stores": [asdict(fact) for fact in system.facts],
        "instances": [
            {
                "service": instance.service,
                "version": instance.version,
                "source": {"folder": str(instance.source.folder), "commit": instance.source.commit},
                "pid": handle.pid,
                "ports": dict(handle.ports),
                "environment": sorted(handle.environment),
                "log": str(handle.log),
            }
            for instance, handle in system.instances.items()
        ],
    }
    partial = path.with_suffix(".partial")
    partial.unlink(missing_ok=True)  # one that is left over may be anybody's
    partial.touch(mode=0o600, exist_ok=False)
    partial.write_text(json.dumps(document, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    partial.replace(path)
    return path


def state_file(root: Path) -> Path:
    """Return where ``servanda up`` describes the platform of a repository.

    Raises:
        SupervisionError: It is a link that leads out of the tree.
    """
    return own_folder(root, "up") / FILE_NAME


def attach(path: Path, configuration: Configuration, environ: Mapping[str, str]) -> Attached:
    """Return the running system that a state file describes.

    The environments of its instances are made anew, from the configuration of each source and ``environ``: no file
    holds them.

    Args:
        path: The state file.
        configuration: The one that the system was started with.
        environ: The environment of this process.

    Raises:
        SupervisionError: The file is missing or malformed, or one of its services is no longer running.
    """
    project = configuration.root
    try:
        if not path.exists():
            raise SupervisionError("no platform is running", where=str(path), hint="start it with: servanda up")
        document = Reader(SupervisionError).read(path).value
        placeholders = Placeholders(document["placeholders"])
        entries = {_instance(entry): entry for entry in document["instances"]}
        services = configured(entries, configuration)
        attached = {
            instance: _attached(
                instance, services[instance], entry, placeholders, Secrets(instance.source.folder, environ, project)
            )
            for instance, entry in entries.items()
        }
        facts = tuple(StoreFact(**fact) for fact in document["stores"])
    except (ValueError, KeyError, TypeError, AttributeError, ConfigurationError) as error:
        raise SupervisionError(
            f"is not a state file of this configuration: {error}", where=str(path), hint="start again: servanda up"
        ) from error
    for instance, handle in attached.items():
        if not handle.alive:
            raise SupervisionError(
                f"service '{instance.name}' is no longer running",
                where=str(handle.log),
                hint="start again: servanda up",
            )
    return System(MappingProxyType(attached), placeholders, facts)


def _instance(entry: Mapping[str, Any]) -> Instance:
    source = entry["source"]
    return Instance(str(entry["service"]), str(entry["version"]), Source(Path(source["folder"]), str(source["commit"])))


def _attached(
    instance: Instance,
    service: Service,
    entry: Mapping[str, Any],
    placeholders: Placeholders,
    secrets: Secrets,
) -> AttachedService:
    ports = {str(name): int(number) for name, number in entry["ports"].items()}
    values = placeholders.having({f"port.{name}": str(number) for name, number in ports.items()})
    return AttachedService(
        instance=instance,
        service=service,
        pid=int(entry["pid"]),
        ports=MappingProxyType(ports),
        environment=process_environment(secrets, values, service.environment, f"services.{service.name}"),
        log=Path(entry["log"]),
    )
