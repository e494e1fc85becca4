"""The JSON Schema of a configuration, and the rows of its reference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from servanda.configuration.keys import CONFIGURATION
from servanda.configuration.shape import Key, Schema, Shape

_DRAFT = "http://json-schema.org/draft-07/schema#"
_MIB, _GIB = 1 << 20, 1 << 30


@dataclass(frozen=True, slots=True)
class Row:
    """A key in the reference.

    Attributes:
        path: The key, from the top: ``services.<name>.command``.
        meaning: What it means, in Markdown.
        default: What counts without it, in Markdown.
        most: The largest number that it may be; empty if it is none.
    """

    path: str
    meaning: str
    default: str
    most: str


def rows(shape: Shape = CONFIGURATION, before: str = "") -> Iterator[Row]:
    """Return every key, each before those of the tables within it."""
    for key in shape.keys:
        path = f"{before}{key.name}"
        if key.meaning:
            yield Row(path, key.meaning, _default(key), _most(key))
        if key.form.inner is not None:
            yield from rows(key.form.inner, f"{path}{key.form.step}")


def schema(rules: Mapping[str, str]) -> Schema:
    """Return the JSON Schema of ``servanda.toml``, for editors.

    Args:
        rules: What every rule checks, and what every category is, by name: an editor offers them.
    """
    found = dict(CONFIGURATION.schema)
    levels = dict(found["properties"]["rules"])
    level = levels["additionalProperties"]
    offered = {name: {"description": text, **level} for name, text in rules.items()}
    levels["properties"] = {**levels["properties"], **offered}
    return {
        "$schema": _DRAFT,
        "title": "Configuration of Servanda",
        "description": "servanda.toml, or the table [tool.servanda] of pyproject.toml.",
        **found,
        "properties": {**found["properties"], "rules": levels},
    }


def _default(key: Key) -> str:
    value = key.default
    if key.needed:
        return "required"
    if key.shown:
        return key.shown
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, int | float):
        return _number(value)
    return f"`{value}`" if isinstance(value, str | Path) and value else "none"


def _most(key: Key) -> str:
    most = key.form.schema.get("maximum")
    return "" if most is None else f"{most:,}"


def _number(value: float) -> str:
    sizes = {"GiB": _GIB, "MiB": _MIB}
    told = next((f" ({value // size:g} {unit})" for unit, size in sizes.items() if value and value % size == 0), "")
    return f"{str(value).removesuffix('.0')}{told}"
