"""Headers, metadata and query parameters: names with values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import unquote_plus

from servanda.documents import Table
from servanda.pact.parts.tables import table


def listed(part: Table, key: str) -> Mapping[str, tuple[str, ...]]:
    """Read names with one value or a list of values."""
    return MappingProxyType({name: tuple(map(_text, _values(value))) for name, value in table(part, key).raw.items()})


def query(part: Table) -> Mapping[str, tuple[str | None, ...]]:
    """Return the query parameters, also where they are written as one string; ``None`` stands for no value.

    ``a`` and ``a=`` are two things: the first one has no value, the second one an empty value.
    """
    if isinstance(part.raw.get("query"), str):
        return MappingProxyType(_parsed(part.text("query")))
    return MappingProxyType(
        {
            name: tuple(None if each is None else _text(each) for each in _values(value))
            for name, value in table(part, "query").raw.items()
        }
    )


def metadata(part: Table) -> Mapping[str, tuple[str, ...]]:
    """Metadata of a message; version 3 writes ``metaData``."""
    return listed(part, "metadata" if "metadata" in part.raw else "metaData")


def content_type(fields: Mapping[str, tuple[str, ...]]) -> str:
    """Return the media type that headers or metadata name; empty if they name none."""
    names = ("content-type", "contenttype")
    return next((values[0] for name, values in fields.items() if name.lower() in names and values), "")


def _parsed(text: str) -> dict[str, tuple[str | None, ...]]:
    found: dict[str, tuple[str | None, ...]] = {}
    for pair in filter(None, text.removeprefix("?").split("&")):
        name, sign, value = pair.partition("=")
        name = unquote_plus(name)
        found[name] = (*found.get(name, ()), unquote_plus(value) if sign else None)
    return found


def _values(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)
