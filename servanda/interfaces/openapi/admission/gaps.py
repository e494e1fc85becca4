"""Demands of one case that another one does not make: what is admitted there and refused here."""

from __future__ import annotations

import enum
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any, Final

from servanda.interfaces.limit import accepts_less
from servanda.interfaces.openapi.admission.case import Case, Tag, Term, is_open
from servanda.interfaces.openapi.admission.cases import Cases
from servanda.interfaces.openapi.admission.merging import admits_listed
from servanda.interfaces.openapi.formats import bounds, formatted, is_known, is_wider
from servanda.interfaces.openapi.limits import holds, implied, together
from servanda.interfaces.openapi.values import as_json, type_of

# A keyword that only ever refuses: without it nothing else is admitted than with it.
_REFUSING: Final = frozenset(
    {"not", "if", "contains", "propertyNames", "dependentRequired", "dependentSchemas", "oneOf", "anyOf"}
)


# How a text holds something else: whoever reads it goes by this.
_DECIDED: Final = frozenset({"contentEncoding", "contentMediaType"})
# Values that are counted one by one.
_COUNTED: Final = 20
_OF_SEVERAL_ITEMS: Final = frozenset({"maxItems", "uniqueItems"})


class Sort(enum.Enum):
    """A sort of demand."""

    FRACTION = enum.auto()
    FORMAT = enum.auto()
    VALUES = enum.auto()
    EXCLUDED = enum.auto()
    LIMIT = enum.auto()
    LISTED = enum.auto()
    ADDITIONAL = enum.auto()
    REQUIRED = enum.auto()
    KEYWORD = enum.auto()
    TAG = enum.auto()


@dataclass(frozen=True, slots=True)
class Gap:
    """One demand that makes the difference.

    Attributes:
        sort: Its sort.
        name: The limit, property or keyword.
        values: The values that are refused, as JSON; ``None`` if they are countless.
        is_decided: Whether something is sure to be refused; else only an example would show it.
    """

    sort: Sort
    name: str = ""
    values: frozenset[str] | None = None
    is_decided: bool = True


@dataclass(frozen=True, slots=True)
class Part:
    """Demands of two cases on the same part of a value.

    Attributes:
        name: The property, ``items`` or ``additionalProperties``.
        is_property: Whether it is a property.
        one: What the first case demands.
        other: What the second case demands.
    """

    name: str
    is_property: bool
    one: Term
    other: Term


def gaps(one: Case, other: Case, cases: Cases) -> Iterator[Gap]:
    """Yield what the other case demands of a value as a whole and the first one does not."""
    listed = counted(one)
    if other.values is not None and (listed is None or not listed <= other.values):
        yield Gap(Sort.VALUES, values=listed - other.values if listed is not None else None)
    excluded = frozenset(text for text in other.excluded - one.excluded if admits_listed(one, text) is not False)
    if excluded:
        yield Gap(Sort.EXCLUDED, values=excluded)
    if other.is_whole and not one.is_whole and not _keep(listed, lambda value: type_of(value) == "integer"):
        yield Gap(Sort.FRACTION)
    for form in sorted(other.formats - one.formats):
        if not one.formats and not is_known(form):
            continue  # a name for people, as long as it takes no other's place
        kept = any(is_wider(each, form) for each in one.formats) or _is_inside(one, form)
        if not kept and other.values is None and not _keep(listed, partial(formatted, form)):
            yield Gap(Sort.FORMAT, form)
    yield from _limits(one, other, cases)
    if one.kind == "object":
        yield from _members(one, other, cases)
    yield from _keywords(one, other)
    yield from (Gap(Sort.TAG, tag.name) for tag in other.tags if not _is_tagged(one, tag, cases))


def parts(one: Case, other: Case) -> Iterator[Part]:
    """Yield the parts of a value of which the other case demands something."""
    for name, found in one.properties.items():
        wanted = other.of(name)
        if wanted is not None and name not in other.hidden and not is_open(wanted):
            yield Part(name, True, found, wanted)
    if one.additional is not None and not is_open(one.additional):
        for name, wanted in other.properties.items():
            if name not in one.properties and name not in one.hidden:
                yield Part(name, True, one.additional, wanted)
    if one.additional is not None and other.additional is not None and not is_open(other.additional):
        yield Part("additionalProperties", False, one.additional, other.additional)
    if not is_open(other.items):
        most = one.limits.get("maxItems")
        if most is None or most.value > 0:
            yield Part("items", False, one.items, other.items)


def counted(case: Case) -> frozenset[str] | None:
    """Return the only values of a case, as JSON, listed or few between its bounds; ``None`` if nobody lists them."""
    low, high = case.limits.get("minimum"), case.limits.get("maximum")
    if case.values is not None or low is None or high is None or not (case.is_whole or "multipleOf" in case.limits):
        return case.values
    step = case.limits["multipleOf"].value if "multipleOf" in case.limits else Fraction(1)
    # Where values have steps, the bounds are steps, too.
    first, last = (Fraction(str(limit.value[0])) / step for limit in (low, high))
    if last - first >= _COUNTED:
        return None
    numbers = [step * count for count in range(int(first), int(last) + 1)]
    whole = [number for number in numbers if number.denominator == 1]
    found = frozenset(as_json(int(number)) for number in whole)
    if not case.is_whole:
        found |= frozenset(as_json(float(number)) for number in numbers if number.denominator != 1)
    return found - case.excluded


def _keep(listed: frozenset[str] | None, keeps: Callable[[Any], bool | None]) -> bool:
    return listed is not None and all(keeps(json.loads(text)) for text in listed)


def _is_inside(one: Case, form: str) -> bool:
    """Tell whether the limits of a case say what a format of numbers would."""
    wanted = implied(bounds((form,)))
    return bool(wanted) and not any(accepts_less(one.limits.get(name), limit) for name, limit in wanted.items())


def _limits(one: Case, other: Case, cases: Cases) -> Iterator[Gap]:
    known, listed = together(one.limits, implied(bounds(one.formats))), counted(one)
    for name, limit in sorted(other.limits.items()):
        if not accepts_less(known.get(name), limit):
            continue
        if _keep(listed, partial(holds, limit)):
            continue
        if name == "minProperties" and len(one.required) >= limit.value:
            continue
        if name == "maxProperties" and one.is_closed and len(one.properties) <= limit.value:
            continue
        if name == "maxItems" and "uniqueItems" in one.limits and cases.count(one.items) <= limit.value:
            continue
        if has_no_effect(one, name, cases):
            continue
        yield Gap(Sort.LIMIT, name)


def has_no_effect(case: Case, limit: str, cases: Cases) -> bool:
    """Tell whether a limit is about items where nothing can be an item."""
    return limit in _OF_SEVERAL_ITEMS and not cases.of(case.items)


def _members(one: Case, other: Case, cases: Cases) -> Iterator[Gap]:
    yield from (Gap(Sort.REQUIRED, name) for name in sorted(other.required - one.required))
    if other.is_closed:
        unlisted = (name for name in one.properties if name not in other.properties and name not in other.hidden)
        yield from (Gap(Sort.LISTED, name) for name in unlisted)
        if one.additional is not None and cases.of(one.additional):
            yield Gap(Sort.ADDITIONAL)


def _keywords(one: Case, other: Case) -> Iterator[Gap]:
    for name in sorted({*one.opaque, *other.opaque}):
        said, wanted = one.opaque.get(name, frozenset()), other.opaque.get(name, frozenset())
        if name == "discriminator":
            # Values that are mapped on one side only; who maps none goes by the names of schemas.
            if said and wanted and not said <= wanted:
                yield Gap(Sort.KEYWORD, name)
        elif not wanted <= said if name in _REFUSING else wanted != said:
            yield Gap(Sort.KEYWORD, name, is_decided=name in _DECIDED)


def _is_tagged(one: Case, wanted: Tag, cases: Cases) -> bool:
    """Tell whether all values of a case lead where a discriminator has to lead."""
    own = values_of(one, wanted.name, cases)
    for tag in one.tags:
        if tag.name == wanted.name:
            return tag.values <= wanted.values or (not tag.is_mapped and own is not None and own <= wanted.values)
    return wanted.name in one.required and own is not None and (own <= wanted.values or not wanted.is_mapped)


def values_of(case: Case, name: str, cases: Cases) -> frozenset[str] | None:
    """Return the only values of a property, as JSON; ``None`` if they are countless or it is not there."""
    found = case.properties.get(name)
    members = cases.of(found) if found is not None else ()
    listed = [each.values for each in members if each.values is not None]
    return frozenset().union(*listed) if members and len(listed) == len(members) else None
