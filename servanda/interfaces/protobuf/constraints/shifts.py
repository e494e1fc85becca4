"""Values that the elements of two states accept no more, or newly, each element looked at once."""

from __future__ import annotations

from servanda.interfaces.protobuf.constraints.validator import StateRules
from servanda.interfaces.protobuf.constraints.witness import (
    Field,
    Shift,
    Type,
    refusal_of_absence,
    shift_of_field,
    shift_of_message,
)


class Shifts:
    """Accepted values in two states: each rule of a table asks the same about the same element.

    Attributes:
        former: The rules of the former state.
        present: The rules of the present one.
    """

    def __init__(self, former: StateRules, present: StateRules) -> None:
        self.former = former
        self.present = present
        self._known: dict[str, Shift] = {}

    def of_field(self, before: Field, after: Field) -> Shift:
        """Return how what a field accepts differs."""
        if after.full_name not in self._known:
            self._known[after.full_name] = shift_of_field(before, after, self.former, self.present)
        return self._known[after.full_name]

    def of_message(self, before: Type, after: Type) -> Shift:
        """Return how what a message accepts as a whole differs."""
        if after.full_name not in self._known:
            self._known[after.full_name] = shift_of_message(before, after, self.former, self.present)
        return self._known[after.full_name]

    def refusal_of_absence(self, field: Field) -> str:
        """Return what refuses a message in which a field of the present state is not set; empty if nothing does."""
        return refusal_of_absence(field, self.present)
