"""A service that runs already, wherever that is."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from servanda.configuration import Service
from servanda.supervision.instance import Instance, Source
from servanda.supervision.placeholders import Placeholders
from servanda.supervision.system import System


@dataclass(frozen=True, slots=True)
class ServiceElsewhere:
    """An instance of which nothing is known but where it listens.

    Attributes:
        environment: The environment of this process: that of its own is not known.
    """

    instance: Instance
    service: Service
    environment: Mapping[str, str] = field(repr=False)

    @property
    def pid(self) -> int:
        """Return 0: its process belongs to somebody else."""
        return 0

    @property
    def ports(self) -> Mapping[str, int]:
        """Return no port: none was chosen here."""
        return {}

    @property
    def log(self) -> Path:
        """Return a file that holds nothing."""
        return Path(os.devnull)

    @property
    def alive(self) -> bool:
        """Tell that nothing is known of its end."""
        return True

    @property
    def lines(self) -> tuple[str, ...]:
        """Return no line of output."""
        return ()

    @property
    def exit_code(self) -> int | None:
        """Return None: only the parent of a process learns its exit code."""
        return None


Elsewhere: TypeAlias = System[ServiceElsewhere]


def elsewhere(
    service: Service,
    root: Path,
    targets: Mapping[str, str],
    placeholders: Mapping[str, str],
    environ: Mapping[str, str],
) -> Elsewhere:
    """Return a system of one service that runs already.

    Args:
        service: Its configuration.
        root: Folder of the code of its provider states.
        targets: Where it listens, by transport.
        placeholders: Values of stores, such as ``kafka.bootstrap``.
        environ: The environment of this process.
    """
    instance = Instance(service.name, "", Source(root))
    handle = ServiceElsewhere(instance, service, environ)
    return System(
        MappingProxyType({instance: handle}),
        Placeholders(placeholders),
        targets=MappingProxyType({instance.name: MappingProxyType(dict(targets))}),
    )
