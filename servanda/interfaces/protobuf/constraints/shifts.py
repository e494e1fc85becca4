"""Values that the elements of two states accept no more, or newly, each element looked at once."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from google.protobuf.descriptor_pb2 import OneofDescriptorProto

from servanda.interfaces.protobuf.constraints.shift import Field, Shift, Type
from servanda.interfaces.protobuf.options import Options
from servanda.interfaces.protobuf.schema import Element, State

if TYPE_CHECKING:
    from servanda.interfaces.protobuf.constraints.together import Together
    from servanda.interfaces.protobuf.constraints.validator import StateRules

Side = tuple[State, Options]


class Shifts:
    """Accepted values in two states: each rule of a table asks the same about the same element.

    What tries values takes longer to import than most comparisons take, so it is imported when the first rule changed.

    Args:
        before: The former state, with the reader of its options.
        after: The present one.
    """

    def __init__(self, before: Side, after: Side) -> None:
        self._sides = before, after
        self._known: dict[str, Shift] = {}
        self._whole: dict[str, Together | None] = {}

    def of_field(self, before: Field, after: Field) -> Shift:
        """Return how what a field accepts differs."""
        from servanda.interfaces.protobuf.constraints.witness import shift_of_field  # noqa: PLC0415  # see the class

        if after.full_name not in self._known:
            alone = shift_of_field(before, after, *self._rules)
            is_member = alone.is_shown and not after.proto.extendee
            whole = self._together(before.parent, after.parent) if is_member else None
            self._known[after.full_name] = whole.confirmed(alone, after.proto.number) if whole else alone
        return self._known[after.full_name]

    def of_message(self, before: Type, after: Type) -> Shift:
        """Return how what a message accepts as a whole differs."""
        from servanda.interfaces.protobuf.constraints.witness import shift_of_message  # noqa: PLC0415  # see the class

        if after.full_name not in self._known:
            alone = shift_of_message(before, after, *self._rules)
            whole = self._together(before, after) if alone.is_shown else None
            self._known[after.full_name] = whole.confirmed(alone) if whole else alone
        return self._known[after.full_name]

    def refusal_of_absence(self, field: Field) -> str:
        """Return what refuses a message in which a field of the present state is not set; empty if nothing does."""
        from servanda.interfaces.protobuf.constraints.witness import refusal_of_absence  # noqa: PLC0415  # see the class

        return refusal_of_absence(field, self._rules[1])

    def required(self, oneof: Element[OneofDescriptorProto], *, was: bool) -> bool:
        """Tell whether a member of a oneof has to be set, in the former state or in the present one."""
        return self._rules[0 if was else 1].requires(oneof)

    def _together(self, before: Element[Any] | None, after: Element[Any] | None) -> Together | None:
        from servanda.interfaces.protobuf.constraints.together import together  # noqa: PLC0415  # see the class

        if before is None or after is None:
            return None
        if after.full_name not in self._whole:
            self._whole[after.full_name] = together(before, after, *self._rules)
        return self._whole[after.full_name]

    @cached_property
    def _rules(self) -> tuple[StateRules, StateRules]:
        from servanda.interfaces.protobuf.constraints.validator import StateRules  # noqa: PLC0415  # see the class

        before, after = self._sides
        return StateRules(*before), StateRules(*after)
