"""Values of protobuf fields that are more than their JSON counterparts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Omissible:
    """The default of a protobuf field without presence: to send it and to leave it out are one."""

    value: object


class EnumName(str):
    """The name of an enum value that the consumer's definition knows; values that it does not know are numbers."""

    __slots__ = ()
