"""Reading the configuration from ``servanda.toml`` or from ``[tool.servanda]`` of ``pyproject.toml``."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from servanda.configuration.broker import broker_settings
from servanda.configuration.limits import limits_of
from servanda.configuration.model import (
    Configuration,
    Contracts,
    EndToEnd,
    Events,
    ImpactSettings,
    Interfaces,
    Pacticipant,
    Service,
)
from servanda.configuration.readiness import readiness_probe, readiness_seconds
from servanda.configuration.recording import record_commands
from servanda.configuration.rules import level_of, rule_levels
from servanda.documents import Boundary, Notation, ParsedDocument, Reader, Table, Value
from servanda.errors import ConfigurationError
from servanda.extensions import STORES, TRANSPORTS
from servanda.transport import transport_kind
from servanda.verdict import Transport

# The first one that there is counts.
CONFIGURATION_FILES = ("servanda.toml", "pyproject.toml")
_READER = Reader(ConfigurationError)
# At most what lies between the first day that there is and today.
_AGE = re.compile(r"(?P<count>\d{1,5}) ?(?P<unit>[dw])(ays?|eeks?)?", re.ASCII)


def find(start: Path) -> Path:
    """Return the configuration file that governs ``start``: in it or in the closest folder above.

    Raises:
        ConfigurationError: There is none.
    """
    found = search(start)
    if found is None:
        raise ConfigurationError(
            "no configuration found in this folder or its parents",
            where=str(start),
            hint="write a servanda.toml; docs/reference/configuration.md shows a complete one",
        )
    return found


def search(start: Path) -> Path | None:
    """Return the configuration file that governs ``start``, if there is one.

    Raises:
        ConfigurationError: A file that could be it cannot be read.
    """
    for folder in (start, *start.parents):
        own, project = folder / "servanda.toml", folder / "pyproject.toml"
        if os.path.lexists(own):
            # Whatever it is: without it another one above, or none, would decide.
            Boundary.around(folder, ConfigurationError).inside(own)
            if not own.is_file():
                what = "a broken symbolic link" if own.is_symlink() else "something else"
                raise ConfigurationError(f"expected a file, found {what}", where=str(own))
            return own
        if project.is_file() and _speaks_of_us(project):
            return project
    return None


def load(path: Path) -> Configuration:
    """Return the configuration in this file.

    Raises:
        ConfigurationError: It cannot be read, says something that cannot be meant, or names a path out of its tree; the
            error names line and column.
    """
    return _configuration(_READER.read(path), path)


def parse_configuration(content: bytes, path: Path) -> Configuration:
    """Return the configuration that a file held at another time.

    Args:
        content: What it held.
        path: The file; paths are relative to its folder.

    Raises:
        ConfigurationError: It cannot be read, or says something that cannot be meant.
    """
    return _configuration(_READER.parse(content, str(path), Notation.TOML), path)


def earlier_configuration(
    content: Callable[[Path], bytes | None], folders: Iterable[Path], name: str | None = None
) -> Configuration | None:
    """Return the configuration that governed a folder at another time.

    Its paths are not followed: what they lead to now is for whoever opens them to judge.

    Args:
        content: Returns what a file held then; ``None`` if there was none.
        folders: The folder, and those above it.
        name: Name of the present configuration file; one that has to be chosen by a user is looked for alone.

    Raises:
        ConfigurationError: It cannot be read, or says something that cannot be meant.
    """
    names = CONFIGURATION_FILES if name in (None, *CONFIGURATION_FILES) else (str(name),)
    for folder in folders:
        for each in names:
            held = content(folder / each)
            if held is None:
                continue
            document = _READER.parse(held, str(folder / each), Notation.TOML)
            if each != "pyproject.toml" or _is_ours(document):
                return _configuration(document, folder / each, is_followed=False)
    return None


def _configuration(document: ParsedDocument, path: Path, *, is_followed: bool = True) -> Configuration:
    top = document.root.table()
    if path.name == "pyproject.toml":
        top = top.table("tool").table("servanda")
    root = path.resolve().parent
    folders = _Folders(root, Boundary.around(root, ConfigurationError) if is_followed else None)
    tables = dict(top.table("services").tables())
    services = {name: _service(name, table, folders) for name, table in tables.items()}
    configuration = Configuration(
        root=root,
        interfaces=_interfaces(folders, top.table("interfaces")),
        events=_events(top.table("events")),
        contracts=_contracts(folders, top.table("contracts")),
        end_to_end=_end_to_end(top.table("end-to-end")),
        services=MappingProxyType(services),
        pacticipants=MappingProxyType(_pacticipants(top.table("pacticipants"), services, folders)),
        entry=top.text("entry", ""),
        impact=_impact(top.table("impact")),
        limits=limits_of(top.table("limits")),
        rules=rule_levels(top.table("rules")),
        file=path,
    )
    top.close()
    for name, service in services.items():
        _reject_contradictions(service, tables[name], services)
    if configuration.entry and configuration.entry not in services:
        raise top.required("entry").error(f"'{configuration.entry}' is not a configured service")
    return configuration


def _speaks_of_us(project: Path) -> bool:
    """Tell whether a ``pyproject.toml`` holds a configuration; one that leads out of its tree is not read."""
    Boundary.around(project.parent, ConfigurationError).inside(project)
    return _is_ours(_READER.read(project))


def _is_ours(document: ParsedDocument) -> bool:
    tool = document.value.get("tool")
    return isinstance(tool, dict) and "servanda" in tool


@dataclass(frozen=True, slots=True)
class _Folders:
    """Reads paths, which lie in the tree.

    Attributes:
        root: Where they start from.
        boundary: The edge of the tree; ``None`` if paths are not followed.
    """

    root: Path
    boundary: Boundary | None

    def path(self, table: Table, key: str, default: str) -> Path:
        """Return the path that a key names."""
        path = self.root / table.text(key, default)
        found = table.get(key)
        if self.boundary is not None:
            self.boundary.inside(path, found.where if found is not None else None)
        return path

    def name(self, table: Table, key: str) -> str:
        """Return the path that a key names, as it is written; empty if it is absent."""
        text = table.text(key, "")
        if text:
            self.path(table, key, "")
        return text


def _interfaces(folders: _Folders, table: Table) -> Interfaces:
    interfaces = Interfaces(
        root=folders.path(table, "root", "proto"),
        releases=folders.path(table, "releases", "contracts/releases"),
        allow_buf_plugins=table.flag("allow_buf_plugins", default=False),
        lint=table.flag("lint", default=False),
    )
    table.close()
    return interfaces


def _events(table: Table) -> Events:
    events = Events(
        option=table.text("option", ""), topic=table.text("topic", "{topic}"), messages=table.mapping("messages")
    )
    table.close()
    return events


def _impact(table: Table) -> ImpactSettings:
    age, source_only = table.get("max_age"), table.get("source_only")
    table.close()
    return ImpactSettings(
        max_age=_days(age) if age is not None else None,
        source_only=level_of(source_only) if source_only is not None else None,
    )


def _days(age: Value) -> int:
    found = _AGE.fullmatch(age.text())
    if found is None:
        raise age.error(f"'{age.text()}' is not an age in days or weeks", 'write "90d" or "12w"')
    return int(found["count"]) * (7 if found["unit"] == "w" else 1)


def _contracts(folders: _Folders, table: Table) -> Contracts:
    contracts = Contracts(
        pacts=folders.path(table, "pacts", "contracts/pacts"),
        record=record_commands(table),
        broker=broker_settings(table.table("broker")),
    )
    table.close()
    return contracts


def _end_to_end(table: Table) -> EndToEnd:
    end_to_end = EndToEnd(command=table.texts("command"), environment=table.mapping("environment"))
    table.close()
    return end_to_end


def _pacticipants(table: Table, services: Mapping[str, Service], folders: _Folders) -> dict[str, Pacticipant]:
    pacticipants = {name: Pacticipant(name, service.owner, service.openapi) for name, service in services.items()}
    for name, entry in table.tables():
        pacticipants[name] = Pacticipant(name, entry.text("owner", ""), folders.name(entry, "openapi"))
        entry.close()
    return pacticipants


def _service(name: str, table: Table, folders: _Folders) -> Service:
    service = Service(
        name=name,
        command=table.texts("command"),
        owner=table.text("owner", ""),
        openapi=folders.name(table, "openapi"),
        migrate=table.texts("migrate"),
        environment=table.mapping("environment"),
        migrate_environment=table.mapping("migrate_environment"),
        ports=table.texts("ports"),
        transports=MappingProxyType(
            {_transport(key, value): value.text() for key, value in table.table("transports").entries()}
        ),
        ready=readiness_probe(table, table.texts("ports")),
        ready_seconds=readiness_seconds(table),
        depends_on=table.texts("depends_on"),
        stores=tuple(_store(value) for value in table.items("stores")),
        states=table.texts("states"),
        states_url=table.text("states_url", ""),
        headers=table.mapping("headers"),
        ca=folders.name(table, "ca"),
        topics=table.texts("topics"),
        drain_seconds=table.number("drain_seconds", 10.0),
    )
    table.close()
    return service


def _store(place: Value) -> str:
    name = place.text()
    if not STORES.has(name):
        raise place.error(f"unknown store '{name}'", f"known: {', '.join(STORES.names())}")
    return name


def _transport(name: str, place: Value) -> Transport:
    if not TRANSPORTS.has(name):
        raise place.error(f"unknown transport '{name}'", f"known: {', '.join(TRANSPORTS.names())}")
    return Transport(name)


def _reject_contradictions(service: Service, table: Table, services: Mapping[str, Service]) -> None:
    if not service.command:
        raise table.error("'command' is missing", "add the command that starts the service")
    for other in table.items("depends_on"):
        if other.text() not in services:
            raise other.error(f"depends on '{other.text()}', which is not configured")
    for transport, port in table.table("transports").entries():
        if port.text() not in service.ports and transport_kind(transport).has_port:
            raise port.error(f"transport '{transport}' names the unknown port '{port.text()}'")
