"""Values to try where no contract shows one: usual ones, and those at which types differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from servanda.interfaces.protobuf.usage.replay.conversion import put
from servanda.pact.descriptors import FieldType, MessageType, map_value, message_class
from servanda.protobuf_runtime import is_repeated

_DEEPEST: Final = 6
"""Messages may contain themselves."""
_WELL_KNOWN = "google.protobuf."

_SIGNED32 = (3, -2, 2**31 - 1)
_UNSIGNED32 = (3, 2**32 - 1)
_SIGNED64 = (3, -2, 2**31 - 1, 2**53 + 1)
_UNSIGNED64 = (3, 2**32 - 1, 2**63)
_BY_TYPE: Mapping[int, tuple[Any, ...]] = MappingProxyType(
    {
        FieldDescriptor.TYPE_INT32: _SIGNED32,
        FieldDescriptor.TYPE_SINT32: _SIGNED32,
        FieldDescriptor.TYPE_SFIXED32: _SIGNED32,
        FieldDescriptor.TYPE_UINT32: _UNSIGNED32,
        FieldDescriptor.TYPE_FIXED32: _UNSIGNED32,
        FieldDescriptor.TYPE_INT64: _SIGNED64,
        FieldDescriptor.TYPE_SINT64: _SIGNED64,
        FieldDescriptor.TYPE_SFIXED64: _SIGNED64,
        FieldDescriptor.TYPE_UINT64: _UNSIGNED64,
        FieldDescriptor.TYPE_FIXED64: _UNSIGNED64,
        FieldDescriptor.TYPE_DOUBLE: (3.0, 1.5, 0.123456789012),
        FieldDescriptor.TYPE_FLOAT: (3.0, 1.5),
        FieldDescriptor.TYPE_BOOL: (True,),
        FieldDescriptor.TYPE_STRING: ("text", "7"),
        FieldDescriptor.TYPE_BYTES: (b"text", b"\xff\x00"),
    }
)


def samples(field: FieldType) -> Iterator[Any]:
    """Yield values of a field, none of them its default; none for a message, which may hold anything."""
    for value in single_samples(map_value(field) or field):
        yield held(field, value)


def sample_message(type_: MessageType, is_used: Callable[[str], bool], depth: int = 0) -> Message:
    """Return a message with a value in each field whose full name counts as used."""
    message = message_class(type_)()
    for field in type_.fields:
        if not is_used(field.full_name) or depth > _DEEPEST:
            continue
        in_map = map_value(field)
        inner = (in_map or field).message_type
        if inner is None or inner.full_name.startswith(_WELL_KNOWN):
            value = next(samples(field), None)
        else:
            value = sample_message(inner, is_used, depth + 1)
            value = held(field, value)
        if value is not None:
            put(message, field, value)
    return message


def held(field: FieldType, value: Any) -> Any:
    """Return one value as a field holds it: as a list or a map where it is one."""
    if map_value(field) is not None and field.message_type is not None:
        return {next(iter(single_samples(field.message_type.fields_by_name["key"]))): value}
    return [value] if is_repeated(field) else value


def single_samples(field: FieldType) -> Iterator[Any]:
    """Yield values of what a field has one or many of."""
    if field.enum_type is not None:
        numbers = [value.number for value in field.enum_type.values]
        yield from [number for number in dict.fromkeys(numbers) if number] or numbers[:1]
    elif field.message_type is not None:
        yield from _well_known(field.message_type)
    else:
        yield from _BY_TYPE[field.type]


def _well_known(type_: MessageType) -> Iterator[Message]:
    """Yield a message of a type that JSON has a plain value for, with something in its first scalar field."""
    message = message_class(type_)()
    first = next((field for field in type_.fields if field.message_type is None and not is_repeated(field)), None)
    if type_.full_name.startswith(_WELL_KNOWN) and first is not None and type_.name != "Any":
        put(message, first, next(single_samples(first)))
        yield message
