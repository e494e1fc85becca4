"""Generators by category and path."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from servanda.pact.document import Generator
from servanda.pact.members import Members


def of(part: Members) -> Mapping[str, Mapping[str, Generator]]:
    """The generators of a part of an interaction; the one of a whole category stands under the empty path."""
    document = part.members("generators")
    return MappingProxyType({category: _category(document.members(category)) for category in document.values})


def _category(category: Members) -> Mapping[str, Generator]:
    if isinstance(category.values.get("type"), str):
        return MappingProxyType({"": _generator(category)})
    return MappingProxyType({path: _generator(category.members(path)) for path in category.values})


def _generator(entry: Members) -> Generator:
    values = {key: value for key, value in entry.values.items() if key != "type"}
    return Generator(entry.name("type"), MappingProxyType(values))
