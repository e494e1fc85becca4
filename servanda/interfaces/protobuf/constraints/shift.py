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
        shown: The value as a person reads it.
        said: Identifier and message of the rule that refuses it.
        place: Source path of this rule within its option.
    """

    shown: str
    said: str
    place: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Shift:
    """Known differences between what two states accept of one element.

    Attributes:
        tightened: What the former state accepts and the present one refuses, by aspect.
        loosened: What the present state accepts and the former one refuses, by aspect.
        unproven: Patterns and CEL expressions that are new, and of which no value shows whether they refuse anything
            new; why nothing could be tried, if so.
    """

    tightened: Mapping[str, Witness]
    loosened: Mapping[str, Witness]
    unproven: tuple[str, ...] = ()


NO_SHIFT: Final = Shift({}, {})
