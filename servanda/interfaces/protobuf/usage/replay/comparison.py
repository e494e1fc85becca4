"""The fields of a message, one by one: does what one side writes arrive at the other as it was?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from google.protobuf import json_format
from google.protobuf.message import DecodeError, Message

from servanda.interfaces.effect import Access
from servanda.interfaces.protobuf.usage.replay.conversion import LOST, counterpart, put, value_in
from servanda.pact.descriptors import FieldType, MessageType, holder_of, map_value, message_class
from servanda.protobuf_runtime import is_repeated

_WELL_KNOWN = "google.protobuf."

Arrival = tuple[str, bool]
"""Full name of an element as it was, and whether what it stands for arrives."""


@dataclass(frozen=True, slots=True)
class Wire:
    """Direction and form in which a consumer and a provider with the change exchange a message.

    Attributes:
        access: ``READ`` if the provider writes and the consumer reads by the old definition, ``WRITE`` if it is the
            other way round.
        named: Whether it is JSON; else the binary form.
    """

    access: Access
    named: bool


def arrivals(message: Message, target: MessageType, wire: Wire) -> Iterator[Arrival]:
    """Yield for everything that a message holds whether it arrives.

    Args:
        message: What the consumer writes or reads, by the old definition.
        target: The type that the provider has for it now.
        wire: The direction and the form.
    """
    fates: list[Arrival] = []
    for field, value in message.ListFields():
        fates += _field(field, value, target, wire)
    yield from fates
    # A message arrives if its own fields do; what is in them has names of its own.
    own = {field.full_name for field, _ in message.ListFields()}
    yield message.DESCRIPTOR.full_name, all(arrives for element, arrives in fates if element in own)


def field_arrives(field: FieldType, value: Any, target: MessageType, wire: Wire) -> bool:
    """Tell whether a value of one field arrives, in a message that holds nothing else."""
    other = counterpart(field, target)
    if other is None or (wire.access is Access.READ and is_repeated(other) and not is_repeated(field)):
        return False  # a field becomes a list to hold more than one value
    old, new = message_class(holder_of(field))(), message_class(target)()
    put(old, field, value)
    there = value_in(field, value, other)
    if there is LOST or not put(new, other, there):
        return False
    try:
        return _in_json(old, new, field, wire) if wire.named else _in_bytes(old, new, wire)
    except (DecodeError, json_format.Error, ValueError, TypeError):
        return False


def _field(field: FieldType, value: Any, target: MessageType, wire: Wire) -> Iterator[Arrival]:
    other = counterpart(field, target)
    inner, inner_now = _structure(field), _structure(other) if other is not None else None
    if other is None or inner is None or inner_now is None:
        arrives = field_arrives(field, value, target, wire)
    else:
        arrives = _is_found(field, other, wire, len(_entries(field, value)))
        for entry in _entries(field, value):
            yield from arrivals(entry, inner_now, wire)
    for element in _named_with(field):
        yield element, arrives
    yield from _values(field, value, arrives=arrives)


def _structure(field: FieldType) -> MessageType | None:
    """Return the type of what a field holds, if its parts can be looked at one by one."""
    type_ = (map_value(field) or field).message_type
    return None if type_ is None or type_.full_name.startswith(_WELL_KNOWN) else type_


def _entries(field: FieldType, value: Any) -> list[Message]:
    if map_value(field) is not None:
        return list(value.values())
    return list(value) if is_repeated(field) else [value]


def _is_found(field: FieldType, other: FieldType, wire: Wire, count: int) -> bool:
    """Tell whether the place of a message in its holder is understood, whatever it holds."""
    if (map_value(field) is None) != (map_value(other) is None):
        return False
    if is_repeated(field) != is_repeated(other) and (wire.named or not _is_one_of_a_list(field, wire, count)):
        return False
    if wire.named:
        if wire.access is Access.READ:
            return other.json_name == field.json_name
        return field.json_name in (other.json_name, other.name)
    keys = [entry.fields_by_name["key"].type for each in (field, other) if (entry := _entry(each)) is not None]
    return field.number == other.number and field.type == other.type and len(set(keys)) <= 1


def _is_one_of_a_list(field: FieldType, wire: Wire, count: int) -> bool:
    """Tell whether bytes are the same for one value and a list of one, and who reads them gets no more than one."""
    return count == 1 if is_repeated(field) else wire.access is Access.WRITE


def _entry(field: FieldType) -> MessageType | None:
    return field.message_type if map_value(field) is not None else None


def _named_with(field: FieldType) -> Iterator[str]:
    yield field.full_name
    oneof = field.containing_oneof
    if oneof is not None:
        yield f"{holder_of(field).full_name}.{oneof.name}"


def _values(field: FieldType, value: Any, *, arrives: bool) -> Iterator[Arrival]:
    enum = (map_value(field) or field).enum_type
    if enum is None:
        return
    yield enum.full_name, arrives
    entries = value.values() if map_value(field) is not None else value if is_repeated(field) else [value]
    for number in entries:
        for each in enum.values:
            if each.number == number:
                yield f"{enum.full_name}.{each.name}", arrives


def _in_bytes(old: Message, new: Message, wire: Wire) -> bool:
    sent, kept = (old, new) if wire.access is Access.WRITE else (new, old)
    arrived = type(kept)()
    # One field at a time: fields that proto2 requires may be missing.
    arrived.MergeFromString(sent.SerializePartialToString())
    arrived.DiscardUnknownFields()
    return arrived == kept


def _in_json(old: Message, new: Message, field: FieldType, wire: Wire) -> bool:
    if wire.access is Access.WRITE:
        sent = json_format.MessageToDict(old)
        return bool(json_format.ParseDict(sent, type(new)(), ignore_unknown_fields=True) == new)
    expected, told = (json_format.MessageToDict(each, always_print_fields_with_no_presence=True) for each in (old, new))
    # As text: for Python true is 1, for a reader of JSON it is not.
    return field.json_name in told and repr(told[field.json_name]) == repr(expected[field.json_name])
