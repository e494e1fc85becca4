"""Imports that are found nowhere are named once, with where their files may come from."""

import pytest

from servanda.errors import InterfaceError
from servanda.interfaces.protobuf.images.standins import require_text
from tests.unit.interfaces.conftest import Desk, needs_edition_2024

HEAD = 'syntax = "proto3";\npackage shop;\n'


def refusal(desk: Desk) -> InterfaceError:
    with pytest.raises(InterfaceError) as caught:
        desk.open("w")
    return caught.value


@pytest.mark.parametrize("version", ["v1beta1", "v1", "v2"])
def test_dependencies_that_are_not_here_are_named_with_the_commands(desk: Desk, version: str) -> None:
    dependencies = "[buf.build/googleapis/googleapis, buf.build/acme/money:v1.2, buf.build/bufbuild/protovalidate]"
    desk.write({"w/buf.yaml": f"version: {version}\ndeps: {dependencies}\n"})
    imports = 'import "google/api/http.proto";\nimport "buf/validate/validate.proto";\nimport "acme/money.proto";\n'
    desk.write(
        {f"w/{number}.proto": f"{HEAD}{imports}message M{number} {{ acme.Money m = 1; }}" for number in range(9)}
    )

    error = refusal(desk)

    assert (error.what, error.where) == ("1 import not found: 'acme/money.proto'", "w/0.proto:5:1")
    assert error.hint is not None
    assert "not vendored: buf.build/acme/money:v1.2. Export" in error.hint
    assert "\nbuf export buf.build/acme/money:v1.2 --output vendor\n" in error.hint
    assert "buf dep update" in error.hint
    assert "googleapis" not in error.hint


def test_a_dependency_of_which_some_files_are_installed_is_named_for_the_others(desk: Desk) -> None:
    desk.write({"w/buf.yaml": "version: v2\ndeps: [buf.build/googleapis/googleapis]\n"})
    desk.write({"w/a.proto": f'{HEAD}import "google/ads/none.proto";\n'})

    assert "buf export buf.build/googleapis/googleapis" in (refusal(desk).hint or "")


def test_what_a_registry_is_called_does_not_become_a_command(desk: Desk) -> None:
    desk.write(
        {"w/buf.yaml": "version: v2\ndeps: ['buf.build/a/b; rm -rf .']\n", "w/a.proto": f'{HEAD}import "b.proto";'}
    )

    assert "buf export 'buf.build/a/b; rm -rf .' --output" in (refusal(desk).hint or "")


def test_an_import_that_begins_at_another_folder_is_told(desk: Desk) -> None:
    desk.write({"w/proto/shop/a.proto": HEAD, "w/proto/shop/b.proto": f'{HEAD}import "shop/a.proto";'})

    error = refusal(desk)

    assert (error.what, error.where) == ("1 import not found: 'shop/a.proto'", "w/proto/shop/b.proto:3:1")
    assert (
        error.hint
        == "imports are relative to a module folder: 'w/proto/shop/a.proto' exists, but no module has 'shop/a.proto'"
    )


def test_many_imports_are_counted(desk: Desk) -> None:
    desk.write({"w/a.proto": HEAD + "".join(f'import "none/{number}.proto";\n' for number in range(500))})

    error = refusal(desk)

    assert error.what.startswith("500 imports not found: 'none/0.proto', 'none/1.proto'")
    assert error.what.endswith("'none/4.proto' and 495 more")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('/* import "none.proto"; */ message M { Nothing m = 1; }', id="in a comment"),
        pytest.param('import "b.proto"; message M { Nothing m = 1; }', id="of a file that is wrong itself"),
    ],
)
def test_another_error_is_told_as_protoc_tells_it(desk: Desk, text: str) -> None:
    desk.write({"w/a.proto": HEAD + text, "w/b.proto": f"{HEAD}message B {{"})

    assert "not found: " not in refusal(desk).what


@needs_edition_2024
@pytest.mark.parametrize("edition", ["2026", "UNSTABLE", "99999_TEST_ONLY"])
def test_an_edition_that_is_not_released_is_told(desk: Desk, edition: str) -> None:
    desk.write({"w/a.proto": f'edition = "{edition}";\nmessage M {{}}\n'})

    error = refusal(desk)

    assert error.what.startswith(
        f"edition '{edition}' is not supported: the latest edition of the installed protoc is 20"
    )
    assert error.where == "w/a.proto"


def test_a_byte_that_is_not_utf_8_is_placed() -> None:
    with pytest.raises(InterfaceError, match="the byte 0xe9 is not UTF-8") as caught:
        require_text(b'syntax = "proto3";\n// gr\xe9\n', "a.proto")

    assert caught.value.where == "a.proto:2:6"
    require_text("// gr\u00e9".encode(), "a.proto")


def test_a_comment_that_is_not_utf_8_is_read(desk: Desk) -> None:
    text = b'syntax = "proto3";\nmessage M {\n  // gr\xe9: defaults to %d\n  int32 x = 1; // \xff\n}\n'
    desk.write({"old/a.proto": text % 5, "new/a.proto": (text % 6).replace(b"int32", b"bool")})

    assert [each.rule for each in desk.check("new", "old")] == ["FIELD_SAME_TYPE"]
