"""An image that no compiler writes is refused, or compared as far as it makes sense, and never ends in a traceback."""

from collections.abc import Callable

import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileDescriptorSet

from servanda.errors import InterfaceError
from servanda.interfaces.protobuf.check import check
from tests.unit.interfaces.conftest import Desk

ORDER = 'syntax = "proto3";\npackage shop.v1;\n// An order.\nmessage Order { string id = 1; optional Order o = 2; }\n'
Damage = Callable[[FileDescriptorProto], object]


def image(desk: Desk, damage: Damage = lambda _: None) -> None:
    """Write an image, and one that is damaged."""
    desk.write({"proto/order.proto": ORDER})
    whole = FileDescriptorSet.FromString(desk.open("proto").exported)
    desk.write({"whole.binpb": whole.SerializeToString()})
    damage(whole.file[0])
    desk.write({"damaged.binpb": whole.SerializeToString()})


def set_index(file: FileDescriptorProto) -> None:
    file.message_type[0].field[1].oneof_index = 7


def set_type(file: FileDescriptorProto) -> None:
    file.message_type[0].field[1].type_name = ".shop.v1.Nobody"


def set_name(file: FileDescriptorProto) -> None:
    file.message_type[0].name = "a b"


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        pytest.param(set_index, "oneof_index out of range", id="index"),
        pytest.param(set_type, "couldn't resolve name '.shop.v1.Nobody'", id="type"),
        pytest.param(set_name, "invalid name", id="name"),
    ],
)
def test_descriptors_that_contradict_themselves_are_refused(desk: Desk, damage: Damage, message: str) -> None:
    image(desk, damage)

    with pytest.raises(InterfaceError, match=f"no descriptor image: order.proto: .*{message}"):
        desk.open("damaged.binpb")


def test_names_that_are_no_text_are_refused(desk: Desk) -> None:
    image(desk)
    content = (desk.folder / "whole.binpb").read_bytes()
    desk.write({"damaged.binpb": content.replace(b"Order", b"Ord\xffr")})

    with pytest.raises(InterfaceError, match=r"no descriptor image: order\.proto: "):
        desk.open("damaged.binpb")


@pytest.mark.parametrize("span", [[], [1], [3, 0], [3, 0, 5, 6, 7], [-1, 0, 5]])
def test_positions_that_no_compiler_writes_hide_no_break(desk: Desk, span: list[int]) -> None:
    def damage(file: FileDescriptorProto) -> None:
        del file.message_type[0].field[1]
        del file.message_type[0].oneof_decl[:]
        for location in file.source_code_info.location:
            location.span[:] = span

    image(desk, damage)
    found = check(desk.open("damaged.binpb"), [desk.open("whole.binpb")])

    assert "FIELD_NO_DELETE" in {each.finding.rule for each in found}


def test_comments_that_are_no_text_hide_no_break(desk: Desk) -> None:
    image(desk, lambda file: file.message_type[0].field[0].ClearField("json_name"))
    content = (desk.folder / "whole.binpb").read_bytes()
    desk.write({"damaged.binpb": content.replace(b"An order.", b"An \xffrder.")})

    check(desk.open("damaged.binpb"), [desk.open("whole.binpb")])
