"""The hook that other repositories use, as it stands in the manifest."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.unit.interfaces.conftest import ORDER, WITHOUT_QUANTITY, Desk

ROOT = Path(__file__).parents[3]
MANIFEST = ROOT / ".pre-commit-hooks.yaml"
PROTO = "proto/shop/v1/shop.proto"
ITEM = "proto/shop/v1/item.proto"
LOCKED = "uv run --frozen "
DOCUMENT = """openapi: 3.1.0
info: {title: Shop, version: 1.0.0}
paths:
  /orders:
    get: {responses: {"200": {description: All orders}}}
  /orders/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {"200": {description: An order}}
"""
CONFIGURED = '[pacticipants.shop]\nopenapi = "api/shop.yaml"\n'
PRE_COMMIT = (sys.executable, "-m", "pre_commit")


def hook(name: str = "servanda-check") -> dict[str, Any]:
    (found,) = [each for each in yaml.safe_load(MANIFEST.read_text()) if each["id"] == name]
    assert isinstance(found, dict)
    return found


@pytest.fixture
def hooked(desk: Desk) -> Desk:
    """A repository of which every commit runs the hook; it takes the suite that is installed and builds none."""
    hooks = [{**hook(), "language": "system", "additional_dependencies": []}]
    desk.write({".pre-commit-config.yaml": yaml.safe_dump({"repos": [{"repo": "local", "hooks": hooks}]})})
    desk.write({PROTO: ORDER, ITEM: 'syntax = "proto3";\npackage shop.v1;\nmessage Item {}\n', "README.md": "# Shop\n"})
    desk.commit("the first one")
    subprocess.run([*PRE_COMMIT, "install"], cwd=desk.folder, check=True, capture_output=True)
    return desk


def of_http_alone(desk: Desk, arguments: list[str], files: dict[str, str]) -> Desk:
    """A repository without a proto file, of which every commit runs the hook for OpenAPI documents."""
    hooks = [{**hook("servanda-check-openapi"), "language": "system", "args": arguments}]
    desk.write({".pre-commit-config.yaml": yaml.safe_dump({"repos": [{"repo": "local", "hooks": hooks}]})})
    desk.write({"api/shop.yaml": DOCUMENT, **files})
    desk.commit("the first one")
    subprocess.run([*PRE_COMMIT, "install"], cwd=desk.folder, check=True, capture_output=True)
    return desk


def refusal(desk: Desk) -> str:
    """What is said when a commit is refused."""
    before = desk.git("rev-parse", "HEAD")
    with pytest.raises(subprocess.CalledProcessError) as refused:
        desk.commit("refused")
    assert desk.git("rev-parse", "HEAD") == before
    return str(refused.value.stderr)


def test_pre_commit_understands_the_manifest() -> None:
    subprocess.run([*PRE_COMMIT, "validate-manifest", str(MANIFEST)], check=True)


def test_a_change_that_breaks_is_not_committed(hooked: Desk) -> None:
    hooked.write({PROTO: WITHOUT_QUANTITY})

    assert f"{PROTO}:3:1: error: shop.v1.Order.quantity\n  FIELD_NO_DELETE " in refusal(hooked)


def test_what_is_not_staged_is_not_held_against_a_commit(hooked: Desk) -> None:
    hooked.write({"README.md": "# Another shop\n"})
    hooked.git("add", ".")
    hooked.write({PROTO: WITHOUT_QUANTITY})

    hooked.git("commit", "--quiet", "--message", "the second one")


def test_a_commit_that_only_deletes_is_examined_as_well(hooked: Desk) -> None:
    (hooked.folder / ITEM).unlink()

    assert "FILE_NO_DELETE" in refusal(hooked)


def test_a_change_that_breaks_nothing_is_committed(hooked: Desk) -> None:
    hooked.write({PROTO: ORDER.replace("}", "  string note = 3;\n}")})

    assert hooked.commit("an addition")


@pytest.mark.parametrize(
    ("arguments", "files"),
    [
        pytest.param(["api/shop.yaml"], {}, id="named by the hook"),
        pytest.param([], {"servanda.toml": CONFIGURED}, id="configured"),
    ],
)
def test_a_repository_with_http_alone_is_examined(desk: Desk, arguments: list[str], files: dict[str, str]) -> None:
    hooked = of_http_alone(desk, arguments, files)
    hooked.write({"api/shop.yaml": DOCUMENT.replace("/orders:", "/purchases:")})

    assert "OPENAPI_PATH_NO_DELETE" in refusal(hooked)


def test_a_repository_with_http_alone_needs_nothing_for_protobuf() -> None:
    assert "additional_dependencies" not in hook("servanda-check-openapi")


def test_this_repository_uses_the_hook_that_it_offers() -> None:
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    (ours,) = [each for each in config["repos"][0]["hooks"] if each["id"] == hook()["id"]]
    assert ours["entry"] == f"{LOCKED}{hook()['entry']}"
    shared = ("name", "pass_filenames", "require_serial", "always_run", "files")
    assert {key: ours[key] for key in shared} == {key: hook()[key] for key in shared}
