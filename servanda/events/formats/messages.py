"""Payloads in protobuf, by the definitions of the repository."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, Final

from google.protobuf import descriptor_pool, json_format, message_factory
from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.protobuf.message import DecodeError, Message

from servanda.configuration import Events
from servanda.events.formats.redaction import StandIns
from servanda.events.formats.understood import Understood, UnreadableRecordError
from servanda.protobuf_runtime import is_repeated
from servanda.topics.record import Record

_WELL_KNOWN: Final = "google.protobuf."
_MASK: Final = "google.protobuf.FieldMask"


class Messages:
    """The messages that may be events.

    Args:
        image: The definitions, each file after those that it imports.
        settings: How the repository declares events.
    """

    def __init__(self, image: FileDescriptorSet, settings: Events) -> None:
        self._pool = descriptor_pool.DescriptorPool()
        for file in image.file:
            self._pool.Add(file)
        self._files = tuple(file.name for file in image.file)
        self._settings = settings
        self._schemas: dict[str, str] = {}

    @cached_property
    def declared(self) -> Mapping[str, tuple[str, int]]:
        """Return topic and hours of retention by full name of the messages that the configured option declares."""
        if not self._settings.option:
            return {}
        try:
            extension: Any = self._pool.FindExtensionByName(self._settings.option)
            kind = message_factory.GetMessageClass(self._pool.FindMessageTypeByName("google.protobuf.MessageOptions"))
        except KeyError:
            return {}
        found: dict[str, tuple[str, int]] = {}
        for descriptor in self._messages():
            options: Any = kind.FromString(descriptor.GetOptions().SerializeToString())
            if options.HasExtension(extension):
                event = options.Extensions[extension]
                found[descriptor.full_name] = (event.topic, getattr(event, "retention_hours", 0))
        return found

    def type_of(self, record: Record) -> str:
        """Return the full name of the message that a record holds; empty if nothing says it.

        A header says it, the configuration by topic, or the only message that is declared for the topic.
        """
        names = [value.decode("utf-8", "replace") for _, value in record.headers]
        named = [self._settings.messages.get(each, each) for each in (*names, record.topic)]
        for name in named:
            if self._descriptor(name) is not None:
                return name
        on_topic = [name for name, (topic, _) in self.declared.items() if topic == record.topic]
        return on_topic[0] if len(on_topic) == 1 else ""

    def understand(self, record: Record, name: str) -> Understood:
        """Read the value of a record as a message.

        Raises:
            UnreadableRecordError: It is none.
        """
        descriptor = self._descriptor(name)
        assert descriptor is not None, "type_of() gave the name"  # noqa: S101 - for the type checker
        try:
            message = message_factory.GetMessageClass(descriptor).FromString(record.value or b"")
        except DecodeError as error:
            raise UnreadableRecordError(f"the value is no {name}: {error}", where=record.topic) from None
        whole = message.ByteSize()
        # What no definition knows, no annotation can keep from being read.
        message.DiscardUnknownFields()  # type: ignore[no-untyped-call, unused-ignore]
        left_out = message.ByteSize() != whole
        signature = tuple(sorted(set(_signature(message, ""))))
        stand_ins = StandIns(record.digest)
        _redact(message, stand_ins, everything=False)
        key = record.key
        if key is not None:
            key = stand_ins.within(key.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
        kept = Record(record.topic, key, message.SerializeToString(deterministic=True), record.headers, record.time)
        payload = json_format.MessageToDict(message, preserving_proto_field_name=True, descriptor_pool=self._pool)
        return Understood(name, signature, self._schema(descriptor), kept, payload, left_out)

    def _descriptor(self, name: str) -> Descriptor | None:
        try:
            return self._pool.FindMessageTypeByName(name)
        except KeyError:
            return None

    def _messages(self) -> Iterator[Descriptor]:
        for file in self._files:
            yield from self._pool.FindFileByName(file).message_types_by_name.values()

    def _schema(self, descriptor: Descriptor) -> str:
        name = descriptor.full_name
        if name not in self._schemas:
            lines = sorted(set(_definition(descriptor, set())))
            self._schemas[name] = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
        return self._schemas[name]


def _definition(descriptor: Any, seen: set[str]) -> Iterator[str]:
    """Yield what readers and writers have to agree on: names, numbers and types, of everything that is reached."""
    if descriptor.full_name in seen:
        return
    seen.add(descriptor.full_name)
    if isinstance(descriptor, EnumDescriptor):
        yield from (f"{descriptor.full_name} {each.name}={each.number}" for each in descriptor.values)
        return
    for field in descriptor.fields:
        inner = field.message_type or field.enum_type
        kind = inner.full_name if inner is not None else field.type
        yield f"{descriptor.full_name} {field.name}={field.number} {kind} {is_repeated(field)}"
        if inner is not None:
            yield from _definition(inner, seen)


def _signature(message: Message, prefix: str) -> Iterator[str]:
    if message.DESCRIPTOR.full_name == _MASK:
        yield from (f"{prefix.removesuffix('.')}={path}" for path in message.paths)  # type: ignore[attr-defined]
        return
    field: Any
    value: Any
    for field, value in message.ListFields():
        path = f"{prefix}{field.name}"
        if _is_map(field):
            path += "{}"
            field, value = field.message_type.fields_by_name["value"], list(value.values())  # noqa: PLW2901
        elif is_repeated(field):
            path += "[]"
        else:
            value = [value]  # noqa: PLW2901 - one is a list of one
        yield path
        for each in value:
            yield from _of_value(field, each, path)


def _of_value(field: Any, value: Any, path: str) -> Iterator[str]:
    if field.enum_type is not None:
        known = field.enum_type.values_by_number.get(value)
        yield f"{path}={known.name if known is not None else f'#{value}'}"
    elif field.message_type is not None:
        name = field.message_type.full_name
        if name == _MASK or not name.startswith(_WELL_KNOWN):
            yield from _signature(value, f"{path}.")


def _is_map(field: Any) -> bool:
    return field.message_type is not None and bool(field.message_type.GetOptions().map_entry)


def _redact(message: Message, stand_ins: StandIns, *, everything: bool) -> None:
    """Replace what is annotated with ``debug_redact``, and all that is in a message that is."""
    for field, value in message.ListFields():
        hidden = everything or bool(field.GetOptions().debug_redact)
        if _is_map(field):
            _redact_map(field, value, stand_ins, hidden=hidden)
        elif field.message_type is not None:
            for each in value if is_repeated(field) else (value,):
                _redact(each, stand_ins, everything=hidden)
        elif hidden and is_repeated(field):
            value[:] = [_stand_in(field, each, stand_ins) for each in value]
        elif hidden:
            setattr(message, field.name, _stand_in(field, value, stand_ins))


def _redact_map(field: Any, value: Any, stand_ins: StandIns, *, hidden: bool) -> None:
    kind = field.message_type.fields_by_name["value"]
    hidden = hidden or bool(kind.GetOptions().debug_redact)
    if kind.message_type is not None:
        for each in value.values():
            _redact(each, stand_ins, everything=hidden)
    elif hidden:
        for name in list(value):
            value[name] = _stand_in(kind, value[name], stand_ins)


def _stand_in(field: Any, value: Any, stand_ins: StandIns) -> Any:
    match field.cpp_type:
        case FieldDescriptor.CPPTYPE_STRING if field.type == FieldDescriptor.TYPE_BYTES:
            return stand_ins.text("bytes").encode() if value else value
        case FieldDescriptor.CPPTYPE_STRING:
            return stand_ins.text(value)
        case FieldDescriptor.CPPTYPE_BOOL | FieldDescriptor.CPPTYPE_ENUM:
            # Part of the shape: without it the shape would be another one.
            return value
        case _:
            return type(value)(1) if value else value
