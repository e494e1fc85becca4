"""Reading the configuration from ``servanda.toml`` or from ``[tool.servanda]`` of ``pyproject.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from servanda.configuration.limits import limits_of
from servanda.configuration.model import (
    Configuration,
    Contracts,
    EndToEnd,
    Events,
    Interfaces,
    Pacticipant,
    Service,
    Store,
)
from servanda.configuration.table import Table
from servanda.errors import ConfigurationError
from servanda.verdict import Transport

# The first one that there is counts.
CONFIGURATION_FILES = ("servanda.toml", "pyproject.toml")
_Kind = TypeVar("_Kind", Transport, Store)


def find(start: Path) -> Path:
    """The configuration file that governs ``start``: in it or in the closest folder above.

    Raises:
        ConfigurationError: There is none.
    """
    found = search(start)
    if found is None:
        raise ConfigurationError(
            "no configuration found here or in a folder above",
            where=str(start),
            hint="write a servanda.toml; docs/reference/configuration.md shows a complete one",
        )
    return found


def search(start: Path) -> Path | None:
    """The configuration file that governs ``start``, if there is one.

    Raises:
        ConfigurationError: A file that could be it cannot be read.
    """
    for folder in (start, *start.parents):
        own, project = folder / "servanda.toml", folder / "pyproject.toml"
        if own.is_file():
            return own
        if project.is_file() and "servanda" in _parse(project).get("tool", {}):
            return project
    return None


def load(path: Path) -> Configuration:
    """The configuration in this file.

    Raises:
        ConfigurationError: It cannot be read, or says something that cannot be meant.
    """
    return _configuration(_parse(path), path)


def parse_configuration(content: bytes, path: Path) -> Configuration:
    """Return the configuration that a file held at another time.

    Args:
        content: What it held.
        path: The file; paths are relative to its folder.

    Raises:
        ConfigurationError: It cannot be read, or says something that cannot be meant.
    """
    return _configuration(_decoded(content, path), path)


def _configuration(document: dict[str, dict[str, dict[str, object]]], path: Path) -> Configuration:
    is_project = path.name == "pyproject.toml"
    top = Table(document.get("tool", {}).get("servanda", {}) if is_project else document, str(path))
    root = path.resolve().parent
    services = {name: _service(name, table) for name, table in top.table("services").tables()}
    configuration = Configuration(
        root=root,
        interfaces=_interfaces(root, top.table("interfaces")),
        events=_events(top.table("events")),
        contracts=_contracts(root, top.table("contracts")),
        end_to_end=_end_to_end(top.table("end-to-end")),
        services=MappingProxyType(services),
        pacticipants=MappingProxyType(_pacticipants(top.table("pacticipants"), services)),
        entry=top.text("entry", ""),
        limits=limits_of(top.table("limits")),
    )
    top.close()
    _reject_contradictions(configuration, str(path))
    return configuration


def _parse(path: Path) -> dict[str, dict[str, dict[str, object]]]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"cannot be read as TOML: {error}", where=str(path)) from error
    return _decoded(content, path)


def _decoded(content: bytes, path: Path) -> dict[str, dict[str, dict[str, object]]]:
    try:
        return tomllib.loads(content.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"cannot be read as TOML: {error}", where=str(path)) from error


def _interfaces(root: Path, table: Table) -> Interfaces:
    interfaces = Interfaces(
        root=root / table.text("root", "proto"),
        releases=root / table.text("releases", "contracts/releases"),
        allow_buf_plugins=table.flag("allow_buf_plugins"),
    )
    table.close()
    return interfaces


def _events(table: Table) -> Events:
    events = Events(option=table.text("option", ""), topic=table.text("topic", "{topic}"))
    table.close()
    return events


def _contracts(root: Path, table: Table) -> Contracts:
    contracts = Contracts(pacts=root / table.text("pacts", "contracts/pacts"), record=table.texts("record"))
    table.close()
    return contracts


def _end_to_end(table: Table) -> EndToEnd:
    end_to_end = EndToEnd(command=table.texts("command"), environment=table.mapping("environment"))
    table.close()
    return end_to_end


def _pacticipants(table: Table, services: Mapping[str, Service]) -> dict[str, Pacticipant]:
    pacticipants = {name: Pacticipant(name, service.owner, service.openapi) for name, service in services.items()}
    for name, entry in table.tables():
        pacticipants[name] = Pacticipant(name, entry.text("owner", ""), entry.text("openapi", ""))
        entry.close()
    return pacticipants


def _service(name: str, table: Table) -> Service:
    service = Service(
        name=name,
        command=table.texts("command"),
        owner=table.text("owner", ""),
        openapi=table.text("openapi", ""),
        migrate=table.texts("migrate"),
        environment=table.mapping("environment"),
        migrate_environment=table.mapping("migrate_environment"),
        ports=table.texts("ports"),
        transports=MappingProxyType(
            {_member(Transport, key, table.where): port for key, port in table.mapping("transports").items()}
        ),
        ready=table.text("ready", ""),
        depends_on=table.texts("depends_on"),
        stores=tuple(_member(Store, value, table.where) for value in table.texts("stores")),
        states=table.texts("states"),
        topics=table.texts("topics"),
        drain_seconds=table.number("drain_seconds", 10.0),
    )
    table.close()
    return service


def _member(kind: type[_Kind], value: str, where: str) -> _Kind:
    try:
        return kind(value)
    except ValueError:
        known = ", ".join(kind)
        raise ConfigurationError(
            f"unknown {kind.__name__.lower()} '{value}'", where=where, hint=f"known: {known}"
        ) from None


def _reject_contradictions(configuration: Configuration, where: str) -> None:
    for service in configuration.services.values():
        place = f"{where} services.{service.name}"
        if not service.command:
            raise ConfigurationError("'command' is missing", where=place, hint="say how the service is started")
        for other in service.depends_on:
            if other not in configuration.services:
                raise ConfigurationError(f"depends on '{other}', which is not configured", where=place)
        for transport, port in service.transports.items():
            if transport is not Transport.KAFKA and port not in service.ports:
                raise ConfigurationError(
                    f"transport '{transport}' names the port '{port}', not one of its ports", where=place
                )
    if configuration.entry and configuration.entry not in configuration.services:
        raise ConfigurationError(f"entry '{configuration.entry}' is not a configured service", where=where)
