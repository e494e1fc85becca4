"""Interface definitions and pacts for tests, built in memory."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import descriptor_pb2

from servanda.interfaces.protobuf.compiler import compile_workspace
from servanda.pact.descriptors import Descriptors

PROTO = """
syntax = "proto3";
package shop.v1;
import "google/protobuf/duration.proto";
import "google/protobuf/struct.proto";
import "google/protobuf/timestamp.proto";
import "google/protobuf/wrappers.proto";

enum Kind { KIND_UNSPECIFIED = 0; KIND_NEW = 1; KIND_USED = 2; }
message Line { string sku = 1; int64 quantity = 2; repeated string tags = 3; }
message Request { string id = 1; }
message Answer {
  string name = 1;
  int32 count = 2;
  bool ok = 3;
  Kind kind = 4;
  repeated Line lines = 5;
  map<string, string> labels = 6;
  google.protobuf.Timestamp at = 7;
  google.protobuf.StringValue note = 8;
  Line main = 9;
  optional int32 rank = 10;
  oneof who { string person = 11; int64 number = 12; }
  bytes blob = 13;
}
message Values {
  google.protobuf.DoubleValue a_double = 1;
  google.protobuf.FloatValue a_float = 2;
  google.protobuf.Int64Value an_int64 = 3;
  google.protobuf.UInt64Value a_uint64 = 4;
  google.protobuf.Int32Value an_int32 = 5;
  google.protobuf.UInt32Value a_uint32 = 6;
  google.protobuf.BoolValue a_bool = 7;
  google.protobuf.StringValue a_string = 8;
  google.protobuf.BytesValue some_bytes = 9;
  google.protobuf.Struct an_object = 10;
  google.protobuf.Value a_value = 11;
  google.protobuf.ListValue a_list = 12;
  google.protobuf.Timestamp a_time = 13;
  google.protobuf.Duration a_while = 14;
  map<bool, int32> by_bool = 15;
  map<int32, Line> by_number = 16;
  repeated Kind kinds = 17;
  map<string, Kind> kind_of = 18;
  repeated bool answers = 19;
  optional bool answer = 20;
}
service Shop { rpc Get(Request) returns (Answer); rpc Watch(Request) returns (stream Answer); }
"""


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> descriptor_pb2.FileDescriptorSet:
    root = tmp_path_factory.mktemp("proto")
    (root / "shop.proto").write_text(PROTO)
    return compile_workspace(root)


@pytest.fixture(scope="session")
def descriptors(files: descriptor_pb2.FileDescriptorSet) -> Descriptors:
    return Descriptors(files)


@pytest.fixture(scope="session")
def answer(descriptors: Descriptors) -> Any:
    """The class of the message that tests compare."""
    return descriptors.message("shop.v1.Answer")


@pytest.fixture(scope="session")
def values(descriptors: Descriptors) -> Any:
    """The class of a message with every kind of field that is more than its JSON counterpart."""
    return descriptors.message("shop.v1.Values")


@pytest.fixture
def write_pact(tmp_path: Path, files: descriptor_pb2.FileDescriptorSet) -> Callable[..., Path]:
    """Write a pact file with these interactions; its descriptors have the key ``shop``."""

    def write(*interactions: dict[str, Any], version: str = "4.0") -> Path:
        encoded = base64.b64encode(files.SerializeToString()).decode()
        document = {
            "consumer": {"name": "basket"},
            "provider": {"name": "shop"},
            "interactions": interactions,
            "metadata": {
                "pactSpecification": {"version": version},
                "plugins": [
                    {"name": "protobuf", "version": "1", "configuration": {"shop": {"protoDescriptors": encoded}}}
                ],
            },
        }
        path = tmp_path / "basket-shop.json"
        path.write_text(json.dumps(document, indent=1))
        return path

    return write
