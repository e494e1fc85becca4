"""Where consumers' tests find the definitions that they name."""

from pathlib import Path

import pytest

from servanda.errors import RecordingError
from servanda.recording.pacts.workspace import Workspace

EVENT = """
syntax = "proto3";
package shop;
import "google/protobuf/descriptor.proto";
message Event { string topic = 1; }
extend google.protobuf.MessageOptions { Event event = 50000; }
"""
ORDER = """
syntax = "proto3";
package shop.v1;
import "shop/event.proto";
message OrderPlaced { option (shop.event) = {topic: "shop.order.v1"}; string order_id = 1; }
message Order {}
service OrderService { rpc Get(Order) returns (Order); }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace of two modules, of which one imports from the other."""
    root = tmp_path / "interfaces"
    files = {
        "buf.yaml": "version: v2\nmodules:\n  - path: base\n  - path: api\n    excludes: [api/drafts]\n",
        "base/shop/event.proto": EVENT,
        "api/shop/v1/order.proto": ORDER,
        "api/drafts/order.proto": "this does not compile",
    }
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


@pytest.fixture
def workspace(folder: Path, tmp_path: Path) -> Workspace:
    return Workspace(folder, tmp_path / "cache", "shop.event")


def test_a_service_is_found_in_the_module_that_has_it(workspace: Workspace, folder: Path) -> None:
    assert workspace.file_of_service("shop.v1.OrderService") == folder / "api" / "shop" / "v1" / "order.proto"


@pytest.mark.parametrize("name", ["shop.v1.OrderPlaced", "shop.v1.Order"])
def test_a_message_is_found_in_the_module_that_has_it(workspace: Workspace, folder: Path, name: str) -> None:
    assert workspace.file_of_message(name) == folder / "api" / "shop" / "v1" / "order.proto"


def test_imports_are_relative_to_every_module(workspace: Workspace, folder: Path) -> None:
    assert workspace.roots == (folder / "api", folder / "base")


def test_the_topic_of_an_event_is_what_its_definition_declares(workspace: Workspace) -> None:
    assert workspace.topic_of("shop.v1.OrderPlaced") == "shop.order.v1"


def test_a_message_that_declares_no_topic_has_none(workspace: Workspace) -> None:
    assert workspace.topic_of("shop.v1.Order") == ""


def test_a_name_that_no_definition_has_is_refused(workspace: Workspace, folder: Path) -> None:
    with pytest.raises(RecordingError, match="no service") as caught:
        workspace.file_of_service("shop.v1.Missing")

    assert caught.value.where == str(folder)


def test_a_folder_that_is_missing_is_named_with_its_key(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="does not exist") as caught:
        Workspace(tmp_path / "proto", tmp_path / "cache").file_of_message("shop.v1.Order")

    assert caught.value.where == str(tmp_path / "proto")
    assert "[interfaces]" in (caught.value.hint or "")
