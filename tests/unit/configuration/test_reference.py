"""The reference knows every key, and its example can be used."""

import dataclasses
import re
import tomllib
from pathlib import Path

import pytest

from servanda.configuration import (
    BrokerSettings,
    Contracts,
    EndToEnd,
    Events,
    ImpactSettings,
    Interfaces,
    Limits,
    Pacticipant,
    Service,
    load,
)
from servanda.configuration.rules import Override

REFERENCE = Path("docs/reference/configuration.md").read_text(encoding="utf-8")
TABLES = {
    "interfaces": Interfaces,
    "events": Events,
    "contracts": Contracts,
    "end-to-end": EndToEnd,
    "impact": ImpactSettings,
    "limits": Limits,
    "rules.overrides": Override,
    "contracts.broker": BrokerSettings,
    "pacticipants.<name>": Pacticipant,
    "services.<name>": Service,
}


def example() -> str:
    found = re.search(r"```toml\n(.*?)```", REFERENCE, re.DOTALL)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("table", TABLES)
def test_every_key_is_in_the_reference(table: str) -> None:
    keys = [f"{table}.{field.name}" for field in dataclasses.fields(TABLES[table]) if field.name != "name"]

    assert [key for key in keys if f"`{key}`" not in REFERENCE] == []


def test_the_example_shows_every_key_of_a_service() -> None:
    shown = tomllib.loads(example())["services"]["identity"]

    assert set(shown) == {field.name for field in dataclasses.fields(Service)} - {"name"}


def test_the_example_can_be_loaded(tmp_path: Path) -> None:
    text = example() + '\n[services.gateway]\ncommand = ["gateway"]\n'
    (tmp_path / "servanda.toml").write_text(text, encoding="utf-8")

    assert set(load(tmp_path / "servanda.toml").services) == {"identity", "gateway"}
