"""Differences between the reviewed contracts and those that the consumers' tests record."""

from __future__ import annotations

import itertools
import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from servanda.documents import ParsedDocument, Reader
from servanda.errors import ContractError
from servanda.pact import contract_files
from servanda.verdict import Location, Reason, ReasonKind

_Files: TypeAlias = Mapping[Path, Path]
"""Files by their paths from the folder."""
_Identity: TypeAlias = tuple[str, str]
"""Description and provider states: the same words in another state are another interaction."""

_INTERACTIONS = "interactions"
_READER = Reader(ContractError)


@dataclass(frozen=True, slots=True)
class Drift:
    """Differences between two folders of contracts.

    Attributes:
        reasons: Every contract and interaction that is missing, new or different.
        external: The contracts that were passed over, with their consumers.
    """

    reasons: tuple[Reason, ...]
    external: tuple[tuple[str, Path], ...] = ()


def drift(reviewed: Path, recorded: Path, is_external: Callable[[str], bool] = lambda _: False) -> Drift:
    """Return what is missing, new or different in the folder of what was recorded now.

    Expected is what was reviewed, actual is what was recorded.

    Args:
        reviewed: Folder of the contracts that were reviewed.
        recorded: Folder of those that were recorded now.
        is_external: Tells whether nobody here records a consumer: its contracts are passed over.

    Raises:
        ContractError: A contract cannot be read.
    """
    before, after = _by_parties(reviewed), _by_parties(recorded)
    passed_over = {key for key in before if key not in after and is_external(key[0])}
    reasons = (
        reason
        for key in sorted({**before, **after}.keys() - passed_over)
        for pair in _pairs(before.get(key, {}), after.get(key, {}))
        for reason in _contract(*pair, reviewed)
    )
    external = ((key[0], path) for key in sorted(passed_over) for path in before[key].values())
    return Drift(tuple(reasons), tuple(external))


def _by_parties(folder: Path) -> Mapping[tuple[str, str], _Files]:
    """By consumer and provider, whatever a file is called; one that does not name them goes by its own name."""
    found: dict[tuple[str, str], dict[Path, Path]] = defaultdict(dict)
    for path in contract_files(folder):
        found[_parties(path)][path.relative_to(folder)] = path
    return found


def _pairs(reviewed: _Files, recorded: _Files) -> Iterator[tuple[Path | None, Path | None]]:
    """Put the files of one consumer and provider side by side: those of the same name, then whichever are left."""
    same = [name for name in reviewed if name in recorded]
    yield from ((reviewed[name], recorded[name]) for name in same)
    before = (path for name, path in reviewed.items() if name not in same)
    after = (path for name, path in recorded.items() if name not in same)
    yield from itertools.zip_longest(before, after)


def _parties(path: Path) -> tuple[str, str]:
    document = _READER.read(path).value
    named = [document.get(role) if isinstance(document, dict) else None for role in ("consumer", "provider")]
    names = [each.get("name") if isinstance(each, dict) else None for each in named]
    return (str(names[0]), str(names[1])) if all(isinstance(each, str) for each in names) else ("", path.name)


def _contract(reviewed: Path | None, recorded: Path | None, folder: Path) -> Iterator[Reason]:
    if reviewed is None:
        name = recorded.name if recorded is not None else ""
        yield _reason(Location(str(folder / name)), "new contract, not reviewed yet")
    elif recorded is None:
        yield _reason(Location(str(reviewed)), "no test records this contract any longer")
    elif reviewed.read_bytes() != recorded.read_bytes():
        before, after = _READER.read(reviewed), _READER.read(recorded)
        old, new = _members(before), _members(after)
        found = list(_interactions(before, old.pop(_INTERACTIONS, None), new.pop(_INTERACTIONS, None)))
        yield from found or [
            _difference(Location(str(reviewed)), "the recorded contract differs from the reviewed one", old, new)
        ]


def _members(document: ParsedDocument) -> dict[str, object]:
    return dict(document.root.table().raw)


def _interactions(reviewed: ParsedDocument, before: object, after: object) -> Iterator[Reason]:
    old, new = _by_identity(before), _by_identity(after)
    lines = _lines(reviewed, before)
    for identity in sorted({**old, **new}):
        place = Location(reviewed.path, lines.get(identity, 0))
        told = _told(identity, {**old, **new})
        if identity not in new:
            yield _reason(place, f"no test records the interaction {told} any longer")
        elif identity not in old:
            yield _reason(place, f"new interaction {told}, not reviewed yet")
        elif old[identity] != new[identity]:
            message = f"the recorded interaction {told} differs from the reviewed one"
            yield _difference(place, message, old[identity], new[identity])


def _told(identity: _Identity, known: Collection[_Identity]) -> str:
    description, states = identity
    shared = sum(each[0] == description for each in known) > 1
    return f"'{description}' in the provider states {states}" if shared else f"'{description}'"


def _lines(document: ParsedDocument, interactions: object) -> dict[_Identity, int]:
    """By identity the line that its description stands on."""
    return {
        _identity(entry): document.extent((_INTERACTIONS, str(index), "description"))[0]
        for index, entry in enumerate(interactions if isinstance(interactions, list) else [])
        if isinstance(entry, dict) and "description" in entry
    }


def _by_identity(interactions: object) -> dict[_Identity, object]:
    entries = interactions if isinstance(interactions, list) else []
    return {_identity(entry): entry for entry in entries if isinstance(entry, dict)}


def _identity(entry: Mapping[str, object]) -> _Identity:
    states = json.dumps(entry.get("providerStates") or [], sort_keys=True, ensure_ascii=False)
    return str(entry.get("description", "")), states


def _difference(place: Location, message: str, before: object, after: object) -> Reason:
    old, new = dict(_leaves(before, "$")), dict(_leaves(after, "$"))
    path = next((path for path in {**old, **new} if old.get(path) != new.get(path)), "")
    return Reason(ReasonKind.DRIFT, message, path, old.get(path), new.get(path), place)


def _leaves(value: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and value:
        for key in sorted(value):
            yield from _leaves(value[key], f"{path}.{key}")
    elif isinstance(value, list) and value:
        for index, entry in enumerate(value):
            yield from _leaves(entry, f"{path}[{index}]")
    else:
        yield path, json.dumps(value, ensure_ascii=False)


def _reason(place: Location, message: str) -> Reason:
    return Reason(ReasonKind.DRIFT, message, evidence=place)
