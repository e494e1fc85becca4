"""Versions that are ready to run, and the instances that a step has of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from servanda.configuration import Configuration, Service, find, load
from servanda.errors import ConfigurationError
from servanda.supervision import Instance, Source
from servanda.versions.plan import Step, Version


@dataclass(frozen=True, slots=True)
class Ready:
    """A version with its code and what it says of itself.

    Attributes:
        configuration: Its own configuration; that of the working tree for a wheel, which has none, and for an image
            that holds none.
    """

    version: Version
    source: Source
    configuration: Configuration

    @property
    def is_described(self) -> bool:
        """Tell whether its configuration, and so its contracts and formats, are its own."""
        return self.configuration.root.resolve() == self.source.folder.resolve()

    def instance(self, service: str, number: int = 1) -> Instance:
        """Return an instance of a service in this version, the first one or another."""
        return Instance(service, self.version.name, self.source, number)


def read_ready(version: Version, source: Source, configuration: Configuration) -> Ready:
    """Return a version with its own configuration.

    Args:
        version: The version.
        source: Where its code is.
        configuration: That of the working tree, which is not read again; a wheel, and an image that holds none, have
            that one too.

    Raises:
        ConfigurationError: It has none, or one that cannot be meant.
    """
    if source.installed or source.folder.resolve() == configuration.root.resolve():
        return Ready(version, source, configuration)
    path = find(source.folder)
    if source.image is not None and path.parent != source.folder:
        return Ready(version, source, configuration)
    # A checkout lies within the working tree, whose configuration is not its own.
    if path.parent != source.folder:
        hint = "it was released before the configuration was written; name a later version"
        raise ConfigurationError("the version has no configuration", where=version.name, hint=hint)
    return Ready(version, source, load(path))


def instances_of(versions: Mapping[str, Ready], names: Iterable[str], most: int = 1) -> Mapping[Instance, Service]:
    """Return instances of every service in each of these versions, with their configurations.

    Args:
        versions: The versions by name.
        names: Those that are wanted.
        most: How many instances of a service in one version.
    """
    found: dict[Instance, Service] = {}
    for name in names:
        ready = versions[name]
        for service, each in ready.configuration.services.items():
            found |= dict.fromkeys((ready.instance(service, number) for number in range(1, most + 1)), each)
    return MappingProxyType(found)


def overrides_of(versions: Mapping[str, Ready], most: int = 1) -> Mapping[str, Mapping[str, str]]:
    """Return the variables that win over those of a process while versions live together, by name of the instance.

    Args:
        versions: The versions by name, the candidate last; a version that names none gets those of the candidate.
        most: How many instances of a service in one version.
    """
    *_, candidate = versions.values()
    of_candidate = {name: each.versions_environment for name, each in candidate.configuration.services.items()}
    return {
        ready.instance(name, number).name: service.versions_environment or of_candidate.get(name, {})
        for ready in versions.values()
        for name, service in ready.configuration.services.items()
        for number in range(1, most + 1)
    }


def live_in(step: Step, versions: Mapping[str, Ready]) -> Iterator[Instance]:
    """Yield the instances of a step; a version that does not have a service yet has no instance of it."""
    for service, names in step.live.items():
        for position, name in enumerate(names):
            if service in versions[name].configuration.services:
                yield versions[name].instance(service, names[:position].count(name) + 1)
