"""A message in which every field has a value, the same each time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

if TYPE_CHECKING:
    from google._upb import _message

    # What generated code declares; at run time both are one class.
    Field: TypeAlias = FieldDescriptor | _message.FieldDescriptor

M = TypeVar("M", bound=Message)

# Known types whose fields cannot have just any value.
KNOWN = {
    "google.protobuf.Timestamp": lambda message: message.FromJsonString("2026-01-02T03:04:05Z"),
    "google.protobuf.Duration": lambda message: message.FromJsonString("3s"),
    "google.protobuf.FieldMask": lambda message: message.FromJsonString("email,displayName"),
}
SCALARS: dict[int, Any] = {
    FieldDescriptor.CPPTYPE_BOOL: True,
    FieldDescriptor.CPPTYPE_DOUBLE: 1.5,
    FieldDescriptor.CPPTYPE_FLOAT: 1.5,
}
DEPTH = 5


def sample(message: M, depth: int = DEPTH) -> M:
    """Fill every field of an empty message; of a oneof, the last one.

    Args:
        message: What to fill.
        depth: How deep messages may lie in each other; below that, they stay empty.

    Returns:
        The message that was given.
    """
    known = KNOWN.get(message.DESCRIPTOR.full_name)
    if known is not None:
        known(message)
        return message
    for field in message.DESCRIPTOR.fields if depth else ():
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            key, value = (field.message_type.fields_by_name[name] for name in ("key", "value"))
            _fill_map(getattr(message, field.name), key, value, depth)
        elif field.message_type is not None:
            value = getattr(message, field.name)
            sample(value.add() if field.is_repeated else value, depth - 1)
        elif field.is_repeated:
            getattr(message, field.name).append(_scalar(field))
        else:
            setattr(message, field.name, _scalar(field))
    return message


def _fill_map(entries: Any, key: Field, value: Field, depth: int) -> None:
    if value.message_type is not None:
        sample(entries[_scalar(key)], depth - 1)
    else:
        entries[_scalar(key)] = _scalar(value)


def _scalar(field: Field) -> Any:
    if field.enum_type is not None:
        return field.enum_type.values[-1].number
    if field.type == FieldDescriptor.TYPE_BYTES:
        return field.name.encode()
    if field.cpp_type == FieldDescriptor.CPPTYPE_STRING:
        return field.name
    return SCALARS.get(field.cpp_type, field.number)
