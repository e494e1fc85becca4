from __future__ import annotations

import pytest
from google.protobuf.message import Message
from plt.audit.v1 import audit_pb2
from plt.identity.v1 import events_pb2, identity_pb2

from codegen.sample import sample


@pytest.mark.parametrize(
    "message_type", [events_pb2.UserUpdated, identity_pb2.User, audit_pb2.Entry], ids=lambda given: given.__name__
)
def test_every_field_has_a_value(message_type: type[Message]) -> None:
    filled = {field.name for field, _ in sample(message_type()).ListFields()}
    assert filled == set(message_type.DESCRIPTOR.fields_by_name)


def test_a_sample_is_the_same_each_time() -> None:
    assert sample(events_pb2.UserCreated()) == sample(events_pb2.UserCreated())
