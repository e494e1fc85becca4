"""Top-level fields of a serialized message, found without parsing what is in them.

Source: "Encoding" of the Protocol Buffers documentation.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

_VARINT, _FIXED_64, _LENGTH_DELIMITED, _FIXED_32 = 0, 1, 2, 5


class Frame(NamedTuple):
    """One field as it is written.

    Attributes:
        number: The field's number.
        start: Where its tag begins.
        value: Where its value begins; after the length, if it has one.
        end: Where the next field begins.
    """

    number: int
    start: int
    value: int
    end: int


def frames(data: bytes | memoryview) -> Iterator[Frame]:
    """Yield the fields of a message in the order in which they are written.

    Raises:
        ValueError: This is no serialized message.
    """
    position, size = 0, len(data)
    while position < size:
        start = position
        tag = data[position]
        position += 1
        if tag >= 0x80:
            tag, position = _varint(data, start)
        wire_type, value = tag & 7, position
        if wire_type == _LENGTH_DELIMITED:
            length, value = _varint(data, position)
            position = value + length
        elif wire_type == _VARINT:
            _, position = _varint(data, position)
        elif wire_type in (_FIXED_64, _FIXED_32):
            position += 8 if wire_type == _FIXED_64 else 4
        else:
            raise ValueError(f"wire type {wire_type} at byte {start}")
        if position > size or tag >> 3 == 0:
            raise ValueError(f"a field at byte {start} that the data does not hold")
        yield Frame(tag >> 3, start, value, position)


def values(data: bytes | memoryview) -> Iterator[tuple[int, int]]:
    """Begin and end of the value of each field of a message that has length-delimited fields only.

    Raises:
        ValueError: This is no such message.
    """
    position, size = 0, len(data)
    while position < size:
        tag, start = data[position], position + 2
        length = data[start - 1] if start <= size else 0x80
        if tag >= 0x80 or length >= 0x80:
            tag, position = _varint(data, position)
            length, start = _varint(data, position)
        position = start + length
        if tag & 7 != _LENGTH_DELIMITED or tag >> 3 == 0 or position > size:
            raise ValueError(f"no length-delimited field before byte {position}")
        yield start, position


def header(number: int, size: int) -> bytes:
    """Return what stands before the bytes of a length-delimited field: its tag and its length."""
    return _encoded(number << 3 | _LENGTH_DELIMITED) + _encoded(size)


def _encoded(value: int) -> bytes:
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*encoded, value])


def _varint(data: bytes | memoryview, position: int) -> tuple[int, int]:
    value = shift = 0
    while position < len(data) and shift < 70:
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, position
        shift += 7
    raise ValueError(f"a number that does not end before byte {position}")
