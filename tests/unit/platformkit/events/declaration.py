"""A message that is declared as an event, made for a test."""

from __future__ import annotations

from collections.abc import Sequence

from google.protobuf import descriptor_pb2, descriptor_pool
from google.protobuf.descriptor import Descriptor
from plt.event.v1 import event_pb2


def declared(topic: str, key: str, headers: Sequence[str] = ()) -> Descriptor:
    """Return a message with the fields name, names (repeated) and self (itself), in a pool of its own."""
    file = descriptor_pb2.FileDescriptorProto(name="thing.proto", package="plt.thing.v2", syntax="proto3")
    file.dependency.append("plt/event/v1/event.proto")
    thing = file.message_type.add(name="Thing")
    text, repeated = descriptor_pb2.FieldDescriptorProto.TYPE_STRING, descriptor_pb2.FieldDescriptorProto.LABEL_REPEATED
    thing.field.add(name="name", number=1, type=text, label=descriptor_pb2.FieldDescriptorProto.LABEL_OPTIONAL)
    thing.field.add(name="names", number=2, type=text, label=repeated)
    thing.field.add(
        name="self",
        number=3,
        type=descriptor_pb2.FieldDescriptorProto.TYPE_MESSAGE,
        type_name=".plt.thing.v2.Thing",
        label=descriptor_pb2.FieldDescriptorProto.LABEL_OPTIONAL,
    )
    thing.options.Extensions[event_pb2.event].CopyFrom(event_pb2.Event(topic=topic, key=key, headers=headers))
    pool = descriptor_pool.DescriptorPool()
    for dependency in (descriptor_pb2.DESCRIPTOR, event_pb2.DESCRIPTOR):
        pool.AddSerializedFile(dependency.serialized_pb)
    pool.Add(file)
    return pool.FindMessageTypeByName("plt.thing.v2.Thing")
