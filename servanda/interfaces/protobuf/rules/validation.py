"""Rules about buf.validate: no input is refused that was accepted, and no output is sent that was not."""

from __future__ import annotations

from collections.abc import Iterator

from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto, OneofDescriptorProto

from servanda.interfaces.limit import Limit, Limits, accepts_less
from servanda.interfaces.protobuf.options import FIELD_RULES, MESSAGE_RULES, ONEOF_RULES
from servanda.interfaces.protobuf.rules.limits import (
    Aspect,
    Demands,
    demands,
    only_refuses_zero,
    refuses_zero,
)
from servanda.interfaces.protobuf.rules.subject import Pair, at_option
from servanda.interfaces.protobuf.schema import Element
from servanda.interfaces.protobuf.schema.element import fields, oneofs
from servanda.interfaces.protobuf.schema.features import Cardinality, cardinality
from servanda.interfaces.rule import Handler, Objection
from servanda.interfaces.transition import Direction

Field = Element[FieldDescriptorProto]

TIGHTENED, LOOSENED = Direction.WRITTEN, Direction.READ
"""What hurts whom: who writes a value is hurt if less is accepted, who reads it if more can come."""

_SIDES = {Direction.WRITTEN: "Input", Direction.READ: "Output"}


def of_field(aspect: Aspect, use: Direction) -> Handler:
    """Return the handler for limits of one aspect, seen from those who write a field or from those who read it."""

    def handler(pair: Pair[Field]) -> Iterator[Objection]:
        before, after = (
            demands(options.message(side, FIELD_RULES))
            for options, side in zip(pair.comparison.options, (pair.previous, pair.current), strict=True)
        )
        limits = [_effective(each, both_ignore=before.ignores_zero and after.ignores_zero) for each in (before, after)]
        changes = list(_changes(limits[0], limits[1], aspect, use))
        zero = aspect is Aspect.PRESENCE and before.ignores_zero != after.ignores_zero
        first, second = (before, after) if use is TIGHTENED else (after, before)
        changed_zero = zero and _refuses(pair, second.limits, second.ignores_zero) and first.ignores_zero
        if not (changes or changed_zero) or not pair.comparison.reach[1].field(pair.current) & use:
            return
        name = f"{_SIDES[use]} field {pair.current.proto.name!r}"
        for text, limit in changes:
            yield at_option(pair, FIELD_RULES, f"{name} {text}", inner=limit.path if limit else ())
        if changed_zero:
            text = "refuses its zero value" if use is TIGHTENED else "can have its zero value"
            yield at_option(pair, FIELD_RULES, f"{name} {text}, unlike before.")

    return handler


def of_message(use: Direction) -> Handler:
    """Return the handler for CEL rules and oneofs of a message as a whole, seen from those who write it or read it."""

    def handler(pair: Pair[Element[DescriptorProto]]) -> Iterator[Objection]:
        before, after = (
            demands(options.message(side, MESSAGE_RULES)).limits
            for options, side in zip(pair.comparison.options, (pair.previous, pair.current), strict=True)
        )
        changes = list(_changes(before, after, Aspect.CEL, use))
        if changes and pair.comparison.reach[1].use(pair.current.full_name) & use:
            for text, limit in changes:
                subject = f"{_SIDES[use]} message {pair.current.name!r}"
                yield at_option(pair, MESSAGE_RULES, f"{subject} {text}", inner=limit.path if limit else ())

    return handler


def of_oneof(use: Direction) -> Handler:
    """Return the handler for oneofs of which a member has to be set, seen from those who write or read the message."""

    def handler(pair: Pair[Element[DescriptorProto]]) -> Iterator[Objection]:
        before, after = oneofs(pair.previous), oneofs(pair.current)
        for name in before.keys() & after.keys():
            inner = Pair(before[name], after[name], pair.comparison)
            was, is_now = _required(inner)
            hurts = (is_now and not was) if use is TIGHTENED else (was and not is_now)
            if hurts and pair.comparison.reach[1].use(pair.current.full_name) & use:
                text = "is required" if use is TIGHTENED else "can be empty"
                yield at_option(inner, ONEOF_RULES, f"{_SIDES[use]} oneof {name!r} {text}, unlike before.")

    return handler


def new_field_accepts_zero(pair: Pair[Element[DescriptorProto]]) -> Iterator[Objection]:
    """Object to a new field that refuses what callers send who do not know it: its absence."""
    known = fields(pair.previous)
    options = pair.comparison.options[1]
    for number, field in fields(pair.current).items():
        if number in known:
            continue
        found = demands(options.message(field, FIELD_RULES))
        inner = Pair(field, field, pair.comparison)
        refused = _refuses(inner, found.limits, found.ignores_zero)
        if refused and pair.comparison.reach[1].field(field) & Direction.WRITTEN:
            text = f"New field {field.proto.name!r} is refused if it is not set."
            span = options.span(field, FIELD_RULES)
            yield Objection(field.file.path, span, field.full_name, text, pair.previous.file.path)


def _effective(found: Demands, *, both_ignore: bool) -> Limits:
    return {name: limit for name, limit in found.limits.items() if not (both_ignore and only_refuses_zero(limit))}


def _refuses(pair: Pair[Field], limits: Limits, ignores_zero: bool) -> bool:
    """Tell whether a field that nobody sets is refused: one with presence only if it is required."""
    if "required" in limits:
        return True
    present = cardinality(pair.current) in {Cardinality.EXPLICIT, Cardinality.REQUIRED}
    return not ignores_zero and not present and refuses_zero(limits)


def _required(pair: Pair[Element[OneofDescriptorProto]]) -> tuple[bool, bool]:
    before, after = (
        demands(options.message(side, ONEOF_RULES)).limits
        for options, side in zip(pair.comparison.options, (pair.previous, pair.current), strict=True)
    )
    return "required" in before, "required" in after


def _changes(before: Limits, after: Limits, aspect: Aspect, use: Direction) -> Iterator[tuple[str, Limit | None]]:
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        if (old or new).aspect is not aspect:  # type: ignore[union-attr]  # one of them has the name
            continue
        hurts = accepts_less(old, new) if use is TIGHTENED else accepts_less(new, old)
        if hurts:
            yield _told(name, old, new, "accepts less" if use is TIGHTENED else "can hold more"), new


def _told(name: str, old: Limit | None, new: Limit | None, what: str) -> str:
    before, after = (limit.shown if limit else "nothing" for limit in (old, new))
    return f"{what}: {name} changed from {before} to {after}."
