"""Things that a call carries beside its message: a field that its type does not have, or a deadline."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message

from servanda.interfaces.protobuf.usage.routes import Route

UNKNOWN_NAME: Final = "servandaUnknownField"
"""Name of the unknown field in JSON and in a query."""
TIMEOUT_HEADER: Final = "grpc-timeout"
"""Name under which a deadline travels: of gRPC itself, and of the gateways that take it from HTTP."""

# The largest number that a field may have, and a wire type that a length precedes; content: "x".
_LARGEST: Final = (1 << 29) - 1
_LENGTH_DELIMITED: Final = 2
_CONTENT: Final = b"\x01x"
# Numbers for implementations of protobuf alone.
_KEPT: Final = range(19_000, 20_000)


class Beside(StrEnum):
    """Kinds of what a call carries beside its message."""

    NOTHING = "nothing"
    UNKNOWN_FIELD = "unknown field"
    EXPIRED_DEADLINE = "expired deadline"
    SHORT_DEADLINE = "short deadline"


TIMEOUTS: Final[Mapping[Beside, str]] = MappingProxyType({Beside.EXPIRED_DEADLINE: "1n", Beside.SHORT_DEADLINE: "1m"})
"""Deadlines in the form of gRPC: a nanosecond, over before anybody reads of it, and a millisecond, over on the way."""


def with_unknown_field(route: Route, message: Message) -> Message:
    """Return the message with a field that its type does not have, at the place where HTTP has it as well."""
    added = type(message)()
    added.CopyFrom(message)
    target: Any = getattr(added, route.body) if in_body_field(route, message) else added
    target.MergeFromString(_varint(unknown_number(target.DESCRIPTOR) << 3 | _LENGTH_DELIMITED) + _CONTENT)
    return added


def in_body_field(route: Route, message: Message) -> bool:
    """Tell whether the body of the HTTP request is one field, a message of its own, and is there."""
    field = message.DESCRIPTOR.fields_by_name.get(route.body)
    return (
        field is not None
        and field.message_type is not None
        and not field.is_repeated
        and not field.message_type.full_name.startswith("google.protobuf.")
        and message.HasField(route.body)
    )


def unknown_number(kind: Descriptor) -> int:
    """Return the largest number that no field of a message has."""
    taken = kind.fields_by_number
    return next(number for number in range(_LARGEST, 0, -1) if number not in taken and number not in _KEPT)


def _varint(value: int) -> bytes:
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*encoded, value])
