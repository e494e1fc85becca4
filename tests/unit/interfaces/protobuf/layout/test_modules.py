"""How workspaces are laid out."""

import pytest

from servanda.errors import InterfaceError
from tests.unit.interfaces.conftest import ORDER, Desk

A = 'syntax = "proto3";\npackage a;\nmessage A {}\n'
B = 'syntax = "proto3";\npackage b;\nimport "a.proto";\nmessage B { a.A a = 1; }\n'
TWO = "version: v2\nmodules:\n  - path: first\n  - path: second\n"


def test_every_module_of_a_workspace_is_examined(desk: Desk) -> None:
    desk.write({"w/buf.yaml": TWO, "w/first/a.proto": A, "w/second/b.proto": B})

    workspace = desk.open("w")

    assert set(workspace.state.files) == {"a.proto", "b.proto"}
    assert [module.path for module in workspace.modules] == ["first", "second"]
    assert workspace.shown("b.proto") == "w/second/b.proto"


def test_of_a_workspace_a_single_module_can_be_examined(desk: Desk) -> None:
    desk.write({"w/buf.yaml": TWO, "w/first/a.proto": A, "w/second/b.proto": B})

    state = desk.open("w/second").state

    assert set(state.files) == {"b.proto"}
    assert set(state.imports) == {"a.proto"}


def test_a_workspace_of_the_older_format_is_understood(desk: Desk) -> None:
    desk.write({"w/buf.work.yaml": "version: v1\ndirectories: [first, second]\n"})
    desk.write({"w/first/buf.yaml": "version: v1\n", "w/first/a.proto": A, "w/second/b.proto": B})

    assert set(desk.open("w").state.files) == {"a.proto", "b.proto"}
    assert set(desk.open("w/second").state.files) == {"b.proto"}


def test_the_oldest_format_has_several_roots(desk: Desk) -> None:
    document = "version: v1beta1\nbuild:\n  roots: [first, second]\n  excludes: [second/old]\n"
    desk.write(
        {"w/buf.yaml": document, "w/first/a.proto": A, "w/second/b.proto": B, "w/second/old/c.proto": "no proto"}
    )

    workspace = desk.open("w")

    assert [sorted(module.files) for module in workspace.modules] == [["a.proto"], ["b.proto"]]


@pytest.mark.parametrize(
    ("document", "found"),
    [
        pytest.param("", set(), id="none"),
        pytest.param("version: v1beta1\n", set(), id="v1beta1"),
        pytest.param("version: v1\n", set(), id="v1"),
        pytest.param("version: v2\n", {"FIELD_SAME_DEFAULT", "EXTENSION_NO_DELETE"}, id="v2"),
    ],
)
def test_rules_that_came_later_do_not_hold_for_an_older_document(desk: Desk, document: str, found: set[str]) -> None:
    text = 'syntax = "proto2";\npackage d;\nmessage M {{ extensions 9; optional int32 a = 1 [default = {}]; }}\n{}\n'
    desk.write({"old/a.proto": text.format(1, "extend M { optional int32 b = 9; }"), "new/a.proto": text.format(2, "")})
    desk.write({"new/buf.yaml": document} if document else {})

    assert {each.rule for each in desk.check("new", "old")} == found


@pytest.mark.parametrize(
    "document",
    [
        pytest.param("version: v1\nbuild:\n  excludes: [inner]\n", id="v1"),
        pytest.param("version: v2\nmodules:\n  - path: .\n    excludes: [inner]\n", id="v2"),
    ],
)
def test_what_is_excluded_does_not_belong_to_the_module(desk: Desk, document: str) -> None:
    desk.write({"w/buf.yaml": document, "w/a.proto": A, "w/inner/c.proto": 'syntax = "proto3";'})

    assert set(desk.open("w").state.files) == {"a.proto"}


def test_what_is_excluded_cannot_be_imported(desk: Desk) -> None:
    desk.write(
        {"w/buf.yaml": "version: v1\nbuild:\n  excludes: [inner]\n", "w/b.proto": B.replace("a.proto", "inner/a.proto")}
    )
    desk.write({"w/inner/a.proto": A})

    with pytest.raises(InterfaceError, match=r"'inner/a\.proto' is imported, but its module excludes it") as caught:
        desk.open("w")

    assert caught.value.where == "w/b.proto"


def test_a_module_can_be_limited_to_folders(desk: Desk) -> None:
    desk.write({"w/buf.yaml": "version: v2\nmodules:\n  - path: p\n    includes: [p/inner]\n"})
    desk.write({"w/p/a.proto": A, "w/p/inner/c.proto": 'syntax = "proto3";'})

    assert set(desk.open("w").state.files) == {"inner/c.proto"}


def test_a_part_of_a_module_is_refused(desk: Desk) -> None:
    desk.write({"w/buf.yaml": TWO, "w/first/a.proto": A, "w/second/deep/b.proto": A.replace("package a", "package b")})

    with pytest.raises(InterfaceError, match="'second/deep' is only a part of the module 'second'"):
        desk.open("w/second/deep")


def test_two_modules_with_one_file_name_are_refused(desk: Desk) -> None:
    desk.write({"w/buf.yaml": TWO, "w/first/a.proto": A, "w/second/a.proto": B})

    with pytest.raises(
        InterfaceError, match=r"two modules have a file 'a\.proto': w/first/a\.proto and w/second/a\.proto"
    ):
        desk.open("w")


@pytest.mark.parametrize(
    ("document", "place", "message"),
    [
        pytest.param("version: v2\nmodules: [\n", "3:1", "invalid YAML", id="no YAML"),
        pytest.param("- a\n", "1:1", "expected a mapping", id="no mapping"),
        pytest.param("{}\n", "1:1", "'version' is missing", id="no version"),
        pytest.param("version: v9\n", "1:10", "unknown version 'v9'", id="version"),
        pytest.param("version: v1\nbuild:\n  roots: [a]\n", "3:3", "unknown key 'roots'", id="roots in v1"),
        pytest.param("version: v1beta1\nbuild: {roots: [a]}\n", "2:17", "there is no folder 'w/a'", id="no root"),
        pytest.param("version: v1beta1\nbuild: {roots: [., .]}\n", "2:20", "lies in another root", id="root twice"),
        pytest.param("version: v1beta1\nbreaking: {use: [CSR]}\n", "2:18", "'CSR' is no rule", id="CSR in v1beta1"),
        pytest.param("version: v1\nbreaking: {use: [CSR]}\n", "2:18", "'CSR' is no rule", id="CSR in v1"),
        pytest.param("version: v2\nbreking: {}\n", "2:1", "unknown key 'breking'", id="key"),
        pytest.param("version: v2\nversion: v1\n", "2:1", "duplicate key 'version', first at 1:1", id="twice"),
        pytest.param("version: &a [*a]\n", "1:14", "an alias contains itself", id="alias"),
        pytest.param(f"version: {'[' * 100_000}\n", "1:109", "nested more than 100 levels deep", id="depth"),
        pytest.param("version: !!python/name:os.system\n", "1:10", "which JSON does not have", id="tag"),
        pytest.param("version: v2\nmodules:\n  - path: none\n", "3:11", "there is no folder 'w/none'", id="folder"),
        pytest.param("version: v2\nbreaking:\n  use: FILE\n", "3:8", "expected a list", id="no list"),
        pytest.param("version: v2\nbreaking:\n  use: [NONE]\n", "3:9", "'NONE' is no rule", id="rule"),
        pytest.param("version: v2\nbreaking:\n  except: [NONE]\n", "3:12", "'NONE' is no rule", id="exception"),
        pytest.param("version: v2\nbreaking:\n  ignore: [../a]\n", "3:12", "outside of the workspace", id="path"),
        pytest.param(
            "version: v2\nbreaking:\n  ignore_only:\n    X: [a]\n", "4:8", "'X' is no rule", id="ignored rule"
        ),
        pytest.param(
            "version: v2\nbreaking:\n  ignore_unstable_packages: yes please\n",
            "3:29",
            "expected true or false",
            id="flag",
        ),
        pytest.param("version: v1\nbreaking:\n  use: [CSR_X]\n", "3:9", "'CSR_X' is no rule", id="rule in v1"),
    ],
)
def test_a_malformed_document_is_refused_with_line_and_column(
    desk: Desk, document: str, place: str, message: str
) -> None:
    desk.write({"w/buf.yaml": document, "w/shop.proto": ORDER})

    with pytest.raises(InterfaceError, match=message) as caught:
        desk.open("w")

    assert caught.value.where == f"w/buf.yaml:{place}"


def test_a_document_that_is_no_text_is_refused(desk: Desk) -> None:
    desk.write({"w/buf.yaml": b"\xff\xfe", "w/shop.proto": ORDER})

    with pytest.raises(InterfaceError, match="expected UTF-8"):
        desk.open("w")
