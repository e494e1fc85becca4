"""Messages that tell what is read of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar, cast

from google.protobuf.message import Message

from servanda.pact.descriptors import FieldType, MessageType, map_value
from servanda.protobuf_runtime import is_repeated

_Message = TypeVar("_Message", bound=Message)

Note = Callable[[str], None]
"""Is told the full name of an element that was read."""

_LIBRARY = "google.protobuf."
# What tells nothing of a field: asking for them is no use of the message's contents.
_ABOUT = frozenset({"DESCRIPTOR", "IsInitialized", "ByteSize", "FromString", "Extensions", "UnknownFields"})


class ObservedMessage:
    """Stands for a message and notes every field that is read through it, at any depth.

    It passes ``isinstance`` for the message's class. What hands the message on as a whole - serialising, copying,
    comparing it - counts as reading everything in it. Messages of ``google.protobuf`` are values: of them only the
    field that holds them is noted.
    """

    __slots__ = ("_message", "_note")

    def __init__(self, message: Message, note: Note) -> None:
        object.__setattr__(self, "_message", message)
        object.__setattr__(self, "_note", note)

    # So that isinstance() answers as for the message itself.
    __class__ = property(lambda self: type(object.__getattribute__(self, "_message")))

    def __getattr__(self, name: str) -> Any:
        descriptor: MessageType = self._message.DESCRIPTOR
        field = descriptor.fields_by_name.get(name)
        if field is not None:
            return self._read(field, getattr(self._message, name))
        if name not in _ABOUT and not name.startswith("__") and callable(getattr(self._message, name)):
            note_everything(descriptor, self._note)
        return getattr(self._message, name)

    def __setattr__(self, name: str, value: object) -> None:
        setattr(self._message, name, value)

    def HasField(self, name: str) -> bool:  # noqa: N802 - the message's method
        """Tell whether a field is set; asking is reading."""
        self._note(f"{self._message.DESCRIPTOR.full_name}.{name}")
        return bool(self._message.HasField(name))

    def WhichOneof(self, name: str) -> str | None:  # noqa: N802 - the message's method
        """Return the member of a oneof that is set; asking is reading the oneof."""
        self._note(f"{self._message.DESCRIPTOR.full_name}.{name}")
        return cast("str | None", self._message.WhichOneof(name))

    def ListFields(self) -> list[tuple[FieldType, Any]]:  # noqa: N802 - the message's method
        """Return the fields that are set; whoever goes through them reads whatever there is."""
        note_everything(self._message.DESCRIPTOR, self._note)
        return [(field, self._read(field, value)) for field, value in self._message.ListFields()]

    def __eq__(self, other: object) -> bool:
        note_everything(self._message.DESCRIPTOR, self._note)
        return bool(self._message == (unwrap(other) if isinstance(other, Message) else other))

    __hash__ = None  # type: ignore[assignment]  # as of every message: it can be changed

    def __repr__(self) -> str:
        return repr(self._message)

    def __str__(self) -> str:
        return str(self._message)

    def _read(self, field: FieldType, value: Any) -> Any:
        note_field(field, self._note)
        if map_value(field) is not None:
            return _ObservedMap(field, value, self._note)
        if is_repeated(field):
            return _ObservedSequence(field, value, self._note)
        return _value(field, value, self._note)


class _ObservedSequence(Sequence[Any]):
    """A repeated field whose elements are observed when somebody takes them out."""

    def __init__(self, field: FieldType, values: Sequence[Any], note: Note) -> None:
        self._field, self._values, self._note = field, values, note

    def __getitem__(self, index: Any) -> Any:
        found = self._values[index]
        if isinstance(index, slice):
            return [_value(self._field, value, self._note) for value in found]
        return _value(self._field, found, self._note)

    def __len__(self) -> int:
        return len(self._values)

    def __eq__(self, other: object) -> bool:
        return list(self) == other

    __hash__ = None  # type: ignore[assignment]  # as of every repeated field

    def __repr__(self) -> str:
        return repr(self._values)


class _ObservedMap(Mapping[Any, Any]):
    """A map whose values are observed when somebody takes them out."""

    def __init__(self, field: FieldType, values: Mapping[Any, Any], note: Note) -> None:
        self._field, self._values, self._note = cast("FieldType", map_value(field)), values, note

    def __getitem__(self, key: Any) -> Any:
        return _value(self._field, self._values[key], self._note)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return repr(self._values)


def unwrap(message: _Message) -> _Message:
    """Return what an observed message stands for, as libraries written in C need it: all of it counts as read."""
    observed: object = message
    if not issubclass(type(observed), ObservedMessage):
        return message
    inner: _Message = object.__getattribute__(observed, "_message")
    note_everything(inner.DESCRIPTOR, object.__getattribute__(observed, "_note"))
    return inner


def note_field(field: FieldType, note: Note) -> None:
    """Note a field, and the oneof that it is a member of."""
    note(field.full_name)
    oneof = field.containing_oneof
    if oneof is not None:
        note(f"{field.full_name.rpartition('.')[0]}.{oneof.name}")


def note_value(field: FieldType, value: object, note: Note) -> None:
    """Note the value of an enum, by its number or its name, and the enum; of another field nothing."""
    enum = field.enum_type
    if enum is None:
        return
    note(enum.full_name)
    known = enum.values_by_number.get(value) if isinstance(value, int) else enum.values_by_name.get(str(value))
    if known is not None:
        note(f"{enum.full_name}.{known.name}")


def _value(field: FieldType, value: Any, note: Note) -> Any:
    note_value(field, value, note)
    if isinstance(value, Message) and not value.DESCRIPTOR.full_name.startswith(_LIBRARY):
        note(value.DESCRIPTOR.full_name)
        return ObservedMessage(value, note)
    return value


def note_everything(message: MessageType, note: Note) -> None:
    """Note every field of a message, at any depth."""
    waiting, seen = [message], {message.full_name}
    while waiting:
        for field in waiting.pop().fields:
            note(field.full_name)
            inner = (map_value(field) or field).message_type
            if inner is not None and inner.full_name not in seen and not inner.full_name.startswith(_LIBRARY):
                seen.add(inner.full_name)
                note(inner.full_name)
                waiting.append(inner)
