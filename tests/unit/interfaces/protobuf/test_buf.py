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
Lint = Callable[..., tuple[Finding, ...]]


@pytest.fixture
def linted(tmp_path: Path) -> Lint:
    """What is found in this text, in ``proto/shop/v1/shop.proto``."""

    def run(text: str, *, allows_programs: bool = False) -> tuple[Finding, ...]:
        file = tmp_path / "proto" / "shop" / "v1" / "shop.proto"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        workspace = Opener(tmp_path, tmp_path / "cache").open("proto")
        return lint(workspace, tmp_path / "proto", lambda: allows_programs)

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


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("version: v2\nplugins:\n  - plugin: {}\n", id="plugins"),
        pytest.param("version: v2\npolicies:\n  - policy: {}\n", id="policies"),
        pytest.param('{{"version": "v2", "pl\\u0075gins": [{{"plugin": "{}"}}]}}', id="JSON"),
        pytest.param("version: v2\n? !!str plugins\n: [{{plugin: {}}}]\n", id="complex key"),
        pytest.param("version: v2\nname: &x plugins\n*x : [{{plugin: {}}}]\n", id="alias as key"),
        pytest.param("version: v2\nlint: &x [{{plugin: {}}}]\nplugins: *x\n", id="alias as value"),
        pytest.param("version: v2\n<<: {{plugins: [{{plugin: {}}}]}}\n", id="merge key"),
        pytest.param("version: v1\nplugins:\n  - plugin: {}\n", id="older version"),
    ],
)
def test_programs_that_the_configuration_names_are_refused(tmp_path: Path, linted: Lint, text: str) -> None:
    # Controls the workspace, so that buf.yaml is not read for its modules.
    (tmp_path / "proto").mkdir()
    (tmp_path / "proto" / "buf.work.yaml").write_text("version: v1\ndirectories: [shop]\n", encoding="utf-8")
    configure(tmp_path, text.format(program(tmp_path)))

    with pytest.raises(InterfaceError, match=r"of buf\.yaml may name programs, which are not run"):
        linted(SHOP)

    assert not (tmp_path / "canary").exists()


def test_an_empty_list_of_programs_names_none(tmp_path: Path, linted: Lint) -> None:
    configure(tmp_path, "version: v2\nplugins: []\npolicies:\n")

    assert linted(SHOP) == ()


def test_programs_that_are_allowed_are_run(tmp_path: Path, linted: Lint) -> None:
    configure(tmp_path, f"version: v2\nplugins:\n  - plugin: {program(tmp_path)}\n")

    with pytest.raises(InterfaceError, match="'buf lint' failed"):
        linted(SHOP, allows_programs=True)

    assert (tmp_path / "canary").exists()


def test_rules_are_obeyed_beside_what_is_left_out(tmp_path: Path, linted: Lint) -> None:
    rules = "lint: &rules\n  except: [FIELD_LOWER_SNAKE_CASE]\nbreaking: {ignore: [shop]}\n"
    configure(tmp_path, f"version: v2\ndeps: [buf.example/a/b]\n{rules}")

    assert linted(SHOP.replace("quantity", "Quantity")) == ()


def program(folder: Path) -> Path:
    """A program that leaves a canary behind."""
    path = folder / "plugin"
    path.write_text(f"#!/bin/sh\ntouch {folder / 'canary'}\n", encoding="utf-8")
    path.chmod(0o755)
    return path
