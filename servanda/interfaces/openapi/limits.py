"""Limits of a schema on values: lengths, counts, ranges and patterns."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final

from servanda.errors import LimitError, PatternError
from servanda.interfaces.limit import Limit, Limits, Order, accepts_less
from servanda.interfaces.openapi.document import Node
from servanda.interfaces.openapi.values import as_json
from servanda.patterns import compiled

_ORDERS: Final = MappingProxyType(
    {
        "minLength": Order.LOWER,
        "minItems": Order.LOWER,
        "minProperties": Order.LOWER,
        "maxLength": Order.UPPER,
        "maxItems": Order.UPPER,
        "maxProperties": Order.UPPER,
        "multipleOf": Order.MULTIPLE,
        "uniqueItems": Order.EXACT,
        # Patterns that have to match; parts of a schema may bring one each.
        "pattern": Order.FORBIDDEN,
    }
)
# Bounds are pairs of a number and whether a greater (minimum) or an equal (maximum) one is asked for.
_BOUNDS: Final = MappingProxyType(
    {
        "minimum": ("minimum", Order.LOWER, 0),
        "exclusiveMinimum": ("minimum", Order.LOWER, 1),
        "maximum": ("maximum", Order.UPPER, 1),
        "exclusiveMaximum": ("maximum", Order.UPPER, 0),
    }
)
KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("minLength", "maxLength", "pattern"), "string"),
        **dict.fromkeys(("minItems", "maxItems", "uniqueItems"), "array"),
        **dict.fromkeys(("minProperties", "maxProperties"), "object"),
        **dict.fromkeys(("minimum", "maximum", "multipleOf"), "number"),
    }
)
"""The JSON type whose values a limit is about."""


def limits(node: Node) -> Iterator[Limit]:
    """Yield the limits that stand at a node.

    Raises:
        InterfaceError: A limit is not the number that it has to be.
    """
    value = node.object()
    for name, order in _ORDERS.items():
        found = value.get(name)
        if found is None or found is False or (order is Order.LOWER and found == 0):
            continue
        if order in {Order.LOWER, Order.UPPER, Order.MULTIPLE}:
            _expect_number(node, name)
        yield Limit("LENGTH", name, order, _comparable(order, found), as_json(found), ())
    bounds: dict[str, Limit] = {}
    for name, (bound, order, closeness) in _BOUNDS.items():
        found = value.get(name)
        if isinstance(found, int | float) and not isinstance(found, bool):
            _expect_number(node, name)
            # OpenAPI 3.0 writes the exclusive bound as a flag beside the inclusive one.
            flag = value.get(f"exclusive{name[0].upper()}{name[1:]}") is True
            pair = (found, 1 - closeness if flag else closeness)
            limit = Limit("RANGE", bound, order, pair, f"{as_json(found)}{' exclusive' if flag else ''}", ())
            if bound not in bounds or accepts_less(bounds[bound], limit):
                bounds[bound] = limit
    yield from bounds.values()


def number(node: Node, name: str, default: float) -> float:
    """Return the number that a keyword of the schema at a node says.

    Raises:
        InterfaceError: It is no number.
    """
    if name not in node.object():
        return default
    _expect_number(node, name)
    found: float = node.value[name]
    return found


def _is_number(found: object) -> bool:
    return isinstance(found, int | float) and not isinstance(found, bool) and abs(found) <= sys.float_info.max


def _expect_number(node: Node, name: str) -> None:
    found = node.value[name]
    if not _is_number(found) or (name == "multipleOf" and found <= 0):
        wanted = "a number above zero" if name == "multipleOf" else "a number"
        if isinstance(found, int) and abs(found) > sys.float_info.max:
            wanted = "a number of at most about 1.8e308"
        raise Node(found, (*node.pointer, name), node.document).unexpected(wanted)


def _comparable(order: Order, found: Any) -> Any:
    if order is Order.MULTIPLE:
        return Fraction(str(found))
    return frozenset({str(found)}) if order is Order.FORBIDDEN else found


def implied(found: tuple[int, int] | None) -> Limits:
    """Return the limits that the least and the greatest number of a format are."""
    if found is None:
        return {}
    least, greatest = found
    return {
        "minimum": Limit("RANGE", "minimum", Order.LOWER, (least, 0), as_json(least), ()),
        "maximum": Limit("RANGE", "maximum", Order.UPPER, (greatest, 1), as_json(greatest), ()),
    }


def together(one: Limits, other: Limits) -> Limits:
    """Return what two schemas demand together: of each limit the tighter one."""
    if not one or not other:
        return one or other
    return {name: _both(one.get(name), other.get(name)) for name in {**one, **other}}


def _both(one: Limit | None, other: Limit | None) -> Limit:
    if one is None or other is None:
        return one or other  # type: ignore[return-value]  # one of them has the name
    if one.order is Order.FORBIDDEN and one.value != other.value:
        patterns = one.value | other.value
        return Limit(one.aspect, one.name, one.order, patterns, " and ".join(map(as_json, sorted(patterns))), ())
    if one.order is Order.MULTIPLE:
        least = _least_common(one.value, other.value)
        shown = str(least) if least.denominator == 1 else str(float(least))
        return Limit(one.aspect, one.name, one.order, least, shown, ())
    return other if accepts_less(one, other) else one


def stepped(found: Limits, *, is_whole: bool) -> Limits:
    """Return limits with their bounds at values that can be reached: of whole numbers ``> 4.5`` is ``>= 5``."""
    multiple = found.get("multipleOf")
    if multiple is None and not is_whole:
        return found
    step = multiple.value if multiple is not None else Fraction(1)
    if is_whole:
        step = _least_common(step, Fraction(1))
    kept = {name: limit for name, limit in found.items() if name != "multipleOf" or not (is_whole and step == 1)}
    for name, (round_, outward) in {"minimum": (math.ceil, 1), "maximum": (math.floor, -1)}.items():
        limit = found.get(name)
        if limit is not None:
            bound, closeness = limit.value
            count = round_(Fraction(str(bound)) / step)
            is_exclusive = closeness == (name == "minimum")
            if is_exclusive and count * step == Fraction(str(bound)):
                count += outward
            kept[name] = Limit(limit.aspect, name, limit.order, (count * step, int(name == "maximum")), limit.shown, ())
    return kept


def _least_common(one: Fraction, other: Fraction) -> Fraction:
    return Fraction(math.lcm(one.numerator, other.numerator), math.gcd(one.denominator, other.denominator))


def is_empty(found: Limits) -> bool:
    """Tell whether no value can keep all limits: a lower one is above an upper one."""
    for low, high in (("minLength", "maxLength"), ("minItems", "maxItems"), ("minProperties", "maxProperties")):
        if low in found and high in found and found[low].value > found[high].value:
            return True
    if "minimum" not in found or "maximum" not in found:
        return False
    (low_number, above), (high_number, equal) = found["minimum"].value, found["maximum"].value
    return bool(low_number > high_number or (low_number == high_number and (above or not equal)))


def holds(limit: Limit, value: object) -> bool | None:
    """Tell whether a value keeps a limit, ``None`` if nobody can tell; one about another type counts as kept."""
    kind, keeps = _KEPT[limit.name]
    if not isinstance(value, kind) or isinstance(value, bool):
        return True
    return keeps(value, limit.value)


def _matches(value: Any, patterns: Any) -> bool | None:
    try:
        return all(compiled(pattern).search(value) is not None for pattern in patterns)
    except (PatternError, LimitError):
        return None  # ECMA-262 has expressions that this library does not know; others take too long


def _is_multiple(value: Any, step: Any) -> bool:
    return (isinstance(value, int) or math.isfinite(value)) and Fraction(str(value)) % step == 0


_KEPT: Final[Mapping[str, tuple[Any, Callable[[Any, Any], bool | None]]]] = MappingProxyType(
    {
        "minLength": (str, lambda value, bound: len(value) >= bound),
        "minItems": (list, lambda value, bound: len(value) >= bound),
        "minProperties": (Mapping, lambda value, bound: len(value) >= bound),
        "maxLength": (str, lambda value, bound: len(value) <= bound),
        "maxItems": (list, lambda value, bound: len(value) <= bound),
        "maxProperties": (Mapping, lambda value, bound: len(value) <= bound),
        "uniqueItems": (list, lambda value, _: len({as_json(each) for each in value}) == len(value)),
        "pattern": (str, _matches),
        "multipleOf": (int | float, _is_multiple),
        "minimum": (int | float, lambda value, bound: value > bound[0] or (value == bound[0] and not bound[1])),
        "maximum": (int | float, lambda value, bound: value < bound[0] or (value == bound[0] and bool(bound[1]))),
    }
)
