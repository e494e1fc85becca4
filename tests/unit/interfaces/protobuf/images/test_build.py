"""Compiling no more than changed."""

import os
from pathlib import Path

import pytest

from servanda.errors import InterfaceError
from servanda.interfaces.protobuf.images.cache import Compiled, ImageCache
from servanda.interfaces.protobuf.images.declarations import may_collide
from servanda.interfaces.protobuf.inputs import Opener
from servanda.interfaces.storage import Storage
from tests.unit.interfaces.conftest import Desk, needs_edition_2024

BASE = 'syntax = "proto3";\npackage a;\nmessage Base { int32 n = 1; }\n'
USER = 'syntax = "proto3";\npackage a;\nimport "base.proto";\nmessage User { Base base = 1; }\n'
OTHER = 'syntax = "proto3";\npackage a;\nimport "google/protobuf/timestamp.proto";\nmessage Other { string s = 1; }\n'


@pytest.fixture
def workspace(desk: Desk) -> Desk:
    """Three files that were compiled before."""
    desk.write({"w/base.proto": BASE, "w/user.proto": USER, "w/other.proto": OTHER})
    desk.open("w")
    return desk


def image(desk: Desk) -> bytes:
    return desk.open("w").image.SerializeToString()


def files(desk: Desk) -> dict[str, bytes]:
    return {file.name: file.SerializeToString() for file in desk.open("w").image.file}


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param({"w/base.proto": BASE.replace("int32", "int64")}, id="a file that others import"),
        pytest.param({"w/user.proto": USER.replace("= 1", "= 2")}, id="a file that imports others"),
        pytest.param({"w/new.proto": USER.replace("User", "New")}, id="a new file"),
        pytest.param({"w/other.proto": OTHER.replace("timestamp", "duration")}, id="another import"),
        pytest.param({"w/other.proto": "// First line.\n" + OTHER}, id="a comment"),
    ],
)
def test_what_is_compiled_again_is_the_same_as_if_all_were(workspace: Desk, edit: dict[str, str]) -> None:
    workspace.write(edit)
    rebuilt = files(workspace)

    for kept in (workspace.folder / "cache").iterdir():
        kept.unlink()

    assert rebuilt == files(workspace)


def test_an_import_that_went_is_missed(workspace: Desk) -> None:
    (workspace.folder / "w" / "base.proto").unlink()

    with pytest.raises(InterfaceError, match=r"1 import not found: 'base\.proto'"):
        workspace.open("w")


def test_an_import_that_nobody_needs_any_more_is_gone(workspace: Desk) -> None:
    workspace.write({"w/other.proto": OTHER.replace('import "google/protobuf/timestamp.proto";\n', "")})

    assert workspace.open("w").state.imports == {}


def test_a_file_that_broke_is_refused_although_its_image_is_known(workspace: Desk) -> None:
    workspace.write({"w/user.proto": "nonsense"})

    with pytest.raises(InterfaceError, match="Expected"):
        workspace.open("w")


def test_a_corrupt_image_in_the_cache_is_compiled_again(workspace: Desk) -> None:
    before = image(workspace)
    for file in (workspace.folder / "cache").glob("*.image"):
        file.write_bytes(file.read_bytes()[:-10])

    assert image(workspace) == before


def test_a_cache_that_cannot_be_written_to_only_costs_time(desk: Desk) -> None:
    desk.write({"w/base.proto": BASE, "cache": "a file where a folder should be"})

    assert set(desk.open("w").state.files) == {"base.proto"}


def test_the_cache_keeps_only_so_many_images(tmp_path: Path) -> None:
    cache = ImageCache(Storage(tmp_path))
    for number in range(40):
        cache.keep("here", Compiled({"a.proto": str(number)}, {}))

    assert len(list(tmp_path.glob("*.image"))) == 32
    assert cache.same({"a.proto": "39"}) is not None


def test_an_import_of_the_validator_is_found_however_it_is_spelled(workspace: Desk) -> None:
    spelled = OTHER.replace("google/protobuf/timestamp.proto", r"buf/validate/valid\x61te.proto")
    workspace.write({"w/other.proto": spelled})

    assert "buf/validate/validate.proto" in workspace.open("w").state.imports


def test_a_file_may_begin_to_validate(workspace: Desk) -> None:
    option = "[(buf.validate.field).string.min_len = 1]"
    validated = OTHER.replace("s = 1", f"s = 1 {option}").replace("google/protobuf/timestamp", "buf/validate/validate")
    workspace.write({"w/other.proto": validated})

    assert "buf/validate/validate.proto" in workspace.open("w").state.imports
    workspace.write({"w/user.proto": USER.replace("= 1", "= 3")})
    assert "buf/validate/validate.proto" in workspace.open("w").state.imports


def test_what_a_workspace_brings_itself_counts(desk: Desk) -> None:
    desk.write({"w/buf/validate/validate.proto": 'syntax = "proto3";\npackage buf.validate;\nmessage Own {}\n'})

    assert "buf.validate.Own" in desk.open("w").state.messages


def test_of_two_folders_the_second_is_compiled_from_what_is_known_of_the_first(desk: Desk) -> None:
    opener = Opener(desk.folder, desk.folder / "cache")
    desk.write({"old/base.proto": BASE, "old/user.proto": USER, "new/base.proto": BASE, "new/user.proto": USER + "\n"})
    desk.write({"alone/base.proto": BASE, "alone/user.proto": USER + "\n"})

    opener.open("old")

    assert opener.open("new").image == Opener(desk.folder, desk.folder / "empty").open("alone").image


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param(USER.replace("User", "Other"), id="a message"),
        pytest.param(USER + "enum Kind { Other = 0; }\n", id="an enum value"),
        pytest.param(USER + "service Other {}\n", id="a service"),
        pytest.param(USER.replace("package a", "package a.Other"), id="a package"),
    ],
)
def test_a_name_that_a_stranger_declares_too_is_refused_although_only_one_of_them_changed(
    workspace: Desk, edit: str
) -> None:
    workspace.write({"w/user.proto": edit.replace("Base base", "a.Base base")})

    with pytest.raises(InterfaceError, match=r"Other\" is already defined"):
        workspace.open("w")


def test_what_nobody_else_declares_is_no_reason_to_compile_everything(desk: Desk) -> None:
    desk.write({"w/base.proto": BASE, "w/other.proto": OTHER, "w/new.proto": BASE.replace("Base", "New")})
    files = desk.open("w").state.files

    assert not may_collide([files["new.proto"]], {}, [files["base.proto"], files["other.proto"]])
    assert may_collide([files["base.proto"]], {}, [files["base.proto"]])


@needs_edition_2024
def test_a_file_that_is_imported_for_its_options_only_counts(desk: Desk) -> None:
    options = 'edition = "2024";\npackage o;\nimport "google/protobuf/descriptor.proto";\n'
    options += "extend google.protobuf.FieldOptions { int32 size = 50000; }\n"
    user = 'edition = "2024";\npackage a;\nimport option "o.proto";\nmessage User { int32 n = 1 [(o.size) = 3]; }\n'
    desk.write({"w/o.proto": options, "w/user.proto": user})
    desk.open("w")

    desk.write({"w/o.proto": options.replace("size", "length")})

    with pytest.raises(InterfaceError, match=r"user\.proto:4:\d+: Option \"\(o\.size\)\" unknown"):
        desk.open("w")


def test_a_name_that_is_not_text_is_an_error(desk: Desk) -> None:
    desk.write({os.fsdecode(b"w/\xff.proto"): BASE})

    with pytest.raises(InterfaceError, match="name of this file is not UTF-8") as caught:
        desk.open("w")

    assert caught.value.where == "w/\\udcff.proto"


def test_a_file_that_its_module_excludes_does_not_stand_in_for_one_of_another_module(desk: Desk) -> None:
    layout = "version: v2\nmodules:\n  - path: a\n    excludes: [a/x]\n  - path: b\n"
    desk.write({"buf.yaml": layout, "a/x/x.proto": BASE, "a/user.proto": OTHER, "b/x/x.proto": USER})

    with pytest.raises(InterfaceError, match="a file of another module has the same path") as caught:
        desk.open(".")

    assert caught.value.where == "b/x/x.proto"
