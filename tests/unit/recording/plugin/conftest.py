"""A workspace with one service, compiled once."""

from pathlib import Path

import pytest
from google.protobuf import descriptor_pb2

from servanda.interfaces.protobuf.compiler import compile_workspace

PROTO = """
syntax = "proto3";
package shop.v1;
import "google/protobuf/duration.proto";
import "google/protobuf/field_mask.proto";
import "google/protobuf/struct.proto";
import "google/protobuf/timestamp.proto";
import "google/protobuf/wrappers.proto";
import "buf/validate/validate.proto";
import "shop/v1/line.proto";

// A comment that no contract is about.
enum Kind { KIND_UNSPECIFIED = 0; KIND_NEW = 1; }
message Request { string id = 1 [(buf.validate.field).string.min_len = 1]; int32 page = 2; }
message Answer {
  string name = 1;
  int32 count = 2;
  uint64 large = 3;
  double price = 4;
  bool ok = 5;
  bytes blob = 6;
  Kind kind = 7;
  repeated Line lines = 8;
  repeated string tags = 9;
  map<string, string> labels = 10;
  map<int32, Line> by_number = 11;
  google.protobuf.Timestamp at = 12;
  google.protobuf.Duration length = 13;
  google.protobuf.StringValue note = 14;
  google.protobuf.Struct extra = 15;
  google.protobuf.FieldMask mask = 16;
  Line main = 17;
  oneof who { string person = 18; int64 number = 19; }
}
message Unrelated { google.protobuf.Duration wait = 1; }
service Shop {
  rpc Get(Request) returns (Answer);
  rpc Count(Request) returns (Line);
  rpc Watch(Request) returns (stream Answer);
}
"""
LINE = 'syntax = "proto3"; package shop.v1; message Line { string sku = 1; int64 quantity = 2; } message Spare {}'


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("proto")
    (root / "buf.yaml").write_text("version: v2\n")
    (root / "shop" / "v1").mkdir(parents=True)
    (root / "shop" / "v1" / "shop.proto").write_text(PROTO)
    (root / "shop" / "v1" / "line.proto").write_text(LINE)
    return root


@pytest.fixture(scope="session")
def files(workspace: Path) -> descriptor_pb2.FileDescriptorSet:
    return compile_workspace(workspace, ["shop/v1/shop.proto"])
