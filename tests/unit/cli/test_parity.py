"""``servanda parity`` as somebody types it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from servanda.cli import main

SERVICE = """
[services.shop]
command = ["shop"]
ports = ["web"]
transports = { http = "web" }
"""
PROTO = """
syntax = "proto3";
package shop.v1;
service Shop { rpc Buy(Empty) returns (Empty); }
message Empty {}
"""


def parity(folder: Path, *arguments: str) -> tuple[int, str]:
    (folder / "servanda.toml").write_text(SERVICE)
    ran = CliRunner().invoke(main, ["--config", str(folder / "servanda.toml"), "parity", *arguments])
    return ran.exit_code, ran.stderr


def with_proto(folder: Path, text: str = PROTO) -> None:
    (folder / "proto").mkdir()
    (folder / "proto" / "shop.proto").write_text(text)


def test_a_service_that_runs_elsewhere_is_put_into_no_state(tmp_path: Path) -> None:
    targets = ("--grpc-target", "127.0.0.1:1", "--provider-url", "http://127.0.0.1:1")
    code, told = parity(tmp_path, "shop", *targets, "--state", "a book is there")
    assert (code, "is put into no state" in told) == (2, True)


def test_without_protos_there_is_nothing_to_draw_requests_from(tmp_path: Path) -> None:
    code, told = parity(tmp_path, "shop")
    assert (code, "there is no folder of protos" in told) == (2, True)


def test_an_rpc_without_a_binding_has_no_other_side(tmp_path: Path) -> None:
    with_proto(tmp_path)
    code, told = parity(tmp_path, "shop")
    assert (code, "no rpc is left to call" in told) == (2, True)


@pytest.mark.parametrize("option", [["--grpc-target", "127.0.0.1:1"], ["--provider-url", "http://127.0.0.1:1"]])
def test_one_address_of_two_is_not_enough(tmp_path: Path, option: list[str]) -> None:
    code, told = parity(tmp_path, "shop", *option)
    assert (code, "one address of two is named" in told) == (2, True)


BOUND = """
syntax = "proto3";
package shop.v1;
import "google/api/annotations.proto";
service Shop {
  rpc Buy(Empty) returns (Empty) {
    option idempotency_level = NO_SIDE_EFFECTS;
    option (google.api.http) = {get: "/v1/buy"};
  }
}
message Empty {}
"""


def test_a_service_needs_both_transports(tmp_path: Path) -> None:
    with_proto(tmp_path, BOUND)
    code, told = parity(tmp_path, "shop")
    assert (code, "service 'shop' has no transport 'grpc'" in told) == (2, True)


def test_an_unknown_service_is_told_with_those_that_are_known(tmp_path: Path) -> None:
    with_proto(tmp_path, BOUND)
    code, told = parity(tmp_path, "shopp")
    assert (code, "known services: shop" in told) == (2, True)


def test_a_side_that_does_not_answer_is_no_difference(tmp_path: Path) -> None:
    with_proto(tmp_path, BOUND)
    addresses = ["--grpc-target", "127.0.0.1:1", "--provider-url", "http://127.0.0.1:1"]
    code, told = parity(tmp_path, "shop", *addresses)
    assert (code, "no answer over" in told) == (2, True)
