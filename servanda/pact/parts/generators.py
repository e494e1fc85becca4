"""Generators by category and path."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from servanda.documents import Table
from servanda.pact.document import Generator
from servanda.pact.parts.categories import category
from servanda.pact.parts.tables import table

_NONE: Final[Mapping[str, Mapping[str, Generator]]] = MappingProxyType({})


def of(part: Table) -> Mapping[str, Mapping[str, Generator]]:
    """Return the generators of a part of an interaction; the one of a whole category stands under the empty path."""
    if "generators" not in part.raw:
        return _NONE
    document = table(part, "generators")
    return MappingProxyType({category(name): _category(table(document, name)) for name in document.raw})


def _category(written: Table) -> Mapping[str, Generator]:
    if isinstance(written.raw.get("type"), str):
        return MappingProxyType({"": _generator(written)})
    return MappingProxyType({path: _generator(written.table(path)) for path in written.raw})


def _generator(entry: Table) -> Generator:
    values = {key: value for key, value in entry.raw.items() if key != "type"}
    return Generator(entry.name("type"), MappingProxyType(values))
