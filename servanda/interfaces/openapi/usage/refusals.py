"""Objections of a schema to a value; the parts inside the value are asked one by one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from servanda.interfaces.openapi.admission.references import parts, properties
from servanda.interfaces.openapi.document import Node
from servanda.interfaces.openapi.limits import KINDS, holds
from servanda.interfaces.openapi.schema import Schema, schema
from servanda.interfaces.openapi.values import as_json, type_of
from servanda.interfaces.usage.use import Use

_CHOICES: Final = frozenset({"oneOf", "anyOf"})
_LIMITS: Final = frozenset(KINDS)
_OF_VALUES: Final = _CHOICES | _LIMITS | {"type", "enum", "additionalProperties"}


def concerning(keywords: frozenset[str], uses: Iterable[Use]) -> Iterator[Use]:
    """Yield uses as they concern a rule about keywords: one place may refuse a value for several reasons."""
    for use in uses:
        keyword = use.evidence.refused.partition(":")[0]
        if keyword in keywords or (keywords and not keyword):
            yield use
        elif keyword not in _OF_VALUES:
            # What is refused of a value is told beside the use of the value, so that this is one use and not two.
            yield replace(use, evidence=replace(use.evidence, example="", refused=""))


def new_objections(before: Schema, after: Schema, value: object) -> tuple[str, ...]:
    """Return what is objected to that was not, each as ``keyword: what it says``."""
    # Where nobody can tell, nothing is new: what may have been refused before, and what may be accepted now.
    known = {each.partition(":")[0] for each in _objections(before, value, undecided=False)}
    return tuple(each for each in _objections(after, value) if each.partition(":")[0] not in known)


def fits(found: Schema, value: object) -> bool:
    """Tell whether a value may be meant by an alternative: no demand is broken, and every property is a known one."""
    if any(_objections(found, value)):
        return False
    if not isinstance(value, Mapping):
        return True
    declared = {name: part for name, part in found.properties.items() if name in value}
    return len(declared) == len(value) and all(
        not any(_objections(schema(part), value[name])) for name, part in declared.items()
    )


def _objections(found: Schema, value: object, *, undecided: bool = True) -> Iterator[str]:
    """Yield all that a schema objects to; a pattern that cannot be tried is kept or not as ``undecided`` says."""
    if type_of(value) not in found.types:
        yield f"type: {' or '.join(sorted(found.types)) or 'nothing'}"
        return
    if found.values is not None and as_json(value) not in found.values:
        yield f"enum: {', '.join(sorted(found.values))}"
    for limit in found.limits.values():
        if holds(limit, value) is not True and (holds(limit, value) is False or not undecided):
            yield f"{limit.name}: {limit.shown}"
    if isinstance(value, Mapping):
        impossible = sorted(
            name for name in found.required & found.properties.keys() if _is_empty(found.properties[name])
        )
        if impossible:
            yield f"type: no object, as {impossible[0]} cannot be anything"
        unknown = sorted(set(value) & _forbidden(found, value))
        if unknown:
            yield f"additionalProperties: false, {unknown[0]}"
    for keyword in sorted(_CHOICES & found.choices.keys()):
        if not any(_takes(schema(each), value) for each in found.choices[keyword]):
            yield f"{keyword}: no alternative"


def _is_empty(node: Node) -> bool:
    """Tell whether a schema lists values of which none keeps its limits."""
    part = schema(node)
    listed = (json.loads(each) for each in part.values) if part.values is not None else None
    return listed is not None and all(
        any(holds(limit, each) is False for limit in part.limits.values()) for each in listed
    )


def _forbidden(found: Schema, value: Mapping[str, object]) -> set[str]:
    """Return the properties that some part of a schema forbids: a closed part of ``allOf`` knows its own ones only."""
    forbidden: set[str] = set()
    for part in parts(found.node):
        said = part.value if isinstance(part.value, dict) else {}
        if said.get("additionalProperties") is False and "patternProperties" not in said:
            listed = properties(part)
            forbidden |= value.keys() - (listed.object().keys() if listed is not None else set())
    return forbidden


def _takes(alternative: Schema, value: object) -> bool:
    """Tell whether an alternative does not object for certain; alternatives of its own are not looked into."""
    if type_of(value) not in alternative.types:
        return False
    return alternative.values is None or as_json(value) in alternative.values
