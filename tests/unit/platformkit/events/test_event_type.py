from __future__ import annotations

from collections.abc import Sequence

import pytest
from plt.identity.v1 import events_pb2, identity_pb2

from platformkit.events import EventDefinitionError, EventType, topics_of
from tests.unit.platformkit.events.declaration import declared


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
