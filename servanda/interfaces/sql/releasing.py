"""Statements of the working tree as those of a released version."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from servanda.configuration import Configuration, Service
from servanda.documents import Boundary, replace_text
from servanda.errors import ContractError
from servanda.interfaces.sql.document import Statements, dump
from servanda.interfaces.sql.live import own_statements, statements_folder
from servanda.interfaces.sql.migration import files_of


def to_release(configuration: Configuration, version: str) -> Mapping[Path, Statements]:
    """Return the documents that a released version gets, by their paths.

    Args:
        configuration: Says where documents are.
        version: Name of the version.

    Raises:
        ContractError: A document cannot be read, was recorded with other migrations, or was released already.
        InterfaceError: There is no folder of migrations.
    """
    folder, found = statements_folder(configuration) / version, dict[Path, Statements]()
    for service in configuration.services.values():
        own = own_statements(configuration, service.name) if service.migrations is not None else None
        if own is not None:
            _require_present(configuration, service, own)
            found[folder / f"{service.name}.json"] = replace(own, version=version)
    if known := [path for path in found if path.exists()]:
        raise ContractError(
            f"the statements of version {version} were released already",
            where=str(known[0]),
            hint="a release never changes; choose a new version",
        )
    return found


def release_statements(configuration: Configuration, documents: Mapping[Path, Statements]) -> None:
    """Write documents of a released version.

    Raises:
        ContractError: One cannot be written.
    """
    for path, document in documents.items():
        replace_text(path, dump(document), Boundary.around(configuration.root, ContractError))


def _require_present(configuration: Configuration, service: Service, own: Statements) -> None:
    assert service.migrations is not None, "a service without has no document"  # noqa: S101 - for the type checker
    files = files_of(service.migrations, os.path.relpath(service.migrations.folder, configuration.root))
    now = {file.name: file.digest for file in files}
    if differing := sorted(dict(now.items() ^ own.migrations.items())):
        raise ContractError(
            f"the statements of {service.name} were recorded with other migrations: {', '.join(differing)}",
            where=own.path,
            hint="record them again: 'servanda verify'; 'servanda help sql' tells of other ways",
        )
