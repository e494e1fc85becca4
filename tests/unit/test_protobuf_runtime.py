"""What the versions of the protobuf library tell differently is told alike."""

import pytest
from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto, FieldOptions, FileDescriptorProto
from hypothesis import given
from hypothesis import strategies as st

from servanda.protobuf_runtime import COMPARES_UNKNOWN_FIELDS, all_equal, equal, is_repeated

# Options 60001 and 60002, each a message: numbers that no generated code in this process knows.
ONE = b"\x8a\xa6\x1d\x04r\x02\x18\x05"
OTHER = b"\x92\xa6\x1d\x04r\x02\x18\x04"
SOME = st.lists(st.sampled_from([ONE, OTHER]), max_size=4)
needs_comparison = pytest.mark.skipif(
    not COMPARES_UNKNOWN_FIELDS, reason="a protobuf library that compares unknown fields: 6.30 or later"
)


def with_options(options: bytes) -> FieldDescriptorProto:
    return FieldDescriptorProto(name="f", options=FieldOptions.FromString(options))


@pytest.mark.parametrize(("name", "many"), [("dependency", True), ("message_type", True), ("name", False)])
def test_a_descriptor_tells_whether_its_field_holds_many(name: str, many: bool) -> None:
    assert is_repeated(FileDescriptorProto.DESCRIPTOR.fields_by_name[name]) == many


def test_an_unknown_option_that_was_added_makes_a_difference() -> None:
    fewer, more = with_options(ONE), with_options(ONE + OTHER)
    assert not equal(fewer, more)
    assert not equal(more, fewer)
    assert not all_equal([fewer], [more])


@needs_comparison
def test_the_order_of_unknown_options_makes_none() -> None:
    assert equal(with_options(ONE + OTHER), with_options(OTHER + ONE))


def test_lists_are_compared_in_their_order() -> None:
    one, other = DescriptorProto(name="A"), DescriptorProto(name="B")
    assert all_equal([one, other], [one, other])
    assert not all_equal([one, other], [other, one])
    assert not all_equal([one], [one, other])


@needs_comparison
@given(SOME, SOME)
def test_messages_are_equal_if_they_hold_the_same_options_as_often(ones: list[bytes], others: list[bytes]) -> None:
    assert equal(with_options(b"".join(ones)), with_options(b"".join(others))) == (sorted(ones) == sorted(others))


@given(SOME, SOME)
def test_messages_that_hold_other_options_are_never_equal(ones: list[bytes], others: list[bytes]) -> None:
    if sorted(ones) != sorted(others):
        assert not equal(with_options(b"".join(ones)), with_options(b"".join(others)))
    assert equal(with_options(b"".join(ones)), with_options(b"".join(ones)))
