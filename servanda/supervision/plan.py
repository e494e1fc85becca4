"""Plan of the instances to run."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from servanda.configuration import Configuration, Service
from servanda.documents import Boundary, make_generated_folder
from servanda.errors import SupervisionError
from servanda.processes import make_private_folder
from servanda.supervision.instance import Instance, Source
from servanda.supervision.placeholders import Placeholders
from servanda.verdict import StoreFact

Probe: TypeAlias = Callable[[Instance, Mapping[str, str]], Mapping[str, str]]
"""Returns variables that the process of an instance gets besides its environment, for what watches it from within."""


def no_probe(instance: Instance, environment: Mapping[str, str]) -> Mapping[str, str]:
    """Return that nothing watches an instance from within."""
    del instance, environment
    return {}


@dataclass(frozen=True, slots=True)
class Plan:
    """Instances to run, in the order of their start.

    Attributes:
        configuration: Describes the services.
        folder: Where the logs and the state file are written; it is created.
        environ: Environment that every process starts from.
        stores: Placeholder values of the stores; see :meth:`servanda.infra.Endpoints.placeholders`.
        only: Services to start, with what they depend on; all if empty.
        namespace: Suffix and prefix that keep this run apart in shared stores.
        overrides: Environment by name of an instance that wins over the configured one; placeholders in it are filled.
        ports: Fixed ports by name of an instance and of the port; every other port is a free one.
        facts: What the stores are, for the reports.
        instances: Instances that run in place of those of the working tree, with the configuration of each, see
            :func:`servanda.supervision.configured`. Those of one service stand in the order in which its versions were
            deployed: they are migrated in this order, and the last one is the current one.
        probe: Gives variables to the processes of instances alone, not to their migrations and provider states.
    """

    configuration: Configuration
    folder: Path
    environ: Mapping[str, str] = field(repr=False)
    stores: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    only: tuple[str, ...] = ()
    namespace: str = ""
    overrides: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    ports: Mapping[tuple[str, str], int] = field(default_factory=lambda: MappingProxyType({}))
    facts: tuple[StoreFact, ...] = ()
    instances: Mapping[Instance, Service] = field(default_factory=lambda: MappingProxyType({}))
    probe: Probe = no_probe

    def service_of(self, instance: Instance) -> Service:
        """Return the configuration of an instance."""
        return self.instances.get(instance) or self.configuration.services[instance.service]

    def of_service(self, service: str) -> tuple[Instance, ...]:
        """Return the instances of a service: the planned ones, or else that of the working tree."""
        planned = tuple(instance for instance in self.instances if instance.service == service)
        return planned or (Instance(service, "", Source(self.configuration.root)),)

    def placeholders(self) -> Placeholders:
        """Return the values that are the same for every service."""
        return Placeholders({"python": sys.executable, "namespace": self.namespace, **self.stores})


def make_folders(plan: Plan, *below: str) -> None:
    """Make the folder of a plan, which git ignores, and some below it; their owner alone can read them.

    Raises:
        SupervisionError: The folder leads out of its tree, or cannot be written to.
        ProcessError: One of them cannot be made private.
    """
    make_generated_folder(plan.folder, Boundary.around(plan.folder.parent, SupervisionError))
    for folder in (plan.folder, *(plan.folder / name for name in below)):
        make_private_folder(folder)


def own_folder(root: Path, name: str) -> Path:
    """Return the folder for logs and state of one command, below ``.servanda``; it need not exist.

    Raises:
        SupervisionError: It, or something in it, is a link that leads out of the tree: what is written would, too.
    """
    folder, boundary = root / ".servanda" / name, Boundary.around(root, SupervisionError)
    for path in (folder, *folder.rglob("*")):
        boundary.inside(path)
    return folder
