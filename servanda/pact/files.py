"""Files of a folder of contracts: those in its subfolders too, unless a name on the way begins with a point."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from servanda.documents import Boundary, names_in
from servanda.errors import ContractError

_PATTERN: Final = "**/*.json"


def contract_names(folder: Path) -> tuple[Path, ...]:
    """Return the files of a folder of contracts in order, for who asks :class:`Boundary` before reading each of them.

    Raises:
        ContractError: It is no folder.
    """
    found = names_in(folder, _PATTERN, ContractError)
    return tuple(path for path in found if not _is_hidden(path.relative_to(folder)))


def contract_files(folder: Path) -> tuple[Path, ...]:
    """Return the files of a folder of contracts in order; none if there is no folder.

    Raises:
        ContractError: It is no folder, or one of them is a link that leads out of the tree that the folder lies in.
    """
    found = contract_names(folder)
    boundary = Boundary.around(folder, ContractError)
    for path in found:
        boundary.inside(path)
    return found


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)
