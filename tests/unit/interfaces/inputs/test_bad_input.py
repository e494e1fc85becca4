"""What cannot be compared is refused with its place, and never passed."""

import gzip
import os
import tarfile

import pytest

from servanda.errors import InterfaceError, LimitError
from tests.unit.interfaces.conftest import ORDER, Desk

FIRST = 'syntax = "proto3";\nimport "b.proto";\n'
SECOND = 'syntax = "proto3";\nimport "a.proto";\n'


@pytest.mark.parametrize(
    ("files", "where", "message"),
    [
        pytest.param({"w/a.proto": 'syntax = "proto3";\nmessage {}\n'}, "w/a.proto:2:9", "Expected", id="syntax"),
        pytest.param(
            {"w/a.proto": 'syntax = "proto3";\nmessage A { B b = 1; }\n'}, "w/a.proto:2:13", "not defined", id="type"
        ),
        pytest.param(
            {"w/a.proto": 'syntax = "proto3";\nimport "none.proto";\n'},
            "w/a.proto:2:1",
            "1 import not found",
            id="import",
        ),
        pytest.param({"w/a.proto": FIRST, "w/b.proto": SECOND}, "w/a.proto:2:1", "recursively imports", id="cycle"),
        pytest.param(
            {"w/a.proto": ORDER, "w/b.proto": ORDER}, "w/b.proto:4:10", "already defined", id="one name in two files"
        ),
    ],
)
def test_protos_that_do_not_compile_are_refused_where_they_stand(
    desk: Desk, files: dict[str, str], where: str, message: str
) -> None:
    desk.write(files)

    with pytest.raises(InterfaceError, match=message) as caught:
        desk.open("w")

    assert str(caught.value.where) == where


def broken(content: bytes) -> bytes:
    return content[: len(content) // 2]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        pytest.param("a.binpb", b"no image", "no descriptor image", id="image"),
        pytest.param("a.binpb", b"", "no descriptor image: it names no file", id="empty image"),
        pytest.param("a.json", b"{", "invalid JSON", id="JSON"),
        pytest.param("a.json", b"[]", "no image in JSON", id="JSON of something else"),
        pytest.param("a.json", b'{"file": [{"name": 1}]}', "no image in JSON", id="JSON of a wrong type"),
        pytest.param("a.binpb.gz", broken(gzip.compress(b"x" * 99)), "cannot be read", id="compressed image"),
        pytest.param("a.tar.gz", b"no archive", "no tar archive", id="tar"),
        pytest.param("a.zip", b"no archive", "no zip archive", id="zip"),
        pytest.param("a.zip#subdir=x", b"PK\x05\x06" + bytes(18), "holds no proto file below 'x'", id="empty zip"),
        pytest.param("a.tar#strip_components=x", b"", "must be a number", id="strip"),
    ],
)
def test_a_corrupt_file_is_refused(desk: Desk, name: str, content: bytes, message: str) -> None:
    desk.write({name.partition("#")[0]: content})

    with pytest.raises(InterfaceError, match=message) as caught:
        desk.open(name)

    assert str(caught.value.where).startswith(name)


@pytest.mark.parametrize("name", ["none", "none.binpb", "none.json", "none.zip", "none.tar"])
def test_what_is_not_there_is_refused(desk: Desk, name: str) -> None:
    with pytest.raises(InterfaceError) as caught:
        desk.open(name)

    assert str(caught.value.where).startswith(name)


def test_a_folder_without_protos_is_refused(desk: Desk) -> None:
    desk.write({"w/README": ""})

    with pytest.raises(InterfaceError, match=r"no \.proto file found"):
        desk.open("w")


def test_an_image_that_is_cut_off_is_refused(desk: Desk) -> None:
    desk.write({"w/shop.proto": ORDER})
    desk.write({"a.binpb": broken(desk.open("w").image.SerializeToString())})

    with pytest.raises(InterfaceError, match="no descriptor image"):
        desk.open("a.binpb")


def test_an_image_without_its_imports_is_refused(desk: Desk) -> None:
    desk.write({"w/a.proto": 'syntax = "proto3";\n', "w/b.proto": 'syntax = "proto3";\nimport "a.proto";\n'})
    image = desk.open("w").image
    del image.file[0]
    desk.write({"a.binpb": image.SerializeToString()})

    with pytest.raises(InterfaceError, match=r"the image lacks 'a\.proto', which 'b\.proto' imports"):
        desk.open("a.binpb")


def test_a_file_of_an_image_that_is_garbage_inside_is_refused(desk: Desk) -> None:
    # A file that is named, and whose only message is no message.
    garbage = b"\x0a\x07a.proto" + b"\x22\x03\xff\xff\xff"
    desk.write(
        {"a.binpb": b"\x0a" + bytes([len(garbage)]) + garbage, "w/a.proto": 'syntax = "proto3";\nmessage A {}\n'}
    )

    with pytest.raises(InterfaceError, match=r"no descriptor image: a\.proto: Couldn't parse file content"):
        desk.check("w", "a.binpb")


def test_groups_and_extensions_are_compared_like_the_rest(desk: Desk) -> None:
    before = """syntax = "proto2";
message A { optional group Inner = 1 { optional int32 n = 1; } extensions 100 to 199; }
extend A { optional int32 more = 100; }
"""
    desk.write({"old/a.proto": before, "new/a.proto": before.replace("int32 n = 1", "string n = 1")})
    desk.write({"newer/a.proto": before.replace("int32 more", "string more")})

    assert [(found.rule, found.element) for found in desk.check("new", "old")] == [("FIELD_SAME_TYPE", "A.Inner.n")]
    assert [(found.rule, found.element) for found in desk.check("newer", "old")] == [("FIELD_SAME_TYPE", "more")]


def test_a_moved_file_is_found(desk: Desk) -> None:
    desk.write({"old/a.proto": ORDER, "new/b.proto": ORDER})

    assert [found.rule for found in desk.check("new", "old")] == ["FILE_NO_DELETE"]


def test_a_renamed_package_is_found(desk: Desk) -> None:
    desk.write({"old/a.proto": ORDER, "new/a.proto": ORDER.replace("shop.v1", "shop.v2")})

    assert "FILE_SAME_PACKAGE" in {found.rule for found in desk.check("new", "old")}


def test_an_image_that_unpacks_without_end_is_refused(desk: Desk) -> None:
    with gzip.open(desk.folder / "a.binpb.gz", "wb", compresslevel=1) as image:
        for _ in range(260):
            image.write(bytes(1 << 20))

    with pytest.raises(LimitError, match="more than the 268435456 bytes that are allowed"):
        desk.open("a.binpb.gz")


def test_an_archive_that_promises_more_than_it_holds_is_refused(desk: Desk) -> None:
    member = tarfile.TarInfo("README.md")
    member.size = 1 << 40
    desk.write({"a.tar": member.tobuf()})

    with pytest.raises(LimitError, match="more than the 1073741824 bytes that are allowed"):
        desk.open("a.tar")


def test_a_pipe_is_no_image(desk: Desk) -> None:
    os.mkfifo(desk.folder / "a.binpb")

    with pytest.raises(InterfaceError, match="expected a file, found a named pipe"):
        desk.open("a.binpb")


def test_a_name_that_two_modules_declare_is_told_with_both(desk: Desk) -> None:
    desk.write({"w/buf.yaml": "version: v2\nmodules: [{path: one}, {path: two}]\n"})
    desk.write({"w/one/a.proto": ORDER, "w/two/b.proto": ORDER})

    with pytest.raises(
        InterfaceError, match=r"two modules declare '[\w.]+': w/one/a.proto and w/two/b.proto"
    ) as caught:
        desk.open("w")

    assert str(caught.value.where).startswith("w/two/b.proto:")
