"""What a verdict says of what was examined."""

from pathlib import Path

import pytest

from servanda.configuration import Configuration, load
from servanda.gate.versions import versions
from servanda.interfaces.protobuf.inputs import Opener
from servanda.interfaces.protobuf.releases import release


@pytest.fixture
def shop(tmp_path: Path) -> Configuration:
    (tmp_path / "proto").mkdir()
    (tmp_path / "proto" / "shop.proto").write_text('syntax = "proto3";\npackage shop.v1;\n', encoding="utf-8")
    (tmp_path / "servanda.toml").write_text("", encoding="utf-8")
    return load(tmp_path / "servanda.toml")


def test_a_new_workspace_is_compared_with_nothing(shop: Configuration) -> None:
    assert versions(shop)["base"] == "none"


def test_the_base_is_told_by_its_whole_version(shop: Configuration) -> None:
    release(shop, "1.10.0", Opener(shop.root, shop.root / "cache"))

    assert versions(shop)["base"] == "1.10.0"


def test_outside_git_there_is_no_commit(shop: Configuration) -> None:
    assert "commit" not in versions(shop)
