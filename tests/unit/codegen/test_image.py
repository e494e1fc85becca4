"""What is compiled in this process is what the suite compiles in a process of its own."""

from pathlib import Path

import pytest

from codegen.image import image_of
from servanda.errors import InterfaceError
from servanda.interfaces.protobuf.compiler import compile_workspace

SOURCES = {
    "shop/v1/line.proto": 'syntax = "proto3";\npackage shop.v1;\n// A line.\nmessage Line { string sku = 1; }\n',
    "shop/v1/shop.proto": """syntax = "proto3";
package shop.v1;
import "buf/validate/validate.proto";
import "google/api/annotations.proto";
import "google/protobuf/timestamp.proto";
import "shop/v1/line.proto";
message Order {
  string id = 1 [(buf.validate.field).string.min_len = 1];
  google.protobuf.Timestamp at = 2;
  repeated Line lines = 3;
}
service Shop { rpc Save(Order) returns (Order) { option (google.api.http) = {post: "/v1/orders" body: "*"}; } }
""",
}


def test_an_image_is_that_of_the_suite(tmp_path: Path) -> None:
    for path, text in SOURCES.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    assert image_of(SOURCES) == compile_workspace(tmp_path)


def test_an_image_that_somebody_changes_is_whole_the_next_time() -> None:
    image_of(SOURCES).Clear()

    assert [file.name for file in image_of(SOURCES).file if file.package == "shop.v1"] == list(SOURCES)


def test_what_protoc_rejects_is_refused_with_its_place() -> None:
    with pytest.raises(InterfaceError) as refused:
        image_of({"shop.proto": 'syntax = "proto3";\nmessage Order { Missing id = 1; }\n'})

    assert str(refused.value.where).endswith("shop.proto:2:17")
