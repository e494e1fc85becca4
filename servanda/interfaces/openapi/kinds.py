"""Kinds of values that a schema is about, as far as they are written differently: texts, numbers, lists and objects."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from servanda.interfaces.openapi.document import Node

TEXT, NUMBER, ARRAY, OBJECT = "text", "number", "array", "object"
_KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {"string": TEXT, "number": NUMBER, "integer": NUMBER, "boolean": NUMBER, "array": ARRAY, "object": OBJECT}
)
EVERY_KIND: Final = frozenset(_KINDS.values())
# How deep alternatives and parts of a schema are looked into for its type.
_DEEPEST: Final = 50


def kinds(node: Node) -> frozenset[str]:
    """Return the kinds of values that a schema is about; all if it does not tell.

    Raises:
        InterfaceError: A reference leads nowhere.
    """
    return _kinds_of(node, {}, _DEEPEST)


def _kinds_of(node: Node, known: dict[int, frozenset[str]], left: int) -> frozenset[str]:
    found = node.document.resolve(node)
    value = found.value
    if not isinstance(value, dict) or not left:
        return EVERY_KIND
    if id(value) not in known:
        # Parts may lead back to what they are parts of, or to the same place in countless ways.
        known[id(value)] = EVERY_KIND
        known[id(value)] = _said_kinds(value) or _kinds_of_parts(found, known, left - 1)
    return known[id(value)]


def _said_kinds(value: dict[str, Any]) -> frozenset[str]:
    declared = value.get("type")
    listed = [value["const"]] if "const" in value else value.get("enum")
    if declared is not None:
        types = declared if isinstance(declared, list) else [declared]
        return frozenset(_KINDS[each] for each in types if isinstance(each, str) and each in _KINDS)
    return frozenset(map(_kind, listed)) if isinstance(listed, list) else frozenset()


def _kinds_of_parts(node: Node, known: dict[int, frozenset[str]], left: int) -> frozenset[str]:
    parts = EVERY_KIND
    for each in _listed(node, "allOf"):
        parts &= _kinds_of(each, known, left)
    for keyword in ("oneOf", "anyOf"):
        alternatives = _listed(node, keyword)
        if alternatives:
            parts &= frozenset[str]().union(*(_kinds_of(each, known, left) for each in alternatives))
    if parts == EVERY_KIND and ("properties" in node.value or "items" in node.value):
        return frozenset({OBJECT if "properties" in node.value else ARRAY})
    return parts or EVERY_KIND


def _listed(node: Node, keyword: str) -> list[Node]:
    found = node.raw(keyword)
    return list(found.items()) if found is not None and isinstance(found.value, list) else []


def _kind(value: object) -> str:
    if isinstance(value, str):
        return TEXT
    return ARRAY if isinstance(value, list) else OBJECT if isinstance(value, dict) else NUMBER
