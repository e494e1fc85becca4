"""The number of a successor is free, whatever a message reserves."""

from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto, FileDescriptorProto
from hypothesis import assume, given
from hypothesis import strategies as st

from servanda.interfaces.protobuf.rules.subject import Comparison
from servanda.interfaces.protobuf.schema import File, State
from servanda.interfaces.protobuf.words import words

LAST = 536_870_911
NUMBERS = st.one_of(st.integers(1, 12), st.integers(18_995, 20_005), st.integers(LAST - 5, LAST))
RANGES = st.lists(st.tuples(NUMBERS, NUMBERS), max_size=6)


def states(numbers: set[int], ranges: list[tuple[int, int]]) -> Comparison:
    message = DescriptorProto(name="A")
    for number in numbers:
        label, kind = FieldDescriptorProto.LABEL_OPTIONAL, FieldDescriptorProto.TYPE_STRING
        message.field.add(name=f"f{number}", number=number, label=label, type=kind)
    for start, end in ranges:
        message.reserved_range.add(start=min(start, end), end=max(start, end) + 1)
    file = FileDescriptorProto(name="a.proto", syntax="proto3", message_type=[message])
    changed = FileDescriptorProto.FromString(file.SerializeToString())
    changed.message_type[0].field[0].type = FieldDescriptorProto.TYPE_BYTES
    previous, current = (State([File(each.SerializeToString())]) for each in (file, changed))
    return Comparison(previous, current)


@given(st.sets(NUMBERS, min_size=1, max_size=8), RANGES)
def test_the_number_of_a_successor_is_taken_by_nothing(numbers: set[int], ranges: list[tuple[int, int]]) -> None:
    first = next(iter(numbers))

    successor = words(f"A.f{first}", states(numbers, ranges))["successor"]
    assume("no number is free" not in successor)
    proposed = int(successor.rpartition("= ")[2].rstrip(";"))

    assert proposed not in numbers
    assert not any(min(each) <= proposed <= max(each) for each in ranges)
    assert 1 <= proposed <= LAST
    assert not 19_000 <= proposed <= 19_999


def test_a_message_without_a_free_number_has_no_successor() -> None:
    assert words("A.f1", states({1}, [(2, LAST)]))["successor"].endswith("no number is free")
