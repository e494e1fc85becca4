"""Differences between what two states accept of one element."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto

from servanda.interfaces.protobuf.schema import Element

Field = Element[FieldDescriptorProto]
Type = Element[DescriptorProto]


@dataclass(frozen=True, slots=True)
class Witness:
    """A value that is accepted by one state and refused by the other.

    Attributes:
        data: The value, as a message of one field or as the message.
        shown: The value as a person reads it.
        demand: The rule that refuses it as its definition has it, for example ``string.max_len 4``.
        said: Identifier and message of this rule, in the words of the validator.
        place: Source path of this rule within its option.
    """

    data: bytes
    shown: str
    demand: str
    said: str
    place: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Shift:
    """Known differences between what two states accept of one element.

    Attributes:
        tightened: What the former state accepts and the present one refuses, by aspect.
        loosened: What the present state accepts and the former one refuses, by aspect.
        unproven: Patterns and CEL expressions that are new, and of which no value shows whether they refuse anything
            new.
        undecided: Why not everything could be tried, in the words of the validator; empty if it was.
    """

    tightened: Mapping[str, Witness]
    loosened: Mapping[str, Witness]
    unproven: tuple[str, ...] = ()
    undecided: str = ""

    @property
    def is_shown(self) -> bool:
        """Tell whether some value shows it."""
        return bool(self.tightened or self.loosened)


NO_SHIFT: Final = Shift({}, {})
