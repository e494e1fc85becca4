"""Headers, metadata and query parameters: names with values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import parse_qs

from servanda.documents import Table


def listed(part: Table, key: str) -> Mapping[str, tuple[str, ...]]:
    """Read names with one value or a list of values."""
    return MappingProxyType({name: _values(value) for name, value in part.table(key).raw.items()})


def query(part: Table) -> Mapping[str, tuple[str, ...]]:
    """Return the query parameters, also where they are written as one string."""
    if isinstance(part.raw.get("query"), str):
        parsed = parse_qs(part.text("query"), keep_blank_values=True)
        return MappingProxyType({name: tuple(values) for name, values in parsed.items()})
    return listed(part, "query")


def metadata(part: Table) -> Mapping[str, tuple[str, ...]]:
    """Metadata of a message; version 3 writes ``metaData``."""
    return listed(part, "metadata" if "metadata" in part.raw else "metaData")


def _values(value: object) -> tuple[str, ...]:
    return tuple(_text(entry) for entry in value) if isinstance(value, list) else (_text(value),)


def _text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)
