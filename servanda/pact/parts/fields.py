"""Headers, metadata and query parameters: names with values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import parse_qs

from servanda.pact.members import Members


def listed(part: Members, key: str) -> Mapping[str, tuple[str, ...]]:
    """Names with one value or a list of values."""
    return MappingProxyType({name: _values(value) for name, value in part.mapping(key).items()})


def query(part: Members) -> Mapping[str, tuple[str, ...]]:
    """The query parameters, also where they are written as one string."""
    if isinstance(part.values.get("query"), str):
        parsed = parse_qs(part.text("query"), keep_blank_values=True)
        return MappingProxyType({name: tuple(values) for name, values in parsed.items()})
    return listed(part, "query")


def metadata(part: Members) -> Mapping[str, tuple[str, ...]]:
    """Metadata of a message; version 3 writes ``metaData``."""
    return listed(part, "metadata" if "metadata" in part.values else "metaData")


def _values(value: object) -> tuple[str, ...]:
    return tuple(_text(entry) for entry in value) if isinstance(value, list) else (_text(value),)


def _text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)
