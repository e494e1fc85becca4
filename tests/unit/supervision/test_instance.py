"""Versions of a service, and where their configuration is."""

from __future__ import annotations

from pathlib import Path

import pytest

from servanda.configuration import Configuration, load
from servanda.errors import ConfigurationError
from servanda.supervision import Instance, Source, configured
from servanda.verdict import InstanceFact


def _source(folder: Path, text: str = "[services.shop]\ncommand = ['old']\n") -> Source:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "servanda.toml").write_text(text)
    return Source(folder, "5626f74")


@pytest.fixture
def configuration(tmp_path: Path) -> Configuration:
    (tmp_path / "servanda.toml").write_text("[services.shop]\ncommand = ['new']\n")
    return load(tmp_path / "servanda.toml")


@pytest.mark.parametrize(("version", "name"), [("", "shop"), ("1.2.0-rc.1+7", "shop@1.2.0-rc.1+7")])
def test_an_instance_is_named_by_service_and_version(version: str, name: str) -> None:
    assert Instance("shop", version, Source(Path())).name == name


@pytest.mark.parametrize("version", ["a/b", "..", "-1", "1 2", "1\n", "{1}", "1" * 101, "é"])
def test_a_version_that_cannot_be_part_of_a_file_name_is_refused(version: str) -> None:
    with pytest.raises(ConfigurationError, match="cannot be the version of the service 'shop'"):
        Instance("shop", version, Source(Path()))


def test_a_fact_names_service_version_and_commit() -> None:
    assert Instance("shop", "2", Source(Path(), "5626f74")).fact == InstanceFact("shop", "2", "5626f74")


def test_each_instance_is_configured_as_its_own_source_says(configuration: Configuration) -> None:
    old = Instance("shop", "1", _source(configuration.root / ".servanda" / "checkout"))
    new = Instance("shop", "2", Source(configuration.root))
    assert [service.command for service in configured([old, new], configuration).values()] == [("old",), ("new",)]


def test_a_source_does_not_get_the_configuration_of_the_folder_above(configuration: Configuration) -> None:
    checkout = configuration.root / ".servanda" / "checkout"
    checkout.mkdir(parents=True)
    with pytest.raises(ConfigurationError, match="the source of an instance has no configuration"):
        configured([Instance("shop", "1", Source(checkout))], configuration)


def test_a_service_that_a_source_lacks_is_refused_with_those_that_it_has(configuration: Configuration) -> None:
    source = _source(configuration.root / "checkout")
    with pytest.raises(
        ConfigurationError, match=r"'mail' is not configured\nhint: configured services: shop"
    ) as failed:
        configured([Instance("mail", "1", source)], configuration)
    assert failed.value.where == str(source.folder)


def test_a_service_is_configured_by_its_source_alone(
    configuration: Configuration, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = _source(tmp_path_factory.mktemp("other"))
    monkeypatch.chdir(source.folder.parent)
    near = Instance("shop", "1", Source(Path(source.folder.name)))
    assert [service.command for service in configured([near], configuration).values()] == [("old",)]
