"""A described shop, and its messages."""

from __future__ import annotations

from typing import Any

import pytest

from codegen.image import image_of
from servanda.configuration import Events
from servanda.interfaces.openapi.document import Document
from servanda.interfaces.protobuf.schema import File, State
from servanda.pact.descriptors import Descriptors
from servanda.recording.usage.described import Described

SHOP = """syntax = "proto3";
package shop.v1;
import "google/api/annotations.proto";
import "google/protobuf/field_mask.proto";
service Shop {
  rpc GetOrder(GetOrderRequest) returns (Order) { option (google.api.http) = { get: "/v1/{name=orders/*}" }; }
  rpc PlaceOrder(Order) returns (Order) { option (google.api.http) = { post: "/v1/orders" body: "*" }; }
  rpc Watch(stream GetOrderRequest) returns (stream Order);
}
enum Status { STATUS_UNSPECIFIED = 0; STATUS_OPEN = 1; STATUS_PAID = 2; }
message GetOrderRequest { string name = 1; google.protobuf.FieldMask read_mask = 2; }
message Address { string city = 1; string street = 2; }
message Order {
  string order_id = 1;
  optional string note = 2;
  Status status = 3;
  map<string, Address> parcels = 4;
  repeated Address stops = 5;
  google.protobuf.FieldMask mask = 6;
}
"""
DOCUMENT = """openapi: 3.1.0
paths:
  /carts/{id}:
    get: {responses: {"200": {description: Found.}}}
    post: {responses: {"200": {description: Found.}}}
"""


@pytest.fixture(scope="session")
def image() -> Any:
    return image_of({"shop.proto": SHOP})


@pytest.fixture
def described(image: Any) -> Described:
    files = [File(file.SerializeToString(), imported=file.name != "shop.proto") for file in image.file]
    return Described(State(files), [Document(DOCUMENT, "cart.yaml")], Events())


@pytest.fixture
def descriptors(image: Any) -> Descriptors:
    return Descriptors(image)
