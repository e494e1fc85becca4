"""Extension points: the parts that come with the suite, and those that other distributions add by entry points.

A part is named ``module:attribute`` and imported when it is first asked for, never before.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import os
import site
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING, Final

from servanda.errors import ExtensionError
from servanda.extras import missing

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

# Of the groups of all extension points.
_PREFIX = "servanda."
_METADATA = (".dist-info", ".egg-info")


def site_folders() -> tuple[str, ...]:
    """Return the folders of the path into which packages are installed.

    The working directory and the folders of editable projects are in the path too; what lies there may come with a
    stranger's change, and is not installed.
    """
    sites = {*site.getsitepackages(), *([site.getusersitepackages()] if site.ENABLE_USER_SITE else ())}
    return tuple(folder for folder in sys.path if folder in sites)


@dataclass(frozen=True, slots=True)
class ExtensionPoint:
    """One kind of part that can be added.

    Attributes:
        noun: What a part is called in messages.
        group: Group of entry points that add parts.
        built_in: What comes with the suite, ``module:attribute`` by name, in the order in which it is used and shown.
        folders: Gives the folders of installed distributions.
    """

    noun: str
    group: str
    built_in: Mapping[str, str]
    folders: Callable[[], Sequence[str]] = site_folders

    def names(self) -> tuple[str, ...]:
        """Return the names of all parts: those of the suite in their order, then the installed ones by name.

        Raises:
            ExtensionError: Two parts have the same name.
        """
        return (*self.built_in, *sorted(_installed(self)))

    def has(self, name: str) -> bool:
        """Tell whether there is a part of this name; nothing is imported for that.

        Raises:
            ExtensionError: Two installed parts have the same name.
        """
        return name in self.built_in or name in _installed(self)

    def ordered(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return each of these names once: those of the suite in their order, then the others by name."""
        wanted = set(names)
        return (*(name for name in self.built_in if name in wanted), *sorted(wanted - set(self.built_in)))

    def load(self, name: str) -> object:
        """Import a part.

        Raises:
            ExtensionError: There is no part of this name, or the distribution that has it is broken.
        """
        if name in self.built_in:
            module, _, attribute = self.built_in[name].partition(":")
            found: object = getattr(importlib.import_module(module), attribute)
            return found
        added = _installed(self).get(name)
        if added is None:
            known = ", ".join(self.names())
            raise ExtensionError(f"unknown {self.noun} '{name}'", hint=f"known: {known}; extensions can add others")
        try:
            return added.load()
        except (Exception, SystemExit) as error:
            raise self.broken(name, f"cannot be imported: {type(error).__name__}: {error}") from error

    def module(self, name: str, module: str) -> ModuleType:
        """Import a module that belongs to a part.

        Raises:
            ExtensionError: It is broken, or needs a library that is not installed.
            MissingExtraError: It needs a library of one of the suite's extras.
        """
        try:
            return importlib.import_module(module)
        except ModuleNotFoundError as error:
            known = missing(error.name, where=f"{self.noun} {name}")
            raise known or self.broken(name, f"needs the module {error.name}, which is not installed") from error
        except (Exception, SystemExit) as error:
            if name in self.built_in:
                raise
            raise self.broken(name, f"cannot be imported: {type(error).__name__}: {error}") from error

    def broken(self, name: str, what: str) -> ExtensionError:
        """Return the error that names the distribution whose part cannot be used, and why."""
        added = None if name in self.built_in else _installed(self).get(name)
        if added is None:
            return ExtensionError(f"the {self.noun} '{name}' {what}")
        owner = _owner(added)
        return ExtensionError(
            f"the {self.noun} '{name}' {what}",
            where=f"distribution {owner}, entry point {self.group}: {name} = {added.value}",
            hint=f"update or uninstall {owner}",
        )


def _installed(point: ExtensionPoint) -> dict[str, EntryPoint]:
    found: dict[str, EntryPoint] = {}
    for added in _entry_points(tuple(point.folders())):
        if added.group != point.group:
            continue
        if added.name in point.built_in:
            raise _taken(point, added, "Servanda itself")
        if (other := found.get(added.name)) is not None:
            raise _taken(point, added, _owner(other))
        found[added.name] = added
    return found


def _taken(point: ExtensionPoint, added: EntryPoint, other: str) -> ExtensionError:
    return ExtensionError(
        f"the {point.noun} '{added.name}' of {_owner(added)} has the same name as the one of {other}",
        where=f"entry points {point.group}",
        hint=f"uninstall {_owner(added)}, or ask its authors to choose another name",
    )


@functools.lru_cache
def _entry_points(folders: tuple[str, ...]) -> tuple[EntryPoint, ...]:
    if not any(map(_adds_parts, folders)):
        return ()
    # Imported here: with the metadata of all that is installed it costs more than most checks.
    from importlib.metadata import distributions  # noqa: PLC0415

    seen: dict[str, tuple[EntryPoint, ...]] = {}
    for distribution in distributions(path=list(folders)):
        seen.setdefault(distribution.name, tuple(distribution.entry_points))
    return tuple(added for each in seen.values() for added in each if added.group.startswith(_PREFIX))


def _adds_parts(folder: str) -> bool:
    """Tell whether the entry points of something in a folder may be in one of our groups."""
    header = f"[{_PREFIX}".encode()
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.lower().endswith(_METADATA):
                with contextlib.suppress(OSError), open(f"{entry.path}/entry_points.txt", "rb") as file:  # noqa: PTH123 - there are hundreds
                    if header in file.read():
                        return True
    return False


def _owner(added: EntryPoint) -> str:
    return added.dist.metadata["Name"] if added.dist is not None else "an unknown distribution"


def _table(rows: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType(dict(rows))


# Every part of the suite has its row here, and stands in a folder of its own.
KINDS: Final = ExtensionPoint(
    "kind of interface",
    "servanda.kinds",
    _table(
        {
            "openapi": "servanda.interfaces.openapi.kind:OpenApi",
            "sql": "servanda.interfaces.sql.kind:Sql",
            "values": "servanda.interfaces.values.kind:Values",
            "protobuf": "servanda.interfaces.protobuf.kind:Protobuf",
        }
    ),
)
"""Kinds of interfaces, each a class or function without arguments; see :class:`servanda.interfaces.kind.Kind`."""

TRANSPORTS: Final = ExtensionPoint(
    "transport",
    "servanda.transports",
    _table(
        {
            "http": "servanda.transports.http:TRANSPORT",
            "grpc": "servanda.transports.grpc:TRANSPORT",
            "kafka": "servanda.transports.kafka:TRANSPORT",
        }
    ),
)
"""Transports that contracts speak of; see :class:`servanda.transport.TransportKind`."""

STORES: Final = ExtensionPoint(
    "store",
    "servanda.stores",
    _table(
        {
            "postgres": "servanda.infra.stores.postgres:STORE",
            "redis": "servanda.infra.stores.redis:STORE",
            "kafka": "servanda.infra.stores.kafka:STORE",
        }
    ),
)
"""Stores that services need; see :class:`servanda.infra.store.StoreKind`."""

FORMATS: Final = ExtensionPoint(
    "format",
    "servanda.formats",
    _table(
        {
            "text": "servanda.report.text:FORMAT",
            "json": "servanda.report.json:FORMAT",
            "junit": "servanda.report.junit:FORMAT",
            "sarif": "servanda.report.sarif:FORMAT",
            "github": "servanda.report.github:FORMAT",
            "gitlab": "servanda.report.gitlab:FORMAT",
            "markdown": "servanda.report.markdown:FORMAT",
            "html": "servanda.report.html:FORMAT",
            "ctrf": "servanda.report.ctrf:FORMAT",
        }
    ),
)
"""Formats of verdicts; see :class:`servanda.report.formats.Format`."""

RUNNERS: Final = ExtensionPoint(
    "runner",
    "servanda.runners",
    _table(
        {
            "local": "servanda.jobs.running.local:local",
            "dask": "servanda.jobs.running.dask:dask",
            "kubernetes": "servanda.jobs.running.kubernetes:kubernetes",
        }
    ),
)
"""Ways to run jobs, each a function of an address; see :class:`servanda.jobs.running.Runner`."""
