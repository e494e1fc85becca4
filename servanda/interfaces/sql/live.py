"""The versions of a service that are live, by the documents of their statements."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from servanda.configuration import Configuration
from servanda.documents import Boundary, DocumentLimits, files_in, read_bytes
from servanda.errors import ContractError, InterfaceError
from servanda.interfaces.inputs.git import branching_point
from servanda.interfaces.sql.document import Statements, parse
from servanda.interfaces.trees import CommitTree

MAIN: Final = "(main)"
"""Name of the version that the main branch runs where this branch left it."""
_FOLDER: Final = "sql"


def statements_folder(configuration: Configuration) -> Path:
    """Return the folder of documents of statements: beside the pacts.

    Raises:
        ContractError: It is a link that leads out of the tree.
    """
    folder = configuration.contracts.pacts.parent / _FOLDER
    Boundary.around(configuration.root, ContractError).inside(folder)
    return folder


def document_path(configuration: Configuration, service: str) -> Path:
    """Return the document of what the working tree runs.

    Raises:
        ContractError: The folder is a link that leads out of the tree.
    """
    return statements_folder(configuration) / f"{service}.json"


def own_statements(configuration: Configuration, service: str) -> Statements | None:
    """Return what the working tree runs; ``None`` if nobody recorded it.

    Raises:
        ContractError: The document cannot be read.
    """
    path = document_path(configuration, service)
    return _load(configuration, path, "") if path.is_file() else None


def released_statements(configuration: Configuration, service: str, version: str) -> Statements | None:
    """Return what a released version runs; ``None`` if nobody recorded it.

    Raises:
        ContractError: The document cannot be read.
    """
    path = statements_folder(configuration) / version / f"{service}.json"
    return _load(configuration, path, version) if path.is_file() else None


def live_versions(configuration: Configuration, service: str, named: Collection[str] = ()) -> tuple[Statements, ...]:
    """Return what each live version runs: the released ones, the main branch, and the working tree.

    Args:
        configuration: Says where documents are.
        service: Name of the service.
        named: Names of the released versions that are live; all of them if empty.

    Raises:
        ContractError: A document cannot be read, or a version that somebody named has none.
        InterfaceError: Nothing is released, and git does not tell where this branch left the main one.
    """
    folder = statements_folder(configuration)
    released = {
        path.parent.name: path
        for path in files_in(folder, f"*/{service}.json", ContractError)
        if path.parent.parent == folder
    }
    if unknown := sorted(set(named) - set(released)):
        known = ", ".join(released) or "none"
        raise ContractError(
            f"no statements of {service} {unknown[0]} are recorded",
            where=str(folder),
            hint=f"versions with statements of {service}: {known}",
        )
    found = [_load(configuration, path, name) for name, path in released.items() if not named or name in named]
    found += _of_main(configuration, service, is_needed=not found)
    if (own := own_statements(configuration, service)) is not None:
        found.append(own)
    return tuple(found)


def _of_main(configuration: Configuration, service: str, *, is_needed: bool) -> Iterator[Statements]:
    try:
        base = branching_point(configuration.root)
    except InterfaceError:
        if is_needed:
            raise
        base = None  # the released versions are enough
    if base is None:
        return
    tree = CommitTree(*base)
    path = document_path(configuration, service).resolve()
    if path.is_relative_to(tree.top):
        inside = path.relative_to(tree.top).as_posix()
        content = tree.read(inside)
        if content is not None:
            yield parse(content, inside, MAIN)


def _load(configuration: Configuration, path: Path, version: str) -> Statements:
    shown = path.relative_to(configuration.root).as_posix() if path.is_relative_to(configuration.root) else str(path)
    Boundary.around(configuration.root, ContractError).inside(path)
    return parse(read_bytes(path, shown, DocumentLimits().size, ContractError), shown, version)
