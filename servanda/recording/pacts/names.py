"""Choice of the file of a contract: the usual one, unless that could be the contract of two other parties."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Final

from servanda.documents import Boundary
from servanda.errors import RecordingError
from servanda.pact.file_names import Parties, candidates, earlier, encoded, folded
from servanda.pact.load import READER

_BETWEEN: Final = ("-", "--")


def file_for(folder: Path, parties: Parties, known: Collection[str]) -> Path:
    """Return the file that the contract of two parties is written to.

    The contracts of ``web`` with ``app-api`` and of ``web-app`` with ``api`` would have the same name: where that can
    happen, each gets two hyphens between its parties. Where that does not help, as with ``Web`` and ``web`` on systems
    that do not tell them apart, it gets a hash of them.

    Args:
        folder: Folder of the contracts.
        parties: Consumer and provider.
        known: All names that a party can have.

    Raises:
        ContractError: A file that is there cannot be read.
        RecordingError: Every file that it could be is that of other parties.
    """
    *plain, hashed = candidates(folder, parties)
    alike = _by_file_name(known)
    for file in plain:
        if not is_ambiguous(file.stem, parties, alike) and parties_of(file) in (None, parties):
            return file
    if parties_of(hashed) not in (None, parties):
        consumer, provider = parties
        raise RecordingError(
            f"the contract of '{consumer}' with '{provider}' has no file: this one holds that of other parties",
            where=str(hashed),
            hint="move the file",
        )
    return hashed


def older_file(folder: Path, parties: Parties) -> Path | None:
    """Return the file that the contract of two parties is in; ``None`` if there is none.

    Raises:
        ContractError: A file that is there cannot be read.
        RecordingError: A file that is there is a link that leads out of the tree.
    """
    files = (*candidates(folder, parties), *earlier(folder, parties))
    for file in files:
        Boundary.around(folder, RecordingError).inside(file)
    return next((file for file in files if parties_of(file) == parties), None)


def is_ambiguous(stem: str, parties: Parties, alike: Mapping[str, Collection[str]]) -> bool:
    """Tell whether two other parties could have the same name for their contract, with one hyphen or with two.

    Args:
        stem: The name, without its ending.
        parties: Consumer and provider.
        alike: All names that a party can have, by what they are in the name of a file.
    """
    for consumer, provider in _splits(folded(stem)):
        if consumer in alike and provider in alike:
            pairs = ((one, other) for one in alike[consumer] for other in alike[provider])
            if any(pair != parties for pair in pairs):
                return True
    return False


def parties_of(file: Path) -> Parties | None:
    """Return the parties of the contract in a file; ``None`` if there is no file.

    Raises:
        ContractError: It cannot be read.
    """
    if not file.is_file():
        return None
    document = READER.read(file).root.table()
    return document.table("consumer").name("name"), document.table("provider").name("name")


def _splits(stem: str) -> Iterator[Parties]:
    for between in _BETWEEN:
        for at in range(len(stem)):
            if stem.startswith(between, at):
                yield stem[:at], stem[at + len(between) :]


def _by_file_name(known: Collection[str]) -> Mapping[str, Collection[str]]:
    alike: dict[str, set[str]] = defaultdict(set)
    for name in known:
        alike[folded(encoded(name))].add(name)
    return alike
