"""Names of the categories of rules and generators."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

_OTHER_NAMES: Final = MappingProxyType(
    {"content": "body", "contents": "body", "headers": "header", "metaData": "metadata"}
)


def category(name: str) -> str:
    """Return the name that the specification gives a category which a writer of pact files names."""
    return _OTHER_NAMES.get(name, name)
