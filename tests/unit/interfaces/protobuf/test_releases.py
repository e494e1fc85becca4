"""Keeping released interfaces as bases of comparison."""

from pathlib import Path

import pytest

from servanda.configuration import Configuration, load
from servanda.errors import InterfaceError
from servanda.interfaces.protobuf.inputs import Opener
from servanda.interfaces.protobuf.releases import newest, require_bump
from servanda.interfaces.protobuf.releases import release as release_with
from servanda.verdict import Bump

SHOP = (
    'syntax = "proto3";\npackage shop.v1;\nimport "google/protobuf/empty.proto";\nmessage Order { string name = 1; }\n'
)


@pytest.fixture
def shop(tmp_path: Path) -> Configuration:
    (tmp_path / "proto").mkdir()
    (tmp_path / "proto" / "shop.proto").write_text(SHOP, encoding="utf-8")
    (tmp_path / "servanda.toml").write_text("", encoding="utf-8")
    return load(tmp_path / "servanda.toml")


def release(configuration: Configuration, version: str) -> Path:
    return release_with(configuration, version, Opener(configuration.root, configuration.root / "cache"))


def test_a_release_is_written_under_its_version(shop: Configuration) -> None:
    assert release(shop, "1.2.3") == shop.root / "contracts" / "releases" / "1.2.3.binpb"


def test_the_same_interfaces_give_the_same_release(shop: Configuration) -> None:
    assert release(shop, "1.0.0").read_bytes() == release(shop, "1.0.1").read_bytes()


def test_a_release_never_changes(shop: Configuration) -> None:
    file = release(shop, "1.0.0")
    before = file.read_bytes()
    (shop.interfaces.root / "shop.proto").write_text(SHOP.replace("name", "title"), encoding="utf-8")

    with pytest.raises(InterfaceError, match="released already"):
        release(shop, "1.0.0")

    assert file.read_bytes() == before


@pytest.mark.parametrize("version", ["1", "1.2", "v1.2.3", "1.2.3.4", "", "../1.2.3", "01.2.3"])
def test_only_semantic_versions_are_released(shop: Configuration, version: str) -> None:
    with pytest.raises(InterfaceError, match="is not a semantic version"):
        release(shop, version)


def test_a_release_has_to_be_above_the_newest(shop: Configuration) -> None:
    release(shop, "1.10.0")

    with pytest.raises(InterfaceError, match=r"1\.9\.0 is not above the newest"):
        release(shop, "1.9.0")


def test_a_version_below_the_newest_is_refused_whatever_the_change_raises(shop: Configuration) -> None:
    release(shop, "2.0.0")

    with pytest.raises(InterfaceError, match=r"1\.9\.0 is not above the newest"):
        require_bump("1.9.0", Bump.MAJOR, shop.interfaces.releases)


def test_the_newest_release_is_the_highest_version_not_the_last_name(shop: Configuration) -> None:
    release(shop, "1.9.0")
    highest = release(shop, "1.10.0")

    assert newest(shop.interfaces.releases) == highest


def test_a_prerelease_is_below_its_release(shop: Configuration) -> None:
    release(shop, "2.0.0-rc.1")
    highest = release(shop, "2.0.0")

    assert newest(shop.interfaces.releases) == highest


def test_a_new_workspace_has_no_newest_release(tmp_path: Path) -> None:
    assert newest(tmp_path / "releases") is None


def test_a_broken_proto_is_not_released(shop: Configuration) -> None:
    (shop.interfaces.root / "shop.proto").write_text('syntax = "proto3";\nmessage {', encoding="utf-8")

    with pytest.raises(InterfaceError, match=r"shop\.proto:2:9"):
        release(shop, "1.0.0")

    assert newest(shop.interfaces.releases) is None
