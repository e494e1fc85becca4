"""A part of the interactions: those of some consumers, those of some descriptions, those that failed last time."""

from __future__ import annotations

import difflib
import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeAlias

from servanda.documents import Boundary, make_generated_folder, read_bytes, replace_text
from servanda.errors import ConfigurationError, VerificationError
from servanda.pact import PactFile
from servanda.verdict import InteractionResult, Outcome
from servanda.verification.contracts import LoadedContracts

Identity: TypeAlias = tuple[str, str, str]
"""Consumer, provider and title of an interaction."""

_FILE: Final = "failed.json"
_PARTS: Final = 3
_MOST_BYTES: Final = 64 << 20


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
        self._require_failed(found)
        files = tuple(self._part(file) for file in found.files)
        unreadable = tuple(result for result in found.unreadable if self._has(_identity(result), (result.interaction,)))
        if not unreadable and not any(file.interactions for file in files):
            raise ConfigurationError("no interaction is selected", hint="leave out one of the options that select")
        return LoadedContracts(files, unreadable)

    def _require_failed(self, found: LoadedContracts) -> None:
        if self.identities is not None and self.identities.isdisjoint(_identities(found)):
            what = "no interaction failed when it was verified last"
            raise ConfigurationError(what, hint="leave out --rerun-failed: what failed is not in these contracts")

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
    hint = "leave out --rerun-failed"
    try:
        found = _read(folder)
    except VerificationError as error:
        raise VerificationError(f"what failed is not known: {error.what}", where=error.where, hint=hint) from error
    if not found:
        raise VerificationError("no interaction failed in the last run", where=str(folder / _FILE), hint=hint)
    return found


def remember(folder: Path, results: Iterable[InteractionResult], *, whole: bool = False) -> None:
    """Keep in mind which interactions did not hold: of several with one identity, one is enough.

    Args:
        folder: Where the file is; one that is damaged is replaced.
        results: What was verified.
        whole: Whether that was all there is; otherwise those that this run left out stay as they were.

    Raises:
        VerificationError: The file cannot be written.
    """
    told = [(_identity(result), result.outcome) for result in results]
    failed = {identity for identity, outcome in told if outcome in (Outcome.BROKEN, Outcome.UNKNOWN)}
    if not whole:
        failed |= _still_known(folder) - {identity for identity, _ in told}
    # In ASCII: a contract can name what UTF-8 cannot write, such as half of a surrogate pair.
    text = json.dumps([list(identity) for identity in sorted(failed)], indent=1) + "\n"
    boundary = Boundary.around(folder, VerificationError)
    make_generated_folder(folder, boundary)
    replace_text(folder / _FILE, text, boundary)


def _still_known(folder: Path) -> frozenset[Identity]:
    try:
        return _read(folder)
    except VerificationError:  # a damaged file would otherwise stay so for ever
        return frozenset()


def _read(folder: Path) -> frozenset[Identity]:
    path = folder / _FILE
    Boundary.around(folder, VerificationError).inside(path)
    if not path.is_file():
        return frozenset()
    content = read_bytes(path, str(path), _MOST_BYTES, VerificationError)
    try:
        rows = json.loads(content)  # no document of a person: what was remembered is read, whatever it is
    except (ValueError, RecursionError) as error:
        raise VerificationError(f"invalid JSON: {error}", where=str(path)) from error
    if not isinstance(rows, list) or not all(map(_is_identity, rows)):
        raise VerificationError("expected a list of consumer, provider and interaction", where=str(path))
    return frozenset((consumer, provider, title) for consumer, provider, title in rows)


def _is_identity(row: object) -> bool:
    return isinstance(row, list) and len(row) == _PARTS and all(isinstance(part, str) for part in row)


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
