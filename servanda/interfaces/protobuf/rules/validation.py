"""Rules about buf.validate: no input is refused that was accepted, and no output is sent that was not.

What a row objects to is shown by a value that protovalidate accepts by the rules of one state and refuses by those of
the other. Where nobody finds one there is no objection.
"""

from __future__ import annotations

from collections.abc import Iterator

from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto

from servanda.interfaces.protobuf.constraints.aspects import WHOLE_MESSAGE, Aspect
from servanda.interfaces.protobuf.constraints.shift import NO_SHIFT, Shift, Witness
from servanda.interfaces.protobuf.options import FIELD_RULES, MESSAGE_RULES, ONEOF_RULES
from servanda.interfaces.protobuf.rules.subject import Pair, at_option
from servanda.interfaces.protobuf.schema import Element
from servanda.interfaces.protobuf.schema.element import fields, oneofs
from servanda.interfaces.rule import Handler, Objection
from servanda.interfaces.transition import Direction
from servanda.protobuf_runtime import equal

Field = Element[FieldDescriptorProto]
Message = Element[DescriptorProto]

TIGHTENED, LOOSENED = Direction.WRITTEN, Direction.READ
"""What hurts whom: who writes a value is hurt if less is accepted, who reads it if more can come."""

_SIDES = {Direction.WRITTEN: "Input", Direction.READ: "Output"}


def of_field(aspect: Aspect, use: Direction) -> Handler:
    """Return the handler for rules of one aspect, seen from those who write a field or from those who read it."""

    def handler(pair: Pair[Field]) -> Iterator[Objection]:
        witness = _hurting(_shift_of_field(pair), use, aspect)
        if witness is not None and _field_use(pair, use) & use:
            text = f"{_SIDES[use]} field {pair.current.proto.name!r} {_told(witness, use)}"
            yield at_option(pair, FIELD_RULES, text, inner=witness.place, example=_example(witness, use))

    return handler


def of_message(use: Direction) -> Handler:
    """Return the handler for CEL rules and oneofs of a message as a whole, seen from those who write it or read it."""

    def handler(pair: Pair[Message]) -> Iterator[Objection]:
        if equal(pair.previous.proto.options, pair.current.proto.options):
            return
        witness = _hurting(pair.comparison.shifts.of_message(pair.previous, pair.current), use, WHOLE_MESSAGE)
        if witness is not None and _message_use(pair, use) & use:
            text = f"{_SIDES[use]} message {pair.current.name!r} {_told(witness, use)}"
            yield at_option(pair, MESSAGE_RULES, text, inner=witness.place, example=_example(witness, use))

    return handler


def of_oneof(use: Direction) -> Handler:
    """Return the handler for oneofs of which a member has to be set, seen from those who write or read the message."""

    def handler(pair: Pair[Message]) -> Iterator[Objection]:
        before, after = oneofs(pair.previous), oneofs(pair.current)
        shifts = pair.comparison.shifts
        for name, oneof in after.items():
            if not any(each.proto.HasField("options") for each in (before.get(name, oneof), oneof)):
                continue
            was = name in before and shifts.required(before[name], was=True)
            is_now = shifts.required(oneof, was=False)
            hurts = is_now and not was if use is TIGHTENED else was and not is_now
            if not hurts or not _message_use(pair, use) & use:
                continue
            text = "is required" if use is TIGHTENED else "can be empty"
            inner = Pair(before.get(name, oneof), oneof, pair.comparison)
            yield at_option(inner, ONEOF_RULES, f"{_SIDES[use]} oneof {name!r} {text}, unlike before.")

    return handler


def unproven_of_field(pair: Pair[Field]) -> Iterator[Objection]:
    """Object to a pattern or an expression of a field of which nobody can tell what it accepts less."""
    shift = _shift_of_field(pair)
    if _is_unproven(shift) and _field_use(pair, TIGHTENED) & TIGHTENED:
        text = f"Input field {pair.current.proto.name!r} may accept less{_listed(shift)}."
        yield at_option(pair, FIELD_RULES, text, example=shift.undecided)


def unproven_of_message(pair: Pair[Message]) -> Iterator[Objection]:
    """Object to an expression of a message of which nobody can tell what it accepts less."""
    if equal(pair.previous.proto.options, pair.current.proto.options):
        return
    shift = pair.comparison.shifts.of_message(pair.previous, pair.current)
    if _is_unproven(shift) and _message_use(pair, TIGHTENED) & TIGHTENED:
        text = f"Input message {pair.current.name!r} may accept less{_listed(shift)}."
        yield at_option(pair, MESSAGE_RULES, text, example=shift.undecided)


def new_field_accepts_zero(pair: Pair[Message]) -> Iterator[Objection]:
    """Object to a new field that refuses what callers send who do not know it: its absence."""
    known = fields(pair.previous)
    options = pair.comparison.options[1]
    for number, field in fields(pair.current).items():
        if number in known or not field.proto.HasField("options") or not field.file.mentions(b"validate"):
            continue
        refused = pair.comparison.shifts.refusal_of_absence(field)
        if refused and pair.comparison.reach[1].field(field) & _message_use(pair, TIGHTENED) & TIGHTENED:
            text = f"New field {field.proto.name!r} is refused if it is not set."
            span = options.span(field, FIELD_RULES)
            previous = pair.previous.file.path
            yield Objection(field.file.path, span, field.full_name, text, previous, example=refused)


def _shift_of_field(pair: Pair[Field]) -> Shift:
    # Whoever has rules imports their definition; a field of which another option changed need not be tried.
    sides = (pair.previous, pair.current)
    if not any(side.file.mentions(b"validate") for side in sides):
        return NO_SHIFT
    return pair.comparison.shifts.of_field(pair.previous, pair.current)


def _message_use(pair: Pair[Message], use: Direction) -> Direction:
    """Return what consumers do with a message whose rules refuse something: those of today, or those of before."""
    reach = pair.comparison.reach
    validated = reach[1] if use is TIGHTENED else reach[0]
    return reach[1].use(pair.current.full_name) & validated.validated(pair.current.full_name)


def _field_use(pair: Pair[Field], use: Direction) -> Direction:
    parent, found = pair.current.parent, pair.comparison.reach[1].field(pair.current)
    if parent is None or not found & use:
        return found
    reach = pair.comparison.reach[1 if use is TIGHTENED else 0]
    return found & reach.validated(parent.full_name)


def _hurting(shift: Shift, use: Direction, aspect: str) -> Witness | None:
    return (shift.tightened if use is TIGHTENED else shift.loosened).get(aspect)


def _told(witness: Witness, use: Direction) -> str:
    if use is TIGHTENED:
        return f"accepts less, by {witness.demand}."
    return f"can hold more than {witness.demand} allowed."


def _example(witness: Witness, use: Direction) -> str:
    when = "is refused now" if use is TIGHTENED else "was refused before"
    return f"for example {witness.shown} {when} ({witness.said})"


def _is_unproven(shift: Shift) -> bool:
    return bool(shift.unproven or shift.undecided)


def _listed(shift: Shift) -> str:
    return f": {'; '.join(shift.unproven)}" if shift.unproven else ""
