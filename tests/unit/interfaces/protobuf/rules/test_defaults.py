"""Defaults that no compiler writes, but that an image may hold."""

import pytest
from google.protobuf.descriptor_pb2 import FieldDescriptorProto as Proto
from google.protobuf.descriptor_pb2 import FileDescriptorProto

from servanda.errors import InterfaceError
from servanda.interfaces.protobuf.rules.defaults import Value, default
from servanda.interfaces.protobuf.schema import File, State
from servanda.interfaces.protobuf.schema.element import fields


def read(kind: "Proto.Type.ValueType", text: str) -> Value | None:
    image = FileDescriptorProto(name="a.proto", syntax="proto2")
    image.message_type.add(name="M").field.add(
        name="f", number=1, type=kind, label=Proto.LABEL_OPTIONAL, default_value=text
    )
    file = File(image.SerializeToString())
    return default(fields(file.messages["M"])[1], State((file,)))


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        pytest.param(Proto.TYPE_INT32, "many", id="no number"),
        pytest.param(Proto.TYPE_INT32, "9" * 5000, id="more digits than anybody reads"),
        pytest.param(Proto.TYPE_INT64, "9" * 100, id="too long"),
        pytest.param(Proto.TYPE_DOUBLE, "x", id="no float"),
    ],
)
def test_what_is_no_value_of_the_type_is_refused(kind: "Proto.Type.ValueType", text: str) -> None:
    with pytest.raises(InterfaceError, match=r"of the field 'M\.f' is no value of its type"):
        read(kind, text)


def test_the_largest_number_is_a_default() -> None:
    assert read(Proto.TYPE_UINT64, str(2**64 - 1)) == 2**64 - 1
