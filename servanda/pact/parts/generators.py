"""Generators by category and path."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from servanda.documents import Table
from servanda.pact.document import Generator


def of(part: Table) -> Mapping[str, Mapping[str, Generator]]:
    """Return the generators of a part of an interaction; the one of a whole category stands under the empty path."""
    document = part.table("generators")
    return MappingProxyType({category: _category(document.table(category)) for category in document.raw})


def _category(category: Table) -> Mapping[str, Generator]:
    if isinstance(category.raw.get("type"), str):
        return MappingProxyType({"": _generator(category)})
    return MappingProxyType({path: _generator(category.table(path)) for path in category.raw})


def _generator(entry: Table) -> Generator:
    values = {key: value for key, value in entry.raw.items() if key != "type"}
    return Generator(entry.name("type"), MappingProxyType(values))
