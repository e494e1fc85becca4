"""Running versions of services, and the code that each of them runs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from servanda.configuration import Configuration, Service, find, load, unknown_service
from servanda.errors import ConfigurationError
from servanda.supervision.container import Image
from servanda.verdict import InstanceFact

# A version is part of file names and of placeholders.
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,99}")


@dataclass(frozen=True, slots=True)
class Source:
    """Code that instances run.

    Attributes:
        folder: Folder of the configuration file; commands, migrations and provider states run in it.
        commit: Commit that is checked out there; empty for the working tree, which may differ from every commit.
        python: Python that its commands and provider states are run by; empty for the one that runs the suite.
        installed: Environment that a wheel is installed into, which its processes have to run; empty for code that
            lies in the folder.
        image: Image that its processes run in; the folder is then a copy of what it holds. ``None`` for processes of
            the host.
        digest: Hash of what it is made of, for code that is no commit.
    """

    folder: Path
    commit: str = ""
    python: str = ""
    installed: str = ""
    image: Image | None = None
    digest: str = ""

    @property
    def is_artifact(self) -> bool:
        """Tell whether it is what a release publishes, which need not hold what tests it."""
        return bool(self.installed) or self.image is not None


@dataclass(frozen=True, slots=True)
class Instance:
    """A running version of a service. The instances of one service share its stores.

    Attributes:
        version: Name of the version; empty for the only one that its run needs to know.
        number: Which one it is of the instances of this version, from 1.
    """

    service: str
    version: str
    source: Source
    number: int = 1

    def __post_init__(self) -> None:
        """Refuse a version that cannot be part of a name.

        Raises:
            ConfigurationError: It has other characters than those of a version, or too many.
        """
        if self.version and not _VERSION.fullmatch(self.version):
            raise ConfigurationError(
                f"'{self.version}' cannot be the version of the service '{self.service}'",
                hint="expected up to 100 of the characters A-Z a-z 0-9 . _ + -, a letter or a digit first",
            )

    @property
    def name(self) -> str:
        """Return ``<service>@<version>``, or ``<service>`` for one without a version; unique in a run.

        The second one of a version is ``<service>@<version>#2``.
        """
        name = f"{self.service}@{self.version}" if self.version else self.service
        return f"{name}#{self.number}" if self.number > 1 else name

    @property
    def fact(self) -> InstanceFact:
        """Return its fact for a verdict."""
        return InstanceFact(self.service, self.version, self.source.commit or self.source.digest)


def configured(instances: Iterable[Instance], configuration: Configuration) -> Mapping[Instance, Service]:
    """Give each instance the configuration that its own source has for its service.

    Args:
        instances: Of any sources.
        configuration: That of the working tree, which is not read again.

    Raises:
        ConfigurationError: A source has no configuration, or its configuration does not have the service.
    """
    read = {configuration.root.resolve(): configuration}
    found: dict[Instance, Service] = {}
    for instance in instances:
        folder = instance.source.folder.resolve()
        if folder not in read:
            read[folder] = _loaded(folder)
        services = read[folder].services
        if instance.service not in services:
            raise ConfigurationError(
                f"service '{instance.service}' is not configured",
                where=str(folder),
                hint=unknown_service(instance.service, services).hint,
            )
        found[instance] = services[instance.service]
    return MappingProxyType(found)


def _loaded(folder: Path) -> Configuration:
    path = find(folder)
    # A checkout may lie within the working tree, whose configuration is not its own.
    if path.parent != folder:
        raise ConfigurationError(
            "the source of an instance has no configuration",
            where=str(folder),
            hint=f"expected a servanda.toml or [tool.servanda] in this folder; the closest one above is {path}",
        )
    return load(path)
