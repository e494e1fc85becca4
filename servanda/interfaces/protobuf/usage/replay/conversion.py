"""The same data in the types of another state: what a provider with the change would send of what it has."""

from __future__ import annotations

import json
import math
from typing import Any, Final

from google.protobuf import json_format
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from servanda.pact.descriptors import FieldType, MessageType, holder_of, map_value, message_class
from servanda.protobuf_runtime import is_repeated

LOST: Final = object()
"""Stands for data that the other state has no room for."""

_MESSAGES = (FieldDescriptor.TYPE_MESSAGE, FieldDescriptor.TYPE_GROUP)
_FLOATS = (FieldDescriptor.CPPTYPE_DOUBLE, FieldDescriptor.CPPTYPE_FLOAT)
_WELL_KNOWN = "google.protobuf."
_DIGITS_OF_FLOAT = 6


def counterpart(field: FieldType, target: MessageType) -> FieldType | None:
    """Return the field of another state that has a field's data; ``None`` if none has.

    That is the one of its name. Where the name is gone, it is the one of its number, unless that has the name of
    another former field: then the number was given away.
    """
    named, numbered = target.fields_by_name.get(field.name), target.fields_by_number.get(field.number)
    if named is not None or numbered is None:
        return named
    return None if numbered.name in holder_of(field).fields_by_name else numbered


def converted(message: Message, target: MessageType) -> Message:
    """Return the data of a message as a message of another type, as far as that has room for it."""
    into = message_class(target)()
    for field, value in message.ListFields():
        other = counterpart(field, target)
        if other is not None:
            put(into, other, value_in(field, value, other))
    return into


def put(message: Message, field: FieldType, value: Any) -> bool:
    """Set a field; tell whether it took the value."""
    if value is LOST:
        return False
    in_map = map_value(field)
    try:
        if in_map is not None and in_map.type in _MESSAGES:
            for key, entry in value.items():
                getattr(message, field.name)[key].CopyFrom(entry)
        elif in_map is not None:
            getattr(message, field.name).update(value)
        elif is_repeated(field):
            getattr(message, field.name).extend(value)
        elif field.type in _MESSAGES:
            getattr(message, field.name).CopyFrom(value)
        else:
            setattr(message, field.name, value)
    except (TypeError, ValueError):
        return False
    return True


def value_in(field: FieldType, value: Any, other: FieldType) -> Any:
    """Return what a field holds as a value of the field that has its data now, or :data:`LOST`."""
    before, after = map_value(field), map_value(other)
    if (before is None) != (after is None):
        return LOST
    if before is not None and after is not None:
        keys = _key(field), _key(other)
        entries = {
            _scalar(keys[0], key, keys[1]): _single(before, entry, after)
            for key, entry in sorted(value.items(), key=str)
        }
        return LOST if any(LOST in pair for pair in entries.items()) else entries
    if is_repeated(field):
        told = [_single(field, entry, other) for entry in value]
        if any(entry is LOST for entry in told):
            return LOST
        return told if is_repeated(other) else told[-1] if len(told) == 1 else LOST
    told_one = _single(field, value, other)
    return [told_one] if is_repeated(other) and told_one is not LOST else told_one


def _key(field: FieldType) -> FieldType:
    entry = field.message_type
    assert entry is not None  # noqa: S101 - a map has an entry
    return entry.fields_by_name["key"]


def _single(field: FieldType, value: Any, other: FieldType) -> Any:
    before, after = field.message_type, other.message_type
    if before is None and after is None:
        return _scalar(field, value, other)
    is_structure = (
        before is not None
        and after is not None
        and not (before.full_name.startswith(_WELL_KNOWN) or after.full_name.startswith(_WELL_KNOWN))
    )
    if is_structure and after is not None:
        return converted(value, after)
    if before is not None and after is not None and before.full_name == after.full_name:
        return message_class(after).FromString(value.SerializePartialToString())
    return _by_json(value, other)


def _by_json(value: Any, other: FieldType) -> Any:
    """Convert by the mapping of protobuf to JSON, in which times, durations and wrappers are plain values."""
    plain = json_format.MessageToDict(value) if isinstance(value, Message) else value
    if isinstance(plain, bytes | dict | list):
        return LOST
    holder = message_class(holder_of(other))()
    shown = [plain] if is_repeated(other) else plain
    try:
        json_format.ParseDict({other.json_name: shown}, holder)
    except (json_format.ParseError, ValueError, TypeError):
        return LOST
    found = getattr(holder, other.name)
    return found[0] if is_repeated(other) else found


def _scalar(field: FieldType, value: Any, other: FieldType) -> Any:
    if field.enum_type is not None:
        return _of_enum(field, value, other)
    if other.enum_type is not None:
        named = other.enum_type.values_by_name.get(value) if isinstance(value, str) else None
        found = named.number if named is not None else value
        return found if isinstance(found, int) and found in other.enum_type.values_by_number else LOST
    kind = other.cpp_type
    if kind == FieldDescriptor.CPPTYPE_STRING:
        return _text(value, as_bytes=other.type == FieldDescriptor.TYPE_BYTES)
    if kind == FieldDescriptor.CPPTYPE_BOOL:
        return bool(value) if not isinstance(value, str | bytes) and value in (0, 1) else LOST
    return _number(value, kind)


def _number(value: Any, kind: int) -> Any:
    try:
        number = json.loads(value) if isinstance(value, str | bytes) else value
    except ValueError:
        return LOST
    if not isinstance(number, int | float):
        return LOST
    if kind in _FLOATS:
        return float(number) if kind == FieldDescriptor.CPPTYPE_DOUBLE or _is_narrow(number) else LOST
    return int(number) if math.isfinite(number) and number == int(number) else LOST


def _is_narrow(number: float) -> bool:
    """Tell whether a number has no more digits than a float keeps."""
    return not math.isfinite(number) or float(f"{number:.{_DIGITS_OF_FLOAT}g}") == number


def _text(value: Any, *, as_bytes: bool) -> Any:
    if isinstance(value, bytes):
        try:
            return value if as_bytes else value.decode()
        except UnicodeDecodeError:
            return LOST
    text = value if isinstance(value, str) else json.dumps(value)
    return text.encode() if as_bytes else text


def _of_enum(field: FieldType, number: int, other: FieldType) -> Any:
    """Return the value that means the same, found as a field is: by name, else by number."""
    before, after = field.enum_type, other.enum_type
    known = before.values if before is not None else ()
    names = {value.name for value in known if value.number == number}
    if after is None:
        if other.cpp_type != FieldDescriptor.CPPTYPE_STRING:
            return number
        return _text(min(names, default=str(number)), as_bytes=other.type == FieldDescriptor.TYPE_BYTES)
    left = {value.number for value in after.values if value.name in names}
    if left:
        return number if number in left else min(left)
    numbered = {value.name for value in after.values if value.number == number}
    is_given_away = bool(numbered & {value.name for value in known})
    return number if numbered and not is_given_away else LOST
