"""Faults of a JSON document, field by field, before it becomes a message.

protobuf's own parser stops at the first fault and accepts some (a list in place of a message, an enum number that does
not fit, one field under both of its names); a caller wants all of them, each with its path.
"""

from __future__ import annotations

import base64
import binascii
import sys
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from google.protobuf import json_format, message_factory
from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor

from platformkit.status import FieldViolation
from platformkit.transcoding.fields import (
    FLOATS,
    INTEGERS,
    NUMBER,
    SPECIAL_FLOATS,
    by_name,
    is_unicode,
    map_entry,
    plain,
)

MAX_DEPTH: Final = 64
_WELL_KNOWN: Final = "google.protobuf."
_VALUE: Final = "google.protobuf.Value"
_ENUM_RANGE: Final = INTEGERS[FieldDescriptor.CPPTYPE_INT32]
_NULL_VALUE: Final = "google.protobuf.NullValue"
_HINTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "google.protobuf.FieldMask": ": paths in lowerCamelCase, separated by commas",
        "google.protobuf.Timestamp": ": a date and time as RFC 3339 writes them, from the year 1 to 9999",
        "google.protobuf.Duration": ": seconds with at most nine decimals and an s at the end",
    }
)
_LARGEST_FLOAT: Final = (2 - 2**-23) * 2.0**127


def violations_of(message: Descriptor, document: Any, path: str = "", depth: int = 0) -> Iterator[FieldViolation]:
    """Return the faults of a document as the JSON of a message, by the ProtoJSON rules."""
    if depth > MAX_DEPTH:
        yield FieldViolation(path, f"nested deeper than {MAX_DEPTH} levels", "TOO_DEEP")
    elif not isinstance(document, dict):
        yield _type(path, "an object", document)
    else:
        seen: dict[str, str] = {}
        for name, value in document.items():
            field = by_name(message, name)
            inside = f"{path}.{field.name if field else name}".removeprefix(".")
            if field is None:
                yield FieldViolation(inside, f"{message.full_name} has no such field", "UNKNOWN_FIELD")
            elif field.name in seen:
                yield FieldViolation(
                    inside, f"stands there twice, as {seen[field.name]} and as {name}", "DUPLICATE_FIELD"
                )
            else:
                seen[field.name] = name
                yield from _field(field, value, inside, depth)


def _field(field: FieldDescriptor, value: Any, path: str, depth: int) -> Iterator[FieldViolation]:
    if value is None:
        # In ProtoJSON null is the absence of any field.
        return
    entry = map_entry(field)
    if entry is not None:
        yield from _map(entry, value, path, depth)
    elif field.is_repeated:
        if not isinstance(value, list):
            yield _type(path, "an array", value)
            return
        for index, item in enumerate(value):
            yield from _item(field, item, f"{path}[{index}]", depth)
    else:
        yield from _single(field, value, path, depth)


def _map(entry: Descriptor, value: Any, path: str, depth: int) -> Iterator[FieldViolation]:
    if not isinstance(value, dict):
        yield _type(path, "an object", value)
        return
    key_field, value_field = entry.fields_by_name["key"], entry.fields_by_name["value"]
    for key, item in value.items():
        inside = f'{path}["{key}"]'
        yield from _key(key_field, key, inside)
        yield from _item(value_field, item, inside, depth)


def _key(field: FieldDescriptor, key: str, path: str) -> Iterator[FieldViolation]:
    if field.cpp_type == FieldDescriptor.CPPTYPE_BOOL and key not in {"true", "false"}:
        yield FieldViolation(path, "the key is neither true nor false", "WRONG_TYPE")
    elif field.cpp_type != FieldDescriptor.CPPTYPE_BOOL:
        yield from _single(field, key, path, 0)


def _item(field: FieldDescriptor, value: Any, path: str, depth: int) -> Iterator[FieldViolation]:
    if value is None and not _takes_null(field):
        yield FieldViolation(path, "null is no element", "WRONG_TYPE")
    else:
        yield from _single(field, value, path, depth)


def _single(field: FieldDescriptor, value: Any, path: str, depth: int) -> Iterator[FieldViolation]:
    if field.message_type is not None and plain(field) is field:
        if not field.message_type.full_name.startswith(_WELL_KNOWN):
            yield from violations_of(field.message_type, value, path, depth + 1)
        else:
            yield from _by_parser(field.message_type, value, path)
        return
    expected = _mismatch(plain(field), value)
    if expected is not None:
        yield _type(path, expected, value)


def _by_parser(message: Descriptor, value: Any, path: str) -> Iterator[FieldViolation]:
    try:
        json_format.ParseDict(value, message_factory.GetMessageClass(message)())
    except (json_format.ParseError, TypeError, ValueError, AttributeError, RecursionError):
        # Each of these is how the parser refuses a value that is not what this well-known type looks like.
        hint = _HINTS.get(message.full_name, "")
        yield FieldViolation(path, f"is not the JSON of a {message.full_name}{hint}", "WRONG_TYPE")


def _takes_null(field: FieldDescriptor) -> bool:
    message, enum = field.message_type, field.enum_type
    return (message is not None and message.full_name == _VALUE) or (enum is not None and enum.full_name == _NULL_VALUE)


def _mismatch(field: FieldDescriptor, value: Any) -> str | None:
    kind = field.cpp_type
    if kind == FieldDescriptor.CPPTYPE_BOOL:
        return None if isinstance(value, bool) else "true or false"
    if field.enum_type is not None:
        return _enum_mismatch(field.enum_type, value)
    if kind in INTEGERS:
        low, high = INTEGERS[kind]
        number = _integer(value)
        return None if number is not None and low <= number <= high else f"an integer from {low} to {high}"
    if kind in FLOATS:
        return None if _fits_float(field, value) else "a number"
    if field.type == FieldDescriptor.TYPE_BYTES:
        return None if isinstance(value, str) and _is_base64(value) else "a string in base64"
    return None if isinstance(value, str) and is_unicode(value) else "a string"


def _enum_mismatch(enum: EnumDescriptor, value: Any) -> str | None:
    if isinstance(value, str) and is_unicode(value) and value in enum.values_by_name:
        return None
    if value is None and enum.full_name == _NULL_VALUE:
        return None
    number = value if isinstance(value, int) and not isinstance(value, bool) else None
    known = number in enum.values_by_number if enum.is_closed else number is not None
    if number is not None and known and _ENUM_RANGE[0] <= number <= _ENUM_RANGE[1]:
        return None
    return f"one of {', '.join(enum.values_by_name)}"


def _integer(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    # 64-bit integers are strings in ProtoJSON; underscores, spaces and other digits are Python's, not JSON's.
    if isinstance(value, str) and value.isascii() and value.removeprefix("-").isdigit() and len(value) <= 20:
        return int(value)
    return None


def _fits_float(field: FieldDescriptor, value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return False
    if isinstance(value, str):
        return value in SPECIAL_FLOATS or NUMBER.fullmatch(value) is not None
    largest = _LARGEST_FLOAT if field.cpp_type == FieldDescriptor.CPPTYPE_FLOAT else sys.float_info.max
    return -largest <= value <= largest


def _is_base64(value: str) -> bool:
    text = value.replace("-", "+").replace("_", "/")
    try:
        base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


def _type(path: str, expected: str, value: Any) -> FieldViolation:
    shown = {dict: "an object", list: "an array", bool: "a boolean", type(None): "null"}.get(type(value)) or repr(value)
    return FieldViolation(path, f"expected {expected}, got {shown[:100]}", "WRONG_TYPE")
