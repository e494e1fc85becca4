"""Constraints of protovalidate as limits that can be compared: which of two accepts less.

Source: buf/validate/validate.proto. Rules that mean the same become the same limit: ``len: 5`` is ``min_len: 5`` with
``max_len: 5``, ``const: x`` is ``in: [x]``, and ``lt`` and ``lte`` are one upper bound.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from google.protobuf.message import Message

from servanda.errors import LimitError, PatternError
from servanda.interfaces.limit import Limit, Limits, Order
from servanda.patterns import compiled


class Aspect(enum.StrEnum):
    """The aspect of a value that a limit is about; each has rules of its own."""

    PRESENCE = "PRESENCE"
    LENGTH = "LENGTH"
    RANGE = "RANGE"
    FORMAT = "FORMAT"
    VALUES = "VALUES"
    ENUM = "ENUM"
    ITEMS = "ITEMS"
    CEL = "CEL"


WHOLE_MESSAGE = "MESSAGE"
"""The aspect of what is demanded of a message as a whole."""

_IGNORE_IF_ZERO, _IGNORE_ALWAYS = 1, 3
_PARTS = {"items", "keys", "values"}
_NAMED = {
    "min_len": (Aspect.LENGTH, Order.LOWER),
    "max_len": (Aspect.LENGTH, Order.UPPER),
    "min_bytes": (Aspect.LENGTH, Order.LOWER),
    "max_bytes": (Aspect.LENGTH, Order.UPPER),
    "min_items": (Aspect.ITEMS, Order.LOWER),
    "max_items": (Aspect.ITEMS, Order.UPPER),
    "min_pairs": (Aspect.ITEMS, Order.LOWER),
    "max_pairs": (Aspect.ITEMS, Order.UPPER),
    "unique": (Aspect.ITEMS, Order.EXACT),
    "required": (Aspect.PRESENCE, Order.EXACT),
    "within": (Aspect.RANGE, Order.UPPER),
    "lt_now": (Aspect.RANGE, Order.EXACT),
    "gt_now": (Aspect.RANGE, Order.EXACT),
    "finite": (Aspect.RANGE, Order.EXACT),
    "in": (Aspect.VALUES, Order.ALLOWED),
    "not_in": (Aspect.VALUES, Order.FORBIDDEN),
}
# A format that another one includes: what has the first has the second.
_INCLUDED = {
    "ipv4": ("ip", "address"),
    "ipv6": ("ip", "address"),
    "ip": ("address",),
    "hostname": ("address",),
    "ipv4_prefix": ("ip_prefix",),
    "ipv6_prefix": ("ip_prefix",),
    "ipv4_with_prefixlen": ("ip_with_prefixlen",),
    "ipv6_with_prefixlen": ("ip_with_prefixlen",),
    "uri": ("uri_ref",),
}
# Bounds compare as pairs, so that of two with one number the exclusive one accepts less.
_BOUNDS = {
    "lt": ("upper bound", Order.UPPER, 0),
    "lte": ("upper bound", Order.UPPER, 1),
    "gt": ("lower bound", Order.LOWER, 1),
    "gte": ("lower bound", Order.LOWER, 0),
}


@dataclass(frozen=True, slots=True)
class Demands:
    """All that the rules of a field demand.

    Attributes:
        limits: Limits by name; none if the rules are ignored.
        ignores_zero: Whether the rules leave the zero value alone.
    """

    limits: Limits
    ignores_zero: bool


def demands(rules: Message | None) -> Demands:
    """Return what ``buf.validate.FieldRules`` demand; nothing if there are none."""
    if rules is None:
        return Demands({}, ignores_zero=False)
    ignore = getattr(rules, "ignore", 0)
    if ignore == _IGNORE_ALWAYS:
        return Demands({}, ignores_zero=True)
    ignores_zero = ignore == _IGNORE_IF_ZERO
    limits: dict[str, Limit] = {}
    for limit in _limits(rules, "", ()):
        limits.setdefault(limit.name, limit)
    for scope in {name.rpartition("lower bound")[0] for name in limits if name.endswith("lower bound")}:
        _turn_inside_out(limits, scope)
    return Demands(limits, ignores_zero)


def _turn_inside_out(limits: dict[str, Limit], scope: str) -> None:
    """Tell of a lower bound above the upper one, which accepts what lies outside: one limit that only equals itself."""
    low, high = limits[f"{scope}lower bound"], limits.get(f"{scope}upper bound")
    if high is not None and low.value[0] > high.value[0]:
        del limits[low.name], limits[high.name]
        name, value, shown = f"{scope}gap", (low.value, high.value), f"{low.shown} or {high.shown}"
        limits[name] = Limit(Aspect.RANGE, name, Order.EXACT, value, shown, low.path)


def aspect_of(path: Sequence[str]) -> Aspect:
    """Return what a rule is about, by the names that lead to it: ``repeated``, ``items``, ``string``, ``max_len``."""
    name = path[-1]
    if not {"cel", "cel_expression"}.isdisjoint(path):
        return Aspect.CEL
    if "enum" in path:
        return Aspect.ENUM
    if name in {"len", "len_bytes"}:
        return Aspect.LENGTH
    if name in _BOUNDS:
        return Aspect.RANGE
    return Aspect.VALUES if name == "const" else _NAMED.get(name, (Aspect.FORMAT, Order.EXACT))[0]


def refuses_zero(limits: Limits) -> bool:
    """Tell whether the zero value of a scalar without presence is refused; what CEL says cannot be known."""
    return any(_refuses_zero(limit) for name, limit in limits.items() if "." not in name)


def only_refuses_zero(limit: Limit) -> bool:
    """Tell whether a limit says no more than "not empty", which says nothing where the zero value is left alone."""
    return limit.order is Order.LOWER and limit.value == 1 and "." not in limit.name


def _refuses_zero(limit: Limit) -> bool:
    decide = _OF_ZERO.get(limit.name) or _OF_ZERO_BY_ORDER.get(limit.order)
    if limit.aspect in {Aspect.LENGTH, Aspect.ITEMS}:
        return limit.order is Order.LOWER
    return decide(limit.value) if decide is not None else limit.aspect is Aspect.FORMAT


def _refuses_empty(pattern: str) -> bool:
    try:
        return compiled(pattern).search("") is None
    except (PatternError, LimitError):
        # RE2 knows classes that this library does not, and is never slow; rather a finding too many than a break that
        # nobody sees.
        return True


_OF_ZERO: Mapping[str, Callable[[Any], bool]] = {
    "required": bool,
    "lower bound": lambda value: bool(value > (0, 0)),
    "upper bound": lambda value: bool(value <= (0, 0)),
    "pattern": _refuses_empty,
    # These formats include the empty text.
    **dict.fromkeys(("uri_ref", "not_contains", "well_known_regex"), lambda _: False),
}
_OF_ZERO_BY_ORDER: Mapping[Order, Callable[[Any], bool]] = {
    Order.ALLOWED: all,
    Order.FORBIDDEN: lambda value: not all(value),
}


def _limits(rules: Any, scope: str, path: tuple[int, ...]) -> Iterator[Limit]:
    for field, value in rules.ListFields():
        here = (*path, field.number)
        if field.name in {"cel", "cel_expression"}:
            yield from _expressions(value, scope, here)
        elif field.name == "oneof":
            yield from _message_oneofs(value, here)
        elif field.message_type is not None and field.message_type.name.endswith("Rules"):
            inner = f"{scope}{field.name}." if field.name in _PARTS else scope
            yield from _limits(value, inner, here)
        elif field.name not in {"ignore", "example", "strict"}:
            for limit in _limit(field.name, value, scope, here):
                is_enum = rules.DESCRIPTOR.name == "EnumRules"
                yield _about_enum(limit) if is_enum else limit


def _limit(name: str, value: Any, scope: str, path: tuple[int, ...]) -> Iterator[Limit]:
    if name != "const" and (value is False or (value == 0 and name.startswith("min_"))):
        return
    if name in {"len", "len_bytes"}:
        unit = "bytes" if name == "len_bytes" else "len"
        for edge in ("min", "max"):
            yield from _limit(f"{edge}_{unit}", value, scope, path)
    elif name == "const":
        allowed = frozenset({_comparable(value)})
        yield Limit(Aspect.VALUES, f"{scope}in", Order.ALLOWED, allowed, f"[{_shown(value)}]", path)
    elif name in _BOUNDS:
        bound, order, exclusive = _BOUNDS[name]
        pair = (_comparable(value), exclusive)
        yield Limit(Aspect.RANGE, f"{scope}{bound}", order, pair, f"{name} {_shown(value)}", path)
    else:
        aspect, order = _NAMED.get(name, (Aspect.FORMAT, Order.EXACT))
        shown = _shown(value)
        several = order in {Order.ALLOWED, Order.FORBIDDEN}
        # A FieldMask allows or forbids its paths.
        known = (
            frozenset(_comparable(each) for each in getattr(value, "paths", value)) if several else _comparable(value)
        )
        for each in (name, *_INCLUDED.get(name, ())):
            yield Limit(aspect, f"{scope}{each}", order, known, shown, path)


def _about_enum(limit: Limit) -> Limit:
    return Limit(Aspect.ENUM, limit.name, limit.order, limit.value, limit.shown, limit.path)


def _expressions(rules: Any, scope: str, path: tuple[int, ...]) -> Iterator[Limit]:
    for index, rule in enumerate(rules):
        text = rule if isinstance(rule, str) else rule.expression
        label = repr(text if isinstance(rule, str) or not rule.id else rule.id)
        yield Limit(Aspect.CEL, f"{scope}cel {label}", Order.EXACT, text, repr(text), (*path, index))


def _message_oneofs(rules: Any, path: tuple[int, ...]) -> Iterator[Limit]:
    for index, rule in enumerate(rules):
        name, shown = f"oneof {_shown(sorted(rule.fields))}", "one" if rule.required else "at most one"
        yield Limit(Aspect.CEL, name, Order.LOWER, rule.required, shown, (*path, index))


def _comparable(value: Any) -> Any:
    """Durations and timestamps compare by seconds and nanoseconds, other messages as bytes."""
    if not isinstance(value, Message):
        return value
    names = [field.name for field in value.DESCRIPTOR.fields]
    if names == ["seconds", "nanos"]:
        return _Instant(getattr(value, "seconds"), getattr(value, "nanos"))  # noqa: B009  # dynamic class
    return value.SerializeToString(deterministic=True)


class _Instant(tuple[int, int]):
    """Seconds and nanoseconds; zero is false, as with numbers."""

    __slots__ = ()

    def __new__(cls, seconds: int, nanos: int) -> _Instant:
        return super().__new__(cls, (seconds, nanos))

    def __bool__(self) -> bool:
        return any(self)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float | str | bytes):
        return repr(value)
    if isinstance(value, Message):
        return str(value).strip().replace("\n", " ")
    return "[" + ", ".join(_shown(each) for each in value) + "]"
