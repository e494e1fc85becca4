"""Which part of the version a change has to raise."""

from collections.abc import Callable

import pytest
from google.protobuf import descriptor_pb2, text_format

from servanda.interfaces.protobuf.growth import growth
from servanda.interfaces.protobuf.schema import File, State
from servanda.verdict import Bump, Finding

Make = Callable[..., Finding]
ORDER = """name: "shop.proto" package: "shop.v1" syntax: "proto3"
message_type { name: "Order" field { name: "note" number: 1 label: LABEL_OPTIONAL type: TYPE_STRING } }
"""


def state(text: str) -> State:
    proto = text_format.Parse(text, descriptor_pb2.FileDescriptorProto())
    return State([File(proto.SerializeToString())])


def test_the_same_interface_needs_no_new_version() -> None:
    assert growth(state(ORDER), state(ORDER)) is Bump.NONE


def test_moved_lines_need_no_new_version() -> None:
    moved = ORDER + "source_code_info { location { path: 4 span: 1 span: 0 span: 9 } }"

    assert growth(state(ORDER), state(moved)) is Bump.NONE


@pytest.mark.parametrize(
    "addition",
    [
        pytest.param('message_type { name: "Item" }', id="message"),
        pytest.param('enum_type { name: "Status" value { name: "OFF" number: 0 } }', id="enum"),
        pytest.param('service { name: "Shop" }', id="service"),
    ],
)
def test_something_new_raises_the_minor_part(addition: str) -> None:
    assert growth(state(ORDER), state(ORDER + addition)) is Bump.MINOR


def test_any_other_edit_raises_the_patch_part() -> None:
    edited = ORDER + 'options { java_package: "org.shop" }'

    assert growth(state(ORDER), state(edited)) is Bump.PATCH


def test_the_same_definition_in_another_order_needs_no_new_version() -> None:
    one = descriptor_pb2.FileDescriptorProto(name="shop.proto", package="shop.v1")
    parts = [
        descriptor_pb2.FileDescriptorProto(package="shop.v1"),
        descriptor_pb2.FileDescriptorProto(name="shop.proto"),
    ]
    reordered = b"".join(part.SerializeToString() for part in parts)

    assert growth(State([File(one.SerializeToString())]), State([File(reordered)])) is Bump.NONE


def test_a_custom_option_that_changed_raises_the_patch_part() -> None:
    options = [descriptor_pb2.FileOptions.FromString(b"\xc2\xfd\x15\x01" + value) for value in (b"a", b"b")]
    before, after = (
        State([File(descriptor_pb2.FileDescriptorProto(name="shop.proto", options=each).SerializeToString())])
        for each in options
    )

    assert growth(before, after) is Bump.PATCH


def test_a_route_more_is_something_new() -> None:
    def served(*paths: str) -> State:
        first, *others = paths
        more = " ".join(f'additional_bindings {{ get: "{path}" }}' for path in others)
        option = f'[google.api.http] {{ get: "{first}" {more} }}'
        types = 'input_type: ".shop.v1.Order" output_type: ".shop.v1.Order"'
        method = f'method {{ name: "Get" {types} options {{ {option} }} }}'
        return state(f'{ORDER} service {{ name: "Shop" {method} }}')

    assert growth(served("/orders"), served("/orders", "/v1/orders")) is Bump.MINOR
