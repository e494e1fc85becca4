"""What the real buf objects to, as findings."""

from pathlib import Path

import pytest

from treaty.compatibility.buf import check
from treaty.compatibility.releases import release
from treaty.configuration import Configuration, load
from treaty.errors import InterfaceError
from treaty.verdict import Span

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


@pytest.fixture
def shop(tmp_path: Path) -> Configuration:
    (tmp_path / "treaty.toml").write_text("", encoding="utf-8")
    configuration = load(tmp_path / "treaty.toml")
    write(configuration, SHOP)
    return configuration


def write(configuration: Configuration, text: str) -> None:
    file = configuration.interfaces.root / "shop" / "v1" / "shop.proto"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def test_a_new_workspace_without_release_breaks_nothing(shop: Configuration) -> None:
    assert check(shop) == ()


def test_a_renamed_field_is_found_where_it_stands(shop: Configuration) -> None:
    release(shop, "1.0.0")
    write(shop, SHOP.replace("quantity", "amount"))

    found = {finding.rule: finding for finding in check(shop)}

    assert found["FIELD_SAME_NAME"].span == Span("proto/shop/v1/shop.proto", 13, 9, 13, 15)
    assert found["FIELD_SAME_NAME"].element == "shop.v1.GetOrderResponse.amount"


def test_a_deleted_field_is_found_at_its_message(shop: Configuration) -> None:
    release(shop, "1.0.0")
    write(shop, SHOP.replace("  int32 quantity = 2;\n", ""))

    (found,) = check(shop)

    assert (found.rule, found.element, found.span.start_line) == ("FIELD_NO_DELETE", "shop.v1.GetOrderResponse", 11)


def test_an_added_field_breaks_nothing(shop: Configuration) -> None:
    release(shop, "1.0.0")
    write(shop, SHOP.replace("quantity = 2;", "quantity = 2;\n  string currency = 3;"))

    assert check(shop) == ()


def test_the_base_is_the_newest_release(shop: Configuration) -> None:
    release(shop, "1.0.0")
    write(shop, SHOP.replace("quantity", "amount"))
    release(shop, "2.0.0")

    assert check(shop) == ()


def test_bad_form_is_found_too(shop: Configuration) -> None:
    write(shop, SHOP.replace("quantity", "Quantity"))

    (found,) = check(shop)

    assert (found.rule, found.category) == ("FIELD_LOWER_SNAKE_CASE", "LINT")


def test_the_configuration_of_the_workspace_is_obeyed(shop: Configuration) -> None:
    (shop.interfaces.root / "buf.yaml").write_text(
        "version: v2\nlint:\n  except: [FIELD_LOWER_SNAKE_CASE]\n", encoding="utf-8"
    )
    write(shop, SHOP.replace("quantity", "Quantity"))

    assert check(shop) == ()


def test_a_finding_keeps_its_fingerprint_when_lines_move(shop: Configuration) -> None:
    write(shop, SHOP.replace("quantity", "Quantity"))
    (before,) = check(shop)
    write(shop, "// A shop.\n\n" + SHOP.replace("quantity", "Quantity"))

    (after,) = check(shop)

    assert after.span != before.span
    assert after.fingerprint == before.fingerprint


def test_a_base_that_is_no_image_is_an_error(shop: Configuration) -> None:
    release(shop, "1.0.0").write_bytes(b"no image")

    with pytest.raises(InterfaceError, match="'buf breaking' failed"):
        check(shop)


def test_an_unreadable_buf_configuration_is_an_error(shop: Configuration) -> None:
    (shop.interfaces.root / "buf.yaml").write_text("version: v9\n", encoding="utf-8")

    with pytest.raises(InterfaceError, match="'buf lint' failed"):
        check(shop)
