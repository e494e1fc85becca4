"""File names of contracts: ``<consumer>-<provider>.json``, unless that could be the contract of two other parties."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TypeAlias

from servanda.errors import RecordingError
from servanda.pact.load import READER

Parties: TypeAlias = tuple[str, str]
"""Consumer and provider."""


def require_file_name(name: str, role: str, test: str) -> None:
    """Refuse a party whose contracts would have no file of their own in the folder of contracts.

    Args:
        name: Name of the party.
        role: Consumer or provider.
        test: The test that records.

    Raises:
        RecordingError: The name has a character that separates folders, or one that is not printed.
    """
    if any(character in "/\\" or not character.isprintable() for character in name):
        raise RecordingError(
            f"the {role} {name!r} cannot stand in the name of a file",
            where=test,
            hint="name the pacticipant without slashes and control characters",
        )


def file_for(folder: Path, parties: Parties, known: Collection[str]) -> Path:
    """Return the file that the contract of two parties is written to.

    The contracts of ``web`` with ``app-api`` and of ``web-app`` with ``api`` would have the same name: where that can
    happen, each gets two hyphens between its parties.

    Args:
        folder: Folder of the contracts.
        parties: Consumer and provider.
        known: All names that a party can have.

    Raises:
        ContractError: A file that is there cannot be read.
        RecordingError: Both files that it could be are those of other parties.
    """
    plain, apart = candidates(folder, parties)
    if not is_ambiguous(parties, known) and parties_of(plain) in (None, parties):
        return plain
    if parties_of(apart) not in (None, parties):
        consumer, provider = parties
        raise RecordingError(
            f"the contract of '{consumer}' with '{provider}' has no file: this one holds that of other parties",
            where=str(apart),
            hint="rename one of the parties, or move the file",
        )
    return apart


def candidates(folder: Path, parties: Parties) -> tuple[Path, Path]:
    """Return the files that the contract of two parties can be in."""
    consumer, provider = parties
    return folder / f"{consumer}-{provider}.json", folder / f"{consumer}--{provider}.json"


def is_ambiguous(parties: Parties, known: Collection[str]) -> bool:
    """Tell whether two other known parties could have the same name for their contract, with one hyphen or with two."""
    joined = "-".join(parties)
    places = ((at, between) for between in ("-", "--") for at in range(len(joined)) if joined.startswith(between, at))
    splits = ((joined[:at], joined[at + len(between) :]) for at, between in places)
    return any(split != parties and set(split) <= set(known) for split in splits)


def parties_of(file: Path) -> Parties | None:
    """Return the parties of the contract in a file; ``None`` if there is no file.

    Raises:
        ContractError: It cannot be read.
    """
    if not file.is_file():
        return None
    document = READER.read(file).root.table()
    return document.table("consumer").name("name"), document.table("provider").name("name")
