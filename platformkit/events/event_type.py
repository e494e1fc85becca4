"""What a message declares about its way on Kafka, in ``option (plt.event.v1.event)``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from plt.event.v1 import event_pb2

from platformkit.events.errors import EventDefinitionError

if TYPE_CHECKING:
    from google._upb import _message

    # What generated code declares; at run time both are one class.
    MessageDescriptor: TypeAlias = Descriptor | _message.Descriptor

# CloudEvents extensions that the envelope puts into every record, so that a declaration may promise them.
EXTENSIONS = frozenset({"requestid"})
KEY_TYPES = frozenset(
    {
        FieldDescriptor.CPPTYPE_STRING,
        FieldDescriptor.CPPTYPE_INT32,
        FieldDescriptor.CPPTYPE_INT64,
        FieldDescriptor.CPPTYPE_UINT32,
        FieldDescriptor.CPPTYPE_UINT64,
    }
)


@dataclass(frozen=True, slots=True)
class EventType:
    """How one event message travels.

    Attributes:
        name: Full name of the message, the CloudEvents type.
        source: CloudEvents source: the package without its version, as a path; ``/plt/identity``.
        topic: Topic without any environment suffix.
        key: Path of the field that orders events, as field names.
        extensions: CloudEvents extensions that consumers may rely on besides the required attributes.
        retention_hours: How long the topic keeps a record; zero leaves the default of the broker.
    """

    name: str
    source: str
    topic: str
    key: tuple[str, ...]
    extensions: tuple[str, ...]
    retention_hours: int

    @classmethod
    def of(cls, descriptor: MessageDescriptor) -> EventType:
        """Read the declaration of a message.

        Raises:
            EventDefinitionError: The message declares none, or one that does not fit it.
        """
        return _event_type(descriptor)

    def key_of(self, message: Message) -> bytes:
        """The record key of an event.

        Raises:
            EventDefinitionError: The field that orders events is empty, so the order would be lost.
        """
        value: object = message
        for name in self.key:
            value = getattr(value, name)
        if value in ("", b""):
            path = ".".join(self.key)
            raise EventDefinitionError(f"{self.name}: {path} is the record key and must not be empty")
        return value if isinstance(value, bytes) else str(value).encode()


@cache
def _event_type(descriptor: MessageDescriptor) -> EventType:
    options = descriptor.GetOptions()
    if not options.HasExtension(event_pb2.event):
        raise EventDefinitionError(f"{descriptor.full_name} is no event: it has no option (plt.event.v1.event)")
    declared = options.Extensions[event_pb2.event]
    if not declared.topic:
        raise EventDefinitionError(f"{descriptor.full_name}: option (plt.event.v1.event) names no topic")
    if unknown := set(declared.headers) - EXTENSIONS:
        known = ", ".join(sorted(EXTENSIONS))
        raise EventDefinitionError(f"{descriptor.full_name}: no header {min(unknown)!r}; known: {known}")
    package = descriptor.file.package.split(".")
    return EventType(
        name=descriptor.full_name,
        source="/" + "/".join(package[:-1]),
        topic=declared.topic,
        key=_key_path(descriptor, declared.key),
        extensions=tuple(declared.headers),
        retention_hours=declared.retention_hours,
    )


def _key_path(descriptor: MessageDescriptor, declared: str) -> tuple[str, ...]:
    path = tuple(declared.split("."))
    message: MessageDescriptor | None = descriptor
    field = None
    for name in path:
        field = message.fields_by_name.get(name) if message is not None else None
        if field is None or field.is_repeated:
            raise EventDefinitionError(f"{descriptor.full_name}: no singular field {name!r} of key {declared!r}")
        message = field.message_type
    if field is None or field.cpp_type not in KEY_TYPES:
        raise EventDefinitionError(f"{descriptor.full_name}: key {declared!r} is neither text nor an integer")
    return path
