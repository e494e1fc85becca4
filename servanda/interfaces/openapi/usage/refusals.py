"""Objections of a schema to a value; the parts inside the value are asked one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType, NoneType
from typing import Any, Final

from servanda.errors import LimitError, PatternError
from servanda.interfaces.limit import Limit
from servanda.interfaces.openapi.schema import Schema, as_json, schema
from servanda.interfaces.usage.use import Use
from servanda.patterns import compiled

_CHOICES: Final = frozenset({"oneOf", "anyOf"})
_LEAST: Final = MappingProxyType({"minLength": str, "minItems": list, "minProperties": dict})
_MOST: Final = MappingProxyType({"maxLength": str, "maxItems": list, "maxProperties": dict})
_LIMITS: Final = frozenset({*_LEAST, *_MOST, "pattern", "minimum", "maximum", "uniqueItems"})
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
    if _type_of(value) not in found.types:
        yield f"type: {' or '.join(sorted(found.types)) or 'nothing'}"
        return
    if found.values is not None and as_json(value) not in found.values:
        yield f"enum: {', '.join(sorted(found.values))}"
    for limit in found.limits.values():
        if not _holds(limit, value, undecided=undecided):
            yield f"{limit.name}: {limit.shown}"
    if isinstance(value, Mapping) and found.additional is None and not found.whole.keys() & {"patternProperties"}:
        unknown = sorted(name for name in value if name not in found.properties)
        if unknown:
            yield f"additionalProperties: false, {unknown[0]}"
    for keyword in sorted(_CHOICES & found.choices.keys()):
        if not any(_takes(schema(each), value) for each in found.choices[keyword]):
            yield f"{keyword}: no alternative"


def _takes(alternative: Schema, value: object) -> bool:
    """Tell whether an alternative does not object for certain; alternatives of its own are not looked into."""
    if _type_of(value) not in alternative.types:
        return False
    return alternative.values is None or as_json(value) in alternative.values


def _type_of(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return "integer"
    return next((name for kind, name in _TYPES if isinstance(value, kind)), "null")


def _holds(limit: Limit, value: object, *, undecided: bool) -> bool:
    """Tell whether a value keeps a limit; one that is about another type counts as kept."""
    kind, keeps = _KEPT.get(limit.name, (NoneType, None))
    if keeps is None or not isinstance(value, kind) or isinstance(value, bool):
        return True
    kept: bool | None = keeps(value, limit.value)
    return undecided if kept is None else kept


def _matches(value: str, pattern: object) -> bool | None:
    try:
        return compiled(str(pattern)).search(value) is not None
    except (PatternError, LimitError):
        return None  # ECMA-262 has expressions that this library does not know; others take too long


# In this order, for a truth value is a number to Python.
_TYPES: Final = (
    (bool, "boolean"),
    (int, "integer"),
    (float, "number"),
    (str, "string"),
    (Mapping, "object"),
    (list, "array"),
)
# Bounds are pairs of a number and whether a greater (``minimum``) or an equal (``maximum``) one is asked for.
_KEPT: Final[Mapping[str, tuple[Any, Callable[[Any, Any], bool | None]]]] = MappingProxyType(
    {
        **{name: (kind, lambda value, bound: len(value) >= bound) for name, kind in _LEAST.items()},
        **{name: (kind, lambda value, bound: len(value) <= bound) for name, kind in _MOST.items()},
        "uniqueItems": (list, lambda value, _: len({as_json(each) for each in value}) == len(value)),
        "pattern": (str, _matches),
        "minimum": (int | float, lambda value, bound: value > bound[0] or (value == bound[0] and not bound[1])),
        "maximum": (int | float, lambda value, bound: value < bound[0] or (value == bound[0] and bool(bound[1]))),
    }
)
