"""What is read without parsing is what parsing reads."""

import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorProto, SourceCodeInfo
from hypothesis import given
from hypothesis import strategies as st

from servanda.errors import InterfaceError
from servanda.interfaces.protobuf.schema import File, State
from servanda.interfaces.protobuf.schema.difference import difference
from servanda.interfaces.protobuf.schema.element import fields, methods, values
from servanda.interfaces.protobuf.schema.frames import frames
from servanda.interfaces.protobuf.schema.positions import Positions
from tests.unit.interfaces.conftest import Desk

NUMBERS = st.integers(min_value=0, max_value=2**31 - 1)
LOCATIONS = st.lists(
    st.builds(
        SourceCodeInfo.Location,
        path=st.lists(NUMBERS, max_size=6),
        span=st.lists(NUMBERS, min_size=3, max_size=4),
        leading_comments=st.text(max_size=9),
    ),
    max_size=8,
)
STATE = 'syntax = "proto2";\npackage a;\nenum State { OPEN = 0; CLOSED = 1; }\n'
USER = 'syntax = "proto2";\npackage a;\nimport "state.proto";\nmessage Order { optional State state = 1; }\n'
STRANGER = 'syntax = "proto2";\npackage a;\nmessage Stranger { optional int32 n = 1; }\n'


@given(LOCATIONS)
def test_a_position_is_found_where_the_first_location_of_its_path_says(
    locations: list[SourceCodeInfo.Location],
) -> None:
    positions = Positions(SourceCodeInfo(location=locations).SerializeToString())
    first: dict[tuple[int, ...], tuple[int, ...]] = {}
    for location in locations:
        first.setdefault(tuple(location.path), tuple(location.span))

    assert {path: positions.find(path) for path in first} == first


def test_a_path_that_is_not_written_has_no_position() -> None:
    assert Positions(b"").find((4, 0)) is None


@given(st.builds(FileDescriptorProto, name=st.text(), package=st.text(), dependency=st.lists(st.text(), max_size=3)))
def test_a_file_knows_its_name_package_and_imports_unparsed(proto: FileDescriptorProto) -> None:
    file = File(proto.SerializeToString())

    assert (file.path, file.package, file.dependencies) == (proto.name, proto.package, tuple(proto.dependency))


@given(LOCATIONS)
def test_what_a_file_says_does_not_depend_on_where_it_says_it(locations: list[SourceCodeInfo.Location]) -> None:
    proto = FileDescriptorProto(name="a.proto", syntax="proto3")
    placed = FileDescriptorProto(source_code_info=SourceCodeInfo(location=locations))
    placed.MergeFrom(proto)

    assert File(placed.SerializeToString()).content == File(proto.SerializeToString()).content


@pytest.mark.parametrize(
    "data",
    [b"\x0a", b"\x0a\x05ab", b"\x0b", b"\x00\x00", b"\x80" * 11, b"\x0d\x00"],
    ids=["no length", "too short", "a group", "field 0", "endless number", "short number"],
)
def test_what_is_no_message_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the message tells a byte
        list(frames(data))


def test_positions_that_are_garbage_are_refused() -> None:
    file = File(FileDescriptorProto(name="a.proto").SerializeToString() + b"\x4a\x02\x0a\x09")

    with pytest.raises(InterfaceError, match=r"'a\.proto' has no source positions"):
        file.span(4, 0)


def states(desk: Desk, edited: dict[str, str]) -> tuple[State, State]:
    files = {"state.proto": STATE, "user.proto": USER, "stranger.proto": STRANGER}
    for side, sources in {"old": files, "new": {**files, **edited}}.items():
        desk.write({f"{side}/{path}": text for path, text in sources.items()})
    return desk.open("old").state, desk.open("new").state


@pytest.mark.parametrize(
    ("edited", "expected"),
    [
        pytest.param({}, set(), id="nothing"),
        pytest.param({"user.proto": "// Comment.\n" + USER}, set(), id="a comment"),
        pytest.param({"user.proto": USER.replace("= 1", "= 2")}, {"user.proto"}, id="a user"),
        pytest.param({"state.proto": STATE.replace("OPEN", "NEW")}, {"state.proto", "user.proto"}, id="an enum in use"),
        pytest.param({"state.proto": STATE + "enum Other { O = 0; }\n"}, {"state.proto"}, id="an enum in nobody's use"),
    ],
)
def test_only_files_that_mean_something_else_differ(desk: Desk, edited: dict[str, str], expected: set[str]) -> None:
    found = difference(*states(desk, edited))

    assert found.previous.files.keys() == found.current.files.keys() == expected


def test_a_file_that_came_differs(desk: Desk) -> None:
    previous, current = states(desk, {"new.proto": STRANGER.replace("Stranger", "New")})

    found = difference(previous, current)

    assert set(found.previous.files) == set()
    assert set(found.current.files) == {"new.proto"}


def test_parts_of_an_element_are_made_once_however_many_ask() -> None:
    proto = FileDescriptorProto(name="a.proto")
    proto.message_type.add(name="M").field.add(name="f", number=1)
    proto.enum_type.add(name="E").value.add(name="V", number=0)
    proto.service.add(name="S").method.add(name="Do")
    file = File(proto.SerializeToString())

    assert fields(file.messages["M"]) is fields(file.messages["M"])
    assert values(file.enums["E"]) is values(file.enums["E"])
    assert methods(file.services["S"]) is methods(file.services["S"])
