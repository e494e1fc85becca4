"""Additions to an OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from servanda.interfaces.openapi.document import Document
from servanda.verdict import Bump

_TEXTS = frozenset({"description", "summary", "title", "example", "examples", "externalDocs", "contact", "license"})


def growth(previous: Document, current: Document) -> Bump:
    """Return minor if something new can be named, patch for any other edit, none if both say the same."""
    before, after = previous.root.value, current.root.value
    if before == after:
        return Bump.NONE
    return Bump.MINOR if set(_names(after)) - set(_names(before)) else Bump.PATCH


def _names(value: Any, place: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the place of every member; what is said for people apart."""
    if isinstance(value, dict):
        for key, member in value.items():
            if key not in _TEXTS:
                yield (*place, str(key))
                yield from _names(member, (*place, str(key)))
    elif isinstance(value, list):
        for each in value:
            # By name where it has one: a place in a list moves with what stands before it.
            name = each.get("name") or each.get("$ref") if isinstance(each, dict) else each
            yield from _names(each, (*place, str(name)))
