"""Well-known types that nothing imports any more: buf takes them for deleted, whoever agrees."""

from collections.abc import Mapping

import pytest

from servanda.verdict import Span
from tests.unit.interfaces.conftest import Desk

DURATION, TIMESTAMP = "google/protobuf/duration.proto", "google/protobuf/timestamp.proto"


def source(package: str, *imports: str) -> str:
    return "\n".join(['syntax = "proto3";', f"package {package};", *(f'import "{path}";' for path in imports)])


def configured(*lines: str) -> str:
    return "\n".join(["version: v2", *lines, ""])


def told(desk: Desk) -> list[tuple[str, str]]:
    return [(finding.rule, finding.element) for finding in desk.check("new", "old")]


def test_an_import_that_is_dropped_is_a_deleted_file(desk: Desk) -> None:
    desk.write({"old/a.proto": source("shop.v1", DURATION, TIMESTAMP), "new/a.proto": source("shop.v1", TIMESTAMP)})

    (found,) = desk.check("new", "old")

    assert (found.rule, found.element, found.span) == ("FILE_NO_DELETE", DURATION, Span(DURATION, 1, 1, 1, 1))
    assert found.message == f"Nothing imports '{DURATION}' any more."


@pytest.mark.parametrize(
    ("configuration", "left", "expected"),
    [
        pytest.param(
            "breaking: {use: [PACKAGE]}",
            (TIMESTAMP,),
            [("PACKAGE_MESSAGE_NO_DELETE", "google.protobuf.Duration")],
            id="a type of the package",
        ),
        pytest.param(
            "breaking: {use: [PACKAGE]}", (), [("PACKAGE_NO_DELETE", "google.protobuf")], id="all of the package"
        ),
        pytest.param("breaking: {use: [WIRE]}", (), [], id="bytes"),
        pytest.param("breaking: {use: [FILE], ignore: [google]}", (), [], id="an ignored folder"),
        pytest.param("breaking: {use: [FILE], except: [FILE_NO_DELETE]}", (), [], id="an excepted rule"),
    ],
)
def test_the_rules_of_the_module_hold(
    desk: Desk, configuration: str, left: tuple[str, ...], expected: list[tuple[str, str]]
) -> None:
    desk.write(
        {
            "old/a.proto": source("shop.v1", DURATION, *left),
            "new/a.proto": source("shop.v1", *left),
            "new/buf.yaml": configured(configuration),
        }
    )

    assert told(desk) == expected


MODULES = configured("modules: [{path: a}, {path: b}]")


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(
            {"a/a.proto": source("a.v1"), "b/b.proto": source("b.v1", DURATION)},
            [("FILE_NO_DELETE", DURATION)],
            id="one of two",
        ),
        pytest.param(
            {"a/a.proto": source("a.v1"), "b/b.proto": source("b.v1")}, [("FILE_NO_DELETE", DURATION)], id="both"
        ),
        pytest.param(
            {"a/a.proto": source("a.v1", "b.proto"), "b/b.proto": source("b.v1", DURATION)}, [], id="through another"
        ),
    ],
)
def test_each_module_is_held_to_its_own_imports(
    desk: Desk, files: Mapping[str, str], expected: list[tuple[str, str]]
) -> None:
    desk.write({"old/buf.yaml": MODULES, "new/buf.yaml": MODULES})
    desk.write({"old/a/a.proto": source("a.v1", DURATION), "old/b/b.proto": source("b.v1", DURATION)})
    desk.write({f"new/{path}": text for path, text in files.items()})

    assert told(desk) == expected


def test_a_file_of_the_workspace_that_is_imported_no_more_is_still_there(desk: Desk) -> None:
    desk.write({"old/a.proto": source("a.v1", "b.proto"), "old/b.proto": source("b.v1")})
    desk.write({"new/a.proto": source("a.v1"), "new/b.proto": source("b.v1")})

    assert told(desk) == []


def test_an_import_that_came_is_no_loss(desk: Desk) -> None:
    desk.write({"old/a.proto": source("a.v1"), "new/a.proto": source("a.v1", DURATION)})

    assert told(desk) == []
