"""What differs between the contracts that were reviewed and those that the consumers' tests record."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from servanda.errors import ContractError
from servanda.verdict import Location, Reason, ReasonKind

_INTERACTIONS = "interactions"


def drift(reviewed: Path, recorded: Path) -> tuple[Reason, ...]:
    """Every contract and interaction that is missing, new or different in the folder of what was recorded now.

    Expected is what was reviewed, actual is what was recorded.

    Raises:
        ContractError: A contract cannot be read.
    """
    names = sorted({path.name for folder in (reviewed, recorded) for path in folder.glob("*.json")})
    return tuple(reason for name in names for reason in _contract(reviewed / name, recorded / name))


def _contract(reviewed: Path, recorded: Path) -> Iterator[Reason]:
    if not reviewed.is_file():
        yield _reason(Location(str(reviewed)), "this contract is new: it was not reviewed yet")
    elif not recorded.is_file():
        yield _reason(Location(str(reviewed)), "no test records this contract any more")
    elif reviewed.read_bytes() != recorded.read_bytes():
        before, after = _read(reviewed), _read(recorded)
        found = list(_interactions(reviewed, before.pop(_INTERACTIONS, None), after.pop(_INTERACTIONS, None)))
        yield from found or [
            _difference(Location(str(reviewed)), "this contract was recorded differently", before, after)
        ]


def _read(path: Path) -> dict[str, object]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ContractError(f"no JSON: {error}", where=str(path), hint="record the contract again") from error
    if not isinstance(document, dict):
        raise ContractError("expected a JSON object", where=str(path), hint="record the contract again")
    return document


def _interactions(file: Path, before: object, after: object) -> Iterator[Reason]:
    lines = file.read_text(encoding="utf-8").splitlines()
    old, new = _by_description(before), _by_description(after)
    for description in sorted({**old, **new}):
        place = Location(str(file), _line(lines, description))
        if description not in new:
            yield _reason(place, f"no test records the interaction '{description}' any more")
        elif description not in old:
            yield _reason(place, f"the interaction '{description}' is new: it was not reviewed yet")
        elif old[description] != new[description]:
            message = f"the interaction '{description}' was recorded differently"
            yield _difference(place, message, old[description], new[description])


def _by_description(interactions: object) -> dict[str, object]:
    entries = interactions if isinstance(interactions, list) else []
    return {str(entry.get("description", "")): entry for entry in entries if isinstance(entry, dict)}


def _line(lines: list[str], description: str) -> int:
    written = {json.dumps(description), json.dumps(description, ensure_ascii=False)}
    places = (
        number
        for number, line in enumerate(lines, start=1)
        if '"description"' in line and any(text in line for text in written)
    )
    return next(places, 0)


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
