"""Options as bytes: what carries the rules of a state to a validator that has definitions of its own."""

from __future__ import annotations

from typing import Final

from google.protobuf import empty_pb2, unknown_fields
from google.protobuf.message import Message

PROTOVALIDATE: Final = 1159
"""Number of the extensions ``buf.validate.field``, ``.message`` and ``.oneof``."""
PREDEFINED: Final = 1160
"""Number of the extension ``buf.validate.predefined``."""

_LENGTH_DELIMITED = 2


def option(number: int, value: bytes) -> bytes:
    """Return options that hold nothing but a message under this number."""
    return _varint(number << 3 | _LENGTH_DELIMITED) + _varint(len(value)) + value


def option_in(options: Message, number: int) -> bytes:
    """Return the message that options hold under this number; empty if they do not.

    What is given in parts, as a compiler may write it, is one message.
    """
    # Parsed as something that knows no field, so that it does not matter which extensions the process knows.
    bare = empty_pb2.Empty.FromString(options.SerializeToString())
    found = unknown_fields.UnknownFieldSet(bare)
    parts = [found[index] for index in range(len(found))]
    return b"".join(part.data for part in parts if part.field_number == number and isinstance(part.data, bytes))


def _varint(number: int) -> bytes:
    parts = bytearray()
    while number > 0x7F:
        parts.append(number & 0x7F | 0x80)
        number >>= 7
    parts.append(number)
    return bytes(parts)
