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
