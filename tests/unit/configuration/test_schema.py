"""The JSON Schema says what the loader does: both come from one table."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import tomlkit

from servanda.configuration import load
from servanda.configuration.keys import CONFIGURATION
from servanda.configuration.shape import Key, Shape
from servanda.errors import ConfigurationError

PUBLISHED = json.loads(Path("docs/reference/servanda.schema.json").read_text(encoding="utf-8"))
SCHEMA = jsonschema.Draft7Validator(PUBLISHED)
VALUES: tuple[Any, ...] = (
    "", "x", "90d", "2026-01-31", "error", "http://127.0.0.1/ready", 0, 1, -1, 1.5, 3.0, 1e300, True, [], ["x"], [1],
    {}, {"a": "x"}, {"a": 1}, {"a": {}}, [{}], {"a": {"command": ["x"]}}, {"a": ["x"]},
)  # fmt: skip
# What the loader knows besides: which stores and transports are installed, which files lie in the tree, and what two
# keys say of each other. An editor does not see it.
BEYOND = ("unknown store", "unknown transport", "unknown port", "not a configured service", "which is not configured")


def paths(shape: Shape, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The way to every key; a named table is called ``a``."""
    for key in shape.keys:
        yield (*before, key.name)
        if key.form.inner is not None and key.name not in ("rules", "selectors", "overrides"):
            yield from paths(key.form.inner, (*before, key.name, *(["a"] if "<name>" in key.form.step else [])))


def document(path: tuple[str, ...], value: Any) -> dict[str, Any]:
    """A document that is right but for the value at one place."""
    found: dict[str, Any] = {}
    place = found
    for step in path[:-1]:
        place = place.setdefault(step, {})
    needed = {"services": {"command": ["x"]}, "record": {"command": ["x"], "consumers": ["y"]}}
    place.update(needed.get(path[-3], {}) if len(path) > 2 else {})
    place[path[-1]] = value
    return found


def refusal(folder: Path, content: dict[str, Any]) -> str:
    path = folder / "servanda.toml"
    path.write_text(tomlkit.dumps(content), encoding="utf-8")
    assert tomllib.loads(path.read_text(encoding="utf-8")) == content
    try:
        load(path)
    except ConfigurationError as error:
        return error.what
    return ""


@pytest.mark.parametrize("path", list(paths(CONFIGURATION)), ids=".".join)
def test_the_schema_refuses_what_the_loader_does(tmp_path: Path, path: tuple[str, ...]) -> None:
    for value in VALUES:
        content = document(path, value)
        refused = refusal(tmp_path, content)
        if any(each in refused for each in BEYOND):
            continue
        assert SCHEMA.is_valid(content) is not bool(refused), (value, refused)


def test_a_misspelt_key_is_refused_by_both(tmp_path: Path) -> None:
    content = {"services": {"a": {"command": ["x"], "port": ["http"]}}}

    assert not SCHEMA.is_valid(content)
    assert "unknown key 'port'" in refusal(tmp_path, content)


def test_the_configuration_of_this_repository_names_the_schema_and_obeys_it() -> None:
    text = Path("servanda.toml").read_text(encoding="utf-8")

    assert text.splitlines()[0] == "#:schema docs/reference/servanda.schema.json"
    SCHEMA.validate(tomllib.loads(text))


def test_an_editor_can_offer_rules_with_what_they_check() -> None:
    rules = PUBLISHED["properties"]["rules"]["properties"]

    assert rules["FIELD_NO_DELETE"]["description"]
    assert rules["HTTP"]["enum"] == ["error", "warning", "advice", "off"]


def keys(shape: Shape) -> Iterator[Key]:
    for key in shape.keys:
        yield key
        yield from keys(key.form.inner) if key.form.inner is not None else ()


def test_every_key_that_holds_a_value_says_what_it_means() -> None:
    told = [key.name for key in keys(CONFIGURATION) if key.form.inner is None and not key.meaning]

    # The selectors are the broker's, whose own pages explain them.
    assert set(told) <= {key.name for key in keys(CONFIGURATION) if key.name in SELECTORS}


SELECTORS = {
    "consumer", "branch", "fallbackBranch", "tag", "fallbackTag", "environment", "mainBranch", "matchingBranch",
    "latest", "deployed", "released", "deployedOrReleased",
}  # fmt: skip
