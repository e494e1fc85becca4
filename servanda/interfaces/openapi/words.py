"""Words for a part of an OpenAPI document, as remedies use them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from servanda.interfaces.openapi.document import METHODS

WORDS: Final = frozenset({"element", "name", "container", "operation", "part"})
"""All words that a remedy may use."""
_ADDRESSES: Final = {"paths": "path", "webhooks": "webhook"}
# Keywords that lead to one of several things, by the word for one of them.
_MEMBERS: Final = {
    "responses": "response",
    "content": "media type",
    "headers": "header",
    "encoding": "part",
    "properties": "property",
    "patternProperties": "property",
    "servers": "server",
    "callbacks": "callback",
    "oneOf": "oneOf alternative",
    "anyOf": "anyOf alternative",
    "allOf": "allOf part",
    "prefixItems": "item",
    "schemas": "schema",
    "securitySchemes": "security scheme",
    "parameters": "parameter",
    "requestBodies": "request body",
}


def words(element: str) -> Mapping[str, str]:
    """Return the words for an element.

    ``element`` is its JSON pointer (RFC 6901), ``name`` the last part of it, ``container`` the rest. ``operation`` is
    the method and path that it belongs to, else the name of its schema. ``part`` says what it is and what it stands
    in, such as ``property size of schema Order``.
    """
    parts = _parts(element)
    container, _, _ = element.rpartition("/")
    return {
        "element": element,
        "name": _name(parts) or element,
        "container": container or element,
        "operation": _operation(parts),
        "part": _part(parts),
    }


def _parts(element: str) -> list[str]:
    # What comes before ``#`` is the file that it stands in.
    _, _, pointer = element.partition("#/")
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/") if part]


def _name(parts: list[str]) -> str:
    # A schema in place is called after what it describes, and a member of a list after the list.
    match parts:
        case [*holder, "content", _, "schema"] | [*holder, "schema"] if holder and holder[-1] not in _MEMBERS:
            return _name(holder)
        case [*_, ("parameters" | "oneOf" | "anyOf" | "allOf" | "prefixItems") as group, index] if index.isdigit():
            return group
    return parts[-1].upper() if _is_method(parts) else parts[-1] if parts else ""


def _is_method(parts: list[str]) -> bool:
    return len(parts) > 2 and parts[-1] in METHODS and parts[-3] in {"paths", "webhooks"}


def _operation(parts: list[str]) -> str:
    match parts:
        case ["paths" | "webhooks", path, method, *_] if method in METHODS:
            return f"{method.upper()} {path}"
        case ["paths" | "webhooks", path, *_]:
            return path
        case ["components", _, name, *_]:
            return name
    return "the document"


def _part(parts: list[str]) -> str:
    phrases = ["the document"] if parts[:1] in (["security"], ["servers"]) else []
    rest = parts
    while rest:
        phrase, count = _phrase(rest)
        rest = rest[count:]
        phrases = [phrase, *phrases] if phrase else phrases
    return " of ".join(phrases) or "the document"


def _phrase(rest: list[str]) -> tuple[str, int]:
    """Return the phrase for the first step of a pointer, and how many parts of the pointer it takes."""
    found = _address(rest)
    if found is not None:
        return found
    match rest:
        case ["components", *_] | ["schema", *_]:
            return "", 1
        case ["content", _, "schema", *_]:
            return "", 3
        case [group, member, *_] if group in _MEMBERS:
            return _member(group, member), 2
    return rest[0], 1


def _address(rest: list[str]) -> tuple[str, int] | None:
    """Return the same for what is called: paths, webhooks, callbacks and their parameters."""
    match rest:
        case ["paths", path, method, *_] if method in METHODS:
            return f"{method.upper()} {path}", 3
        case ["webhooks", name, method, *_] if method in METHODS:
            return f"webhook {method.upper()} {name}", 3
        case ["callbacks", name, expression, method, *_] if method in METHODS:
            return f"{method.upper()} {expression} of callback {name}", 4
        case ["paths" | "webhooks" as group, path, *_]:
            return f"{_ADDRESSES[group]} {path}", 2
        case ["parameters", place, name, *_] if place in {"query", "header", "path", "cookie"}:
            return f"{place} parameter {name}", 3
    return None


def _member(group: str, member: str) -> str:
    if member.isdigit() and group != "responses":
        return f"{_MEMBERS[group]} number {int(member) + 1}"
    return f"{_MEMBERS[group]} {member}"
