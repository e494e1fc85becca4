"""Reading the configuration from ``servanda.toml`` or from ``[tool.servanda]`` of ``pyproject.toml``."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from servanda.configuration.keys import CONFIGURATION
from servanda.configuration.model import Configuration, Pacticipant, Service
from servanda.configuration.names import meant
from servanda.configuration.shape import Reading
from servanda.documents import Boundary, Notation, ParsedDocument, Reader, Table
from servanda.errors import ConfigurationError, ServandaError

# The first one that there is counts.
CONFIGURATION_FILES = ("servanda.toml", "pyproject.toml")
_READER = Reader(ConfigurationError)


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
            hint="write a servanda.toml: servanda init; 'servanda help configuration' shows a complete one",
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


def mistakes(path: Path) -> Sequence[ServandaError]:
    """Return every mistake in this file, in the order in which they are found; none if it can be used."""
    try:
        document = _READER.read(path)
    except ServandaError as error:
        return (error,)
    return _examined(document, path)[1]


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
    found, wrong = _examined(document, path, is_followed=is_followed)
    if found is None:
        raise wrong[0]
    return found


def _examined(
    document: ParsedDocument, path: Path, *, is_followed: bool = True
) -> tuple[Configuration | None, Sequence[ServandaError]]:
    """Return the configuration, or the mistakes in it."""
    root = path.resolve().parent
    reading = Reading(root, Boundary.around(root, ConfigurationError) if is_followed else None)
    with reading.noting():
        top = document.root.table()
        if path.name == "pyproject.toml":
            top = top.table("tool").table("servanda")
        values: dict[str, Any] | None = CONFIGURATION.read(top, reading)
        if values is not None:
            _require_known_services(values, top)
            services: Mapping[str, Service] = values["services"]
            served = {name: Pacticipant(name, each.owner, each.openapi) for name, each in services.items()}
            values["pacticipants"] = MappingProxyType({**served, **values["pacticipants"]})
            return Configuration(root=root, file=path, **values), ()
    return None, reading.mistakes


def _require_known_services(values: Mapping[str, Any], top: Table) -> None:
    services, entry = values["services"], values["entry"]
    for _, table in top.table("services").tables():
        for place in table.items("depends_on"):
            if place.text() not in services:
                raise place.error(
                    f"depends on '{place.text()}', which is not configured", meant(place.text(), services)
                )
    if entry and entry not in services:
        raise top.required("entry").error(f"'{entry}' is not a configured service", meant(entry, services))


def _speaks_of_us(project: Path) -> bool:
    """Tell whether a ``pyproject.toml`` holds a configuration; one that leads out of its tree is not read."""
    Boundary.around(project.parent, ConfigurationError).inside(project)
    return _is_ours(_READER.read(project))


def _is_ours(document: ParsedDocument) -> bool:
    tool = document.value.get("tool")
    return isinstance(tool, dict) and "servanda" in tool
