"""Differences between the reviewed contracts and those that the consumers' tests record."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from servanda.documents import ParsedDocument, Reader, files_in
from servanda.errors import ContractError
from servanda.verdict import Location, Reason, ReasonKind

_INTERACTIONS = "interactions"
_READER = Reader(ContractError)


def drift(reviewed: Path, recorded: Path) -> tuple[Reason, ...]:
    """Return every contract and interaction that is missing, new or different in the folder of what was recorded now.

    Expected is what was reviewed, actual is what was recorded.

    Raises:
        ContractError: A contract cannot be read.
    """
    names = sorted({path.name for folder in (reviewed, recorded) for path in files_in(folder, "*.json", ContractError)})
    return tuple(reason for name in names for reason in _contract(reviewed / name, recorded / name))


def _contract(reviewed: Path, recorded: Path) -> Iterator[Reason]:
    if not reviewed.is_file():
        yield _reason(Location(str(reviewed)), "new contract, not reviewed yet")
    elif not recorded.is_file():
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
    old, new = _by_description(before), _by_description(after)
    lines = _lines(reviewed, before)
    for description in sorted({**old, **new}):
        place = Location(reviewed.path, lines.get(description, 0))
        if description not in new:
            yield _reason(place, f"no test records the interaction '{description}' any longer")
        elif description not in old:
            yield _reason(place, f"new interaction '{description}', not reviewed yet")
        elif old[description] != new[description]:
            message = f"the recorded interaction '{description}' differs from the reviewed one"
            yield _difference(place, message, old[description], new[description])


def _lines(document: ParsedDocument, interactions: object) -> dict[str, int]:
    """By description the line that it stands on."""
    return {
        str(entry["description"]): document.extent((_INTERACTIONS, str(index), "description"))[0]
        for index, entry in enumerate(interactions if isinstance(interactions, list) else [])
        if isinstance(entry, dict) and "description" in entry
    }


def _by_description(interactions: object) -> dict[str, object]:
    entries = interactions if isinstance(interactions, list) else []
    return {str(entry.get("description", "")): entry for entry in entries if isinstance(entry, dict)}


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
