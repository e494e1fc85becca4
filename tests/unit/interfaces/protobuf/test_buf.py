"""What the real buf objects to in the form of interfaces, as findings."""

from collections.abc import Callable
from pathlib import Path

import pytest

from servanda.errors import InterfaceError
from servanda.interfaces.protobuf.buf import lint
from servanda.interfaces.protobuf.inputs import Opener
from servanda.verdict import Finding, Span

SHOP = """syntax = "proto3";

package shop.v1;

import "google/api/annotations.proto";

message GetOrderRequest {
  string order_id = 1;
}

message GetOrderResponse {
  string order_id = 1;
  int32 quantity = 2;
}

service ShopService {
  rpc GetOrder(GetOrderRequest) returns (GetOrderResponse) {
    option (google.api.http) = {get: "/v1/orders/{order_id}"};
  }
}
"""
Lint = Callable[[str], tuple[Finding, ...]]


@pytest.fixture
def linted(tmp_path: Path) -> Lint:
    """What is found in this text, in ``proto/shop/v1/shop.proto``."""

    def run(text: str) -> tuple[Finding, ...]:
        file = tmp_path / "proto" / "shop" / "v1" / "shop.proto"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        workspace = Opener(tmp_path, tmp_path / "cache").open("proto")
        return lint(workspace, tmp_path / "proto")

    return run


def configure(folder: Path, text: str) -> None:
    (folder / "proto").mkdir(exist_ok=True)
    (folder / "proto" / "buf.yaml").write_text(text, encoding="utf-8")


def test_good_form_is_not_objected_to(linted: Lint) -> None:
    assert linted(SHOP) == ()


def test_bad_form_is_found_where_it_stands(linted: Lint) -> None:
    (found,) = linted(SHOP.replace("quantity", "Quantity"))

    assert (found.rule, found.category) == ("FIELD_LOWER_SNAKE_CASE", "LINT")
    assert found.span == Span("proto/shop/v1/shop.proto", 13, 9, 13, 17)
    assert found.element == "shop.v1.GetOrderResponse.Quantity"


def test_what_is_only_imported_is_not_examined(linted: Lint) -> None:
    found = linted(SHOP.replace("quantity", "Quantity"))

    assert {finding.span.path for finding in found} == {"proto/shop/v1/shop.proto"}


def test_the_configuration_of_the_workspace_is_obeyed(tmp_path: Path, linted: Lint) -> None:
    configure(tmp_path, "version: v2\nlint:\n  except: [FIELD_LOWER_SNAKE_CASE]\n")

    assert linted(SHOP.replace("quantity", "Quantity")) == ()


def test_a_finding_keeps_its_fingerprint_when_lines_move(linted: Lint) -> None:
    (before,) = linted(SHOP.replace("quantity", "Quantity"))

    (after,) = linted("// A shop.\n\n" + SHOP.replace("quantity", "Quantity"))

    assert after.span != before.span
    assert after.fingerprint == before.fingerprint


def test_a_configuration_that_buf_refuses_is_an_error(tmp_path: Path, linted: Lint) -> None:
    configure(tmp_path, "version: v2\nlint:\n  use: [NO_SUCH_RULE]\n")

    with pytest.raises(InterfaceError, match="'buf lint' failed"):
        linted(SHOP)
