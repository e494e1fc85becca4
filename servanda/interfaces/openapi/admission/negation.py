"""Cases of what ``not`` admits: of all that a schema demands of a value, one thing at least does not hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

from servanda.interfaces.limit import Limit, Order, accepts_less
from servanda.interfaces.openapi.admission.case import KINDS, Case, Term, everything, is_open, nothing
from servanda.interfaces.openapi.document import Node
from servanda.interfaces.openapi.values import as_json

_SCALARS: Final = frozenset({"null", "boolean", "number", "string"})
_TRUTH: Final = frozenset({"true", "false"})


def opposites(case: Case, place: Node, denied: Callable[[Term], Term]) -> tuple[Case, ...] | None:
    """Return the cases of all values of the same type that a case does not admit; ``None`` if no cases can say so.

    Args:
        case: The case.
        place: Where the schema stands that it is a case of.
        denied: Returns the demand that another one is not kept.
    """
    values = None if case.kind == "boolean" and case.values == _TRUTH else case.values
    is_odd = case.opaque or case.rivals or case.tags or case.hidden or case.formats or case.is_whole
    is_odd = is_odd or any(len({node.document.name for node in term}) > 1 for term in case.properties.values())
    is_inside = (case.additional is not None and not is_open(case.additional)) or not is_open(case.items or ())
    if is_odd or is_inside or case.is_closed or any(name not in _OPPOSITES for name in case.limits):
        return None
    free = everything(place)[KINDS.index(case.kind)]
    if values is not None:
        is_whole_story = case.kind in _SCALARS or not (case.properties or case.required or case.limits)
        return (replace(free, excluded=values),) if is_whole_story else None
    return tuple(_opposites(case, free, place, denied))


def is_inside(one: Case, refused: Case) -> bool:
    """Tell whether all values of a case without parts are sure to be values of another one."""
    if one.kind not in _SCALARS or refused.opaque or refused.rivals or (refused.values and one.kind != "boolean"):
        return False
    is_kept = refused.is_whole <= one.is_whole and refused.formats <= one.formats and refused.excluded <= one.excluded
    return is_kept and not any(accepts_less(one.limits.get(name), limit) for name, limit in refused.limits.items())


def _opposites(case: Case, free: Case, place: Node, denied: Callable[[Term], Term]) -> Iterator[Case]:
    if case.excluded:
        yield replace(free, values=case.excluded)
    for limit in case.limits.values():
        opposite = _OPPOSITES[limit.name](limit)
        yield replace(free, limits={opposite.name: opposite})
    for name in sorted(case.required):
        yield replace(free, properties={name: nothing(place)})
    for name, term in case.properties.items():
        if not is_open(term):
            yield replace(free, required=frozenset({name}), properties={name: denied(term)})


def opposite(term: Term) -> Term:
    """Return the demand that another one is not kept."""
    first, *others = term
    value = first.value if not others else {"allOf": [node.value for node in term]}
    return (Node({"not": value}, first.pointer, first.document, first.via),)


def _bound(limit: Limit, name: str, order: Order, value: Any, number: Any) -> Limit:
    # Where values have steps, bounds are fractions.
    shown = as_json(int(number)) if int(number) == number else str(float(number))
    return Limit(limit.aspect, name, order, value, shown, ())


def _above(name: str) -> Callable[[Limit], Limit]:
    return lambda limit: _bound(limit, name, Order.LOWER, limit.value + 1, limit.value + 1)


def _below(name: str) -> Callable[[Limit], Limit]:
    return lambda limit: _bound(limit, name, Order.UPPER, limit.value - 1, limit.value - 1)


# Bounds are pairs of a number and whether a greater (minimum) or an equal (maximum) one is asked for.
_OPPOSITES: Final[Mapping[str, Callable[[Limit], Limit]]] = MappingProxyType(
    {
        "minimum": lambda limit: _bound(
            limit, "maximum", Order.UPPER, (limit.value[0], int(bool(limit.value[1]))), limit.value[0]
        ),
        "maximum": lambda limit: _bound(
            limit, "minimum", Order.LOWER, (limit.value[0], int(bool(limit.value[1]))), limit.value[0]
        ),
        **{f"min{what}": _below(f"max{what}") for what in ("Length", "Items", "Properties")},
        **{f"max{what}": _above(f"min{what}") for what in ("Length", "Items", "Properties")},
    }
)
