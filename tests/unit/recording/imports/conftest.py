"""A repository with a shop in protos and in a document, into which usage is imported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from servanda.cli import main
from servanda.interfaces.usage.lines import load_lines
from servanda.interfaces.usage.log import UsageLog

SHOP = """syntax = "proto3";
package shop.v1;
option go_package = "example.org/gen/shop/v1;shopv1";
import "google/api/annotations.proto";
import "google/protobuf/descriptor.proto";
message Event { string topic = 1; }
extend google.protobuf.MessageOptions { Event event = 50001; }
service Shop {
  rpc GetOrder(GetOrderRequest) returns (Order) { option (google.api.http) = { get: "/v1/{name=orders/*}" }; }
}
message GetOrderRequest { string name = 1; }
message Order {
  string order_id = 1;
  optional string gift_note = 2;
  oneof payment { string card = 3; string voucher = 4; }
  message Line2 { string sku = 1; }
  repeated Line2 lines = 5;
}
message Placed { option (event) = { topic: "orders" }; Order order = 1; }
message Paid { option (event) = { topic: "payments" }; Order order = 1; }
"""
DOCUMENT = """openapi: 3.1.0
paths:
  /carts/{id}:
    get: {responses: {"200": {description: Found.}}}
"""
CONFIGURATION = """[interfaces]
root = "proto"
[events]
option = "shop.v1.event"
topic = "{topic}.{namespace}"
[pacticipants.web]
[pacticipants.cart]
openapi = "cart.yaml"
"""


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SERVANDA_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("SERVANDA_USAGE_DIR", raising=False)
    Path("proto").mkdir()
    Path("proto/shop.proto").write_text(SHOP, encoding="utf-8")
    Path("cart.yaml").write_text(DOCUMENT, encoding="utf-8")
    Path("servanda.toml").write_text(CONFIGURATION, encoding="utf-8")
    return tmp_path


Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    """Import a file."""

    def imported(tool: str, text: str, *options: str) -> Result:
        Path("from.txt").write_text(text, encoding="utf-8")
        arguments = ("import-usage", "--from", tool, "--consumer", "web", *options, "from.txt")
        return CliRunner().invoke(main, arguments)

    return imported


@pytest.fixture
def imported(run: Run) -> Callable[..., UsageLog]:
    """Log that an import writes."""

    def log(tool: str, text: str, *options: str) -> UsageLog:
        ran = run(tool, text, *options)
        assert ran.exit_code == 0, ran.output
        [found] = load_lines(Path(f"contracts/usage/web.{tool}.jsonl"), "log")
        return found

    return log
