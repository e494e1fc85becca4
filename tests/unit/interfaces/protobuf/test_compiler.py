"""Compiling proto workspaces offline."""

from pathlib import Path

import pytest

from servanda.errors import InterfaceError
from servanda.interfaces.protobuf.compiler import compile_workspace

SHOP = """syntax = "proto3";
package shop.v1;
import "buf/validate/validate.proto";
import "google/api/annotations.proto";
import "google/protobuf/timestamp.proto";
message Order {
  string order_id = 1 [(buf.validate.field).string.uuid = true];
  google.protobuf.Timestamp create_time = 2;
}
service Shop { rpc GetOrder(Order) returns (Order) { option (google.api.http) = {get: "/v1/orders/{order_id}"}; } }
"""


def workspace(folder: Path, text: str) -> Path:
    (folder / "shop.proto").write_text(text, encoding="utf-8")
    return folder


def test_well_known_imports_need_no_network(tmp_path: Path) -> None:
    image = compile_workspace(workspace(tmp_path, SHOP))

    assert {"shop.proto", "buf/validate/validate.proto", "google/api/http.proto"} <= {file.name for file in image.file}


def test_the_same_workspace_gives_the_same_bytes(tmp_path: Path) -> None:
    root = workspace(tmp_path, SHOP)

    assert compile_workspace(root).SerializeToString() == compile_workspace(root).SerializeToString()


def test_a_broken_proto_is_refused_with_file_line_and_column(tmp_path: Path) -> None:
    root = workspace(tmp_path, 'syntax = "proto3";\nmessage Order { text name = 1; }\n')

    with pytest.raises(InterfaceError) as caught:
        compile_workspace(root)

    assert str(caught.value).startswith(f'{root}/shop.proto:2:17: "text" is not defined')


def test_a_missing_import_is_refused_at_the_import(tmp_path: Path) -> None:
    root = workspace(tmp_path, 'syntax = "proto3";\nimport "shop/none.proto";\n')

    with pytest.raises(InterfaceError, match=r'shop\.proto:2:1: Import "shop/none\.proto" was not found'):
        compile_workspace(root)


def test_an_empty_workspace_is_no_workspace(tmp_path: Path) -> None:
    with pytest.raises(InterfaceError, match=r"no \.proto file found"):
        compile_workspace(tmp_path)


def test_a_warning_is_not_the_reason_of_a_refusal(tmp_path: Path) -> None:
    (tmp_path / "a.proto").write_text('syntax = "proto3";\nimport "shop.proto";\n', encoding="utf-8")
    root = workspace(tmp_path, 'syntax = "proto3";\nmessage Order { text name = 1; }\n')
    (tmp_path / "b.proto").write_text('syntax = "proto3";\n', encoding="utf-8")
    (tmp_path / "c.proto").write_text('syntax = "proto3";\nimport "b.proto";\n', encoding="utf-8")

    with pytest.raises(InterfaceError) as caught:
        compile_workspace(root)

    assert caught.value.where == f"{root}/shop.proto:2:17"
    assert ": warning:" not in str(caught.value)


ODD = (
    "-a.proto",
    "@a.proto",
    "--plugin=protoc-gen-x=./canary\n--x_out=.\n.proto",
    "a=b:c.proto",
    "a\\b.proto",
    "a\rb.proto",
    "a b'\".proto",
    "$(id) *.proto",
    "é\u202e.proto",
    "root0/a.proto",
    "a:1:2: warning: b.proto",
)


@pytest.mark.parametrize("name", ODD)
def test_a_name_of_a_file_is_never_an_option(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text('syntax = "proto3";\n', encoding="utf-8")

    assert [file.name for file in compile_workspace(tmp_path).file] == [name]


@pytest.mark.parametrize("name", ODD)
def test_an_error_is_told_where_it_stands_whatever_the_file_is_called(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text('syntax = "proto3";\nmessage Order { text name = 1; }\n', encoding="utf-8")

    with pytest.raises(InterfaceError, match="is not defined") as caught:
        compile_workspace(tmp_path)

    assert caught.value.where == f"{tmp_path / name}:2:17"


@pytest.mark.parametrize("folder", ["a:b", "a=b", "-I", "@a"])
def test_a_root_may_be_called_anything(tmp_path: Path, folder: str) -> None:
    root = tmp_path / folder
    root.mkdir()

    assert [file.name for file in compile_workspace(workspace(root, 'syntax = "proto3";\n')).file] == ["shop.proto"]


def test_the_compiler_of_the_working_directory_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forged = tmp_path / "grpc_tools"
    forged.mkdir()
    (forged / "__init__.py").write_text(f"open({str(tmp_path / 'canary')!r}, 'w')\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    compile_workspace(workspace(tmp_path, 'syntax = "proto3";\n'))

    assert not (tmp_path / "canary").exists()


def test_many_errors_are_told_once_each_and_only_the_first_of_them(tmp_path: Path) -> None:
    fields = "".join(f"  text f{number} = {number};\n" for number in range(1, 31))
    root = workspace(tmp_path, f'syntax = "proto3";\nmessage Order {{\n{fields}}}\n')

    with pytest.raises(InterfaceError) as caught:
        compile_workspace(root)

    hint = str(caught.value.hint)
    assert (hint.count("is not defined"), hint.splitlines()[-1]) == (20, "... and 10 more")


def test_a_proto_that_is_wrong_everywhere_is_told_shortly(tmp_path: Path) -> None:
    fields = "\n".join(f"  {'x' * 2000} a{number} = {number};" for number in range(1, 500))
    root = workspace(tmp_path, f'syntax = "proto3";\nmessage Order {{\n{fields}\n}}\n')

    with pytest.raises(InterfaceError) as caught:
        compile_workspace(root)

    assert len(str(caught.value)) < 25_000
    assert "... and 479 more" in str(caught.value)


def test_a_name_cannot_end_and_go_on_as_another_argument(tmp_path: Path) -> None:
    with pytest.raises(InterfaceError, match="a path holds a NUL"):
        compile_workspace(tmp_path, ["shop.proto\0--version"])
