"""Words for a part of an OpenAPI document, as remedies use them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

WORDS: Final = frozenset({"element", "name", "container", "operation"})
"""All words that a remedy may use."""
_METHODS: Final = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})


def words(element: str) -> Mapping[str, str]:
    """Return the words for an element.

    ``element`` is its JSON pointer (RFC 6901), ``name`` the last part of it, ``container`` the rest, and ``operation``
    the method and path that it belongs to, else the name of its schema.
    """
    parts = [part.replace("~1", "/").replace("~0", "~") for part in element.removeprefix("#/").split("/")]
    name = parts[-1] or element
    container, _, _ = element.rpartition("/")
    return {"element": element, "name": name, "container": container or element, "operation": _operation(parts)}


def _operation(parts: list[str]) -> str:
    match parts:
        case ["paths" | "webhooks", path, method, *_] if method in _METHODS:
            return f"{method.upper()} {path}"
        case ["paths" | "webhooks", path, *_]:
            return path
        case ["components", _, name, *_]:
            return name
    return "the document"
