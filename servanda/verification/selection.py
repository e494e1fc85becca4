"""A part of the interactions: those of some consumers, those of some descriptions, those that failed last time."""

from __future__ import annotations

import difflib
import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeAlias

from servanda.documents import Boundary, Notation, Reader, make_generated_folder, write_text
from servanda.errors import ConfigurationError, VerificationError
from servanda.pact import PactFile
from servanda.verdict import InteractionResult, Outcome
from servanda.verification.contracts import LoadedContracts

Identity: TypeAlias = tuple[str, str, str]
"""Consumer, provider and title of an interaction."""

_FILE: Final = "failed.json"
_PARTS: Final = 3


@dataclass(frozen=True, slots=True)
class Selection:
    """Choice of the interactions that are verified.

    Attributes:
        consumers: Only those of these consumers; all if empty.
        interactions: Only those of these descriptions; all if empty.
        identities: Only these; all if ``None``.
    """

    consumers: tuple[str, ...] = ()
    interactions: tuple[str, ...] = ()
    identities: frozenset[Identity] | None = None

    def of(self, found: LoadedContracts) -> LoadedContracts:
        """Return the part of the contracts that is selected.

        Raises:
            ConfigurationError: A consumer or an interaction that is named is not there, or nothing is selected.
        """
        if self == Selection():
            return found
        _require("consumer", self.consumers, {consumer for consumer, _, _ in _identities(found)})
        titles = {title for _, _, title in _identities(found)}
        descriptions = {each.description for file in found.files for each in file.interactions}
        _require("interaction", self.interactions, titles | descriptions)
        files = tuple(self._part(file) for file in found.files)
        unreadable = tuple(result for result in found.unreadable if self._has(_identity(result), (result.interaction,)))
        if not unreadable and not any(file.interactions for file in files):
            raise ConfigurationError("no interaction is selected", hint="leave out one of the options that select")
        return LoadedContracts(files, unreadable)

    def _part(self, file: PactFile) -> PactFile:
        chosen = (
            each
            for each in file.interactions
            if self._has((file.consumer, file.provider, each.shown), (each.shown, each.description))
        )
        return replace(file, interactions=tuple(chosen))

    def _has(self, identity: Identity, names: Collection[str]) -> bool:
        return (
            (not self.consumers or identity[0] in self.consumers)
            and (not self.interactions or any(name in self.interactions for name in names))
            and (self.identities is None or identity in self.identities)
        )


def failed_before(folder: Path) -> frozenset[Identity]:
    """Return the interactions that did not hold when they were verified last.

    Raises:
        VerificationError: Nothing is known of an earlier run, or nothing failed in it.
    """
    found = _read(folder)
    if not found:
        raise VerificationError(
            "no interaction failed in the last run", where=str(folder / _FILE), hint="leave out --rerun-failed"
        )
    return found


def remember(folder: Path, results: Iterable[InteractionResult]) -> None:
    """Keep in mind which interactions did not hold; those that this run left out stay as they were.

    Raises:
        VerificationError: The file cannot be written.
    """
    verified = {_identity(result): result.outcome for result in results}
    failed = {identity for identity, outcome in verified.items() if outcome in (Outcome.BROKEN, Outcome.UNKNOWN)}
    kept = sorted(failed | (_read(folder) - set(verified)))
    text = json.dumps([list(identity) for identity in kept], ensure_ascii=False, indent=1) + "\n"
    boundary = Boundary.around(folder, VerificationError)
    make_generated_folder(folder, boundary)
    write_text(folder / _FILE, text, boundary)


def _read(folder: Path) -> frozenset[Identity]:
    path = folder / _FILE
    Boundary.around(folder, VerificationError).inside(path)
    if not path.is_file():
        return frozenset()
    rows = Reader(VerificationError).read(path, notation=Notation.JSON).root.items()
    return frozenset((row[0], row[1], row[2]) for each in rows if len(row := each.texts()) == _PARTS)


def _identities(found: LoadedContracts) -> Iterator[Identity]:
    for file in found.files:
        yield from ((file.consumer, file.provider, each.shown) for each in file.interactions)
    yield from map(_identity, found.unreadable)


def _identity(result: InteractionResult) -> Identity:
    return result.consumer, result.provider, result.interaction


def _require(what: str, named: Iterable[str], known: Collection[str]) -> None:
    for name in named:
        if name not in known:
            close = difflib.get_close_matches(name, known)
            hint = f"did you mean {' or '.join(map(repr, close))}?" if close else f"known: {', '.join(sorted(known))}"
            raise ConfigurationError(f"no contract has the {what} '{name}'", hint=hint)
