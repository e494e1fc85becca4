from __future__ import annotations

from collections.abc import Sequence

import pytest
from google.protobuf import descriptor_pb2, descriptor_pool
from google.protobuf.descriptor import Descriptor
from plt.event.v1 import event_pb2
from plt.identity.v1 import events_pb2, identity_pb2

from platformkit.events import EventDefinitionError, EventType, topics_of


def declared(topic: str, key: str, headers: Sequence[str] = ()) -> Descriptor:
    """A message with the fields name (string), names (repeated string) and self (message), in a pool of its own."""
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


def test_the_declaration_of_a_message_is_read() -> None:
    assert EventType.of(events_pb2.UserCreated.DESCRIPTOR) == EventType(
        name="plt.identity.v1.UserCreated",
        source="/plt/identity",
        topic="plt.identity.user.v1",
        key=("user", "user_id"),
        extensions=("requestid",),
        retention_hours=168,
    )


def test_the_key_is_taken_along_its_path() -> None:
    message = events_pb2.UserCreated(user=identity_pb2.User(user_id="1"))
    assert EventType.of(message.DESCRIPTOR).key_of(message) == b"1"


def test_an_event_without_a_key_is_refused_since_nothing_would_order_it() -> None:
    with pytest.raises(EventDefinitionError, match=r"UserCreated: user\.user_id is the record key"):
        EventType.of(events_pb2.UserCreated.DESCRIPTOR).key_of(events_pb2.UserCreated())


def test_a_message_that_declares_nothing_is_no_event() -> None:
    with pytest.raises(EventDefinitionError, match=r"plt\.identity\.v1\.User is no event"):
        EventType.of(identity_pb2.User.DESCRIPTOR)


@pytest.mark.parametrize(
    ("topic", "key", "headers", "complaint"),
    [
        pytest.param("", "name", (), "names no topic", id="no topic"),
        pytest.param("t", "", (), "no singular field ''", id="no key"),
        pytest.param("t", "nothing", (), "no singular field 'nothing'", id="no such field"),
        pytest.param("t", "names", (), "no singular field 'names'", id="repeated key"),
        pytest.param("t", "self", (), "neither text nor an integer", id="message as key"),
        pytest.param("t", "name.name", (), "no singular field 'name'", id="path through text"),
        pytest.param("t", "name", ("tenant",), "no header 'tenant'", id="unknown header"),
    ],
)
def test_a_declaration_that_does_not_fit_is_refused(
    topic: str, key: str, headers: Sequence[str], complaint: str
) -> None:
    with pytest.raises(EventDefinitionError, match=complaint):
        EventType.of(declared(topic, key, headers))


def test_a_key_may_lie_in_a_nested_message() -> None:
    assert EventType.of(declared("t", "self.self.name")).key == ("self", "self", "name")


def test_events_of_one_topic_share_it() -> None:
    topics = topics_of([events_pb2.UserCreated, events_pb2.UserDeactivated])
    assert [(topic.name, topic.retention_hours) for topic in topics] == [("plt.identity.user.v1", 168)]
