"""Comparing values as they are written: what was sent in one way is read in another one, or is not."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from servanda.interfaces.openapi.difference import Difference, Edit, Side
from servanda.interfaces.openapi.document import Node
from servanda.interfaces.openapi.kinds import ARRAY, NUMBER, OBJECT, TEXT, kinds
from servanda.interfaces.openapi.schema import schema
from servanda.interfaces.openapi.schemas import Schemas
from servanda.interfaces.openapi.values import as_json
from servanda.interfaces.openapi.written import Written

# Numbers and truth values, in the one form in which they are written as JSON.
_NUMBER: Final = re.compile(r"-?(0|[1-9][0-9]{0,14})|true|false")


@dataclass(frozen=True, slots=True)
class Told:
    """Subject of a difference, as findings speak of it.

    Attributes:
        name: The name of the value.
        label: What it is about, in words.
        element: What it is about, by JSON pointer.
        edit: The sort of change that another way of writing is.
        side: What consumers do with the value.
    """

    name: str
    label: str
    element: str
    edit: Edit
    side: Side


def compare(told: Told, before: Written, after: Written, schemas: Schemas) -> Iterator[Difference]:
    """Yield what changed in the way in which a value is written, and in its schema."""
    if before.node.value == after.node.value and not _refers(before.schema):
        yield from schemas.compare(before.schema, after.schema, told.side)
        return
    sender, receiver = (before, after) if told.side is Side.REQUEST else (after, before)
    sent, read = kinds(sender.schema), kinds(receiver.schema)
    changed = next((kind for kind in sorted(sent & read) if sender.example(kind) != receiver.example(kind)), None)
    if changed is not None:
        was, is_now = (each.example(changed).replace("{n}", told.name) for each in (before, after))
        text = f"The {told.label} is serialized as {is_now}; before: {was}."
        yield Difference(told.edit, _place(before, after), told.element, text, told.side)
    yield from schemas.compare(*comparable(told.side, before, after), told.side)


def _refers(node: Node) -> bool:
    """Tell whether another place says what type a value has."""
    return isinstance(node.value, dict) and bool(node.value.keys() & {"$ref", "allOf", "anyOf", "items", "oneOf"})


def _in_order(side: Side, sender: Node, receiver: Node) -> tuple[Node, Node]:
    return (sender, receiver) if side is Side.REQUEST else (receiver, sender)


def comparable(side: Side, before: Written, after: Written) -> tuple[Node, Node]:
    """Return the schemas of both as if what is sent had the type as which it is read, where it may be read so."""
    sender, receiver = (before, after) if side is Side.REQUEST else (after, before)
    return _in_order(side, *_comparable(sender, receiver))


def _comparable(sender: Written, receiver: Written) -> tuple[Node, Node]:
    one, other = sender.schema, receiver.schema
    if not sender.media_type:
        one = _without_null(one)
    sent, read = kinds(one), kinds(other)
    if sent <= {TEXT, NUMBER} and read == {ARRAY} and _takes_one(sender, receiver, sent):
        listed = other.document.resolve(other)
        items = listed.raw("items") or Node({}, listed.pointer, listed.document, listed.via)
        one, other = _without_default(one, listed), items
    if sent == {ARRAY} and read <= {TEXT, NUMBER} and _holds_one(sender, receiver, read):
        listed = one.document.resolve(one)
        items = listed.raw("items") or Node({}, listed.pointer, listed.document, listed.via)
        one, other = items, _without_default(other, listed)
    if sender.example(NUMBER) == receiver.example(TEXT):
        one = _as_text(one, other)
    return one, other


def _takes_one(sender: Written, receiver: Written, sent: frozenset[str]) -> bool:
    """Tell whether a single value is written as a list of one would be, and such a list is long enough."""
    limits = receiver.schema.document.resolve(receiver.schema).value
    least, most = (limits.get(name) for name in ("minItems", "maxItems")) if isinstance(limits, dict) else (None, None)
    if (isinstance(least, int) and least > 1) or (isinstance(most, int) and most < 1):
        return False
    return all(receiver.example(ARRAY).startswith(sender.example(kind)) for kind in sent)


def _holds_one(sender: Written, receiver: Written, read: frozenset[str]) -> bool:
    """Tell whether a list always has one item, which is written as a single value would be."""
    limits = sender.schema.document.resolve(sender.schema).value
    is_one = isinstance(limits, dict) and limits.get("minItems") == limits.get("maxItems") == 1
    return is_one and all(sender.example(ARRAY).startswith(receiver.example(kind)) for kind in read)


def _without_default(single: Node, listed: Node) -> Node:
    """Return the schema of a single value without its default, if the default of a list is a list of it."""
    default = listed.value.get("default") if isinstance(listed.value, dict) else None
    found = single.document.resolve(single)
    if isinstance(found.value, dict) and "default" in found.value and default == [found.value["default"]]:
        return replace(found, value={key: value for key, value in found.value.items() if key != "default"})
    return single


def _as_text(sent: Node, read: Node) -> Node:
    """Return a schema of numbers as one of texts, where texts are read: in a query, say, both are written alike.

    Listed texts that are numbers are numbers where these are read. The same holds inside lists and objects.
    """
    one, other = sent.document.resolve(sent), read.document.resolve(read)
    if kinds(one) == {NUMBER} and kinds(other) == {TEXT}:
        return replace(one, value=_texts(one.value))
    if kinds(one) == {NUMBER, TEXT} and kinds(other) == {TEXT}:
        return _all_as_text(one, other)
    if kinds(one) == {TEXT} and kinds(other) == {NUMBER}:
        return _as_numbers(one)
    items, read_items = one.raw("items"), other.raw("items")
    if kinds(one) == kinds(other) == {ARRAY} and items is not None and read_items is not None:
        inner = _as_text(items, read_items)
        if inner is not items:
            return replace(one, value={**one.value, "items": inner.value})
    if kinds(one) == kinds(other) == {OBJECT}:
        return with_members(one, _members_as_text(one, other)) or sent
    return sent


def _members_as_text(sent: Node, read: Node) -> Mapping[str, Node]:
    was, is_now = schema(sent).properties, schema(read).properties
    found = {name: (part, _as_text(part, is_now[name])) for name, part in was.items() if name in is_now}
    return {name: node for name, (part, node) in found.items() if node is not part}


def with_members(form: Node, changed: Mapping[str, Node]) -> Node | None:
    """Return the schema of an object with other schemas of some properties; ``None`` if it lists none of them.

    Raises:
        InterfaceError: A part of it is no schema.
    """
    value = dict(form.value) if isinstance(form.value, dict) else {}
    listed = value.get("properties")
    own = {name: node.value for name, node in changed.items() if node.document is form.document}
    own = {name: each for name, each in own.items() if isinstance(listed, dict) and name in listed}
    if own:
        value["properties"] = {**value["properties"], **own}
    parts = form.raw("allOf")
    if parts is not None:
        inner = [(part, with_members(part.document.resolve(part), changed)) for part in parts.items()]
        value["allOf"] = [part.value if found is None else found.value for part, found in inner]
        own.update({"allOf": None} if any(found is not None for _, found in inner) else {})
    return replace(form, value=value) if own else None


def _as_numbers(sent: Node) -> Node:
    """Return a schema of listed texts as one of the numbers that they are; as it is if one of them is none."""
    value = sent.value if isinstance(sent.value, dict) else {}
    listed = [value["const"]] if "const" in value else value.get("enum")
    if not isinstance(listed, list) or not all(isinstance(each, str) and _NUMBER.fullmatch(each) for each in listed):
        return sent
    return replace(sent, value={"enum": [json.loads(each) for each in listed]})


def _all_as_text(sent: Node, read: Node) -> Node:
    """Return a schema of numbers or texts as one of texts."""
    for keyword in ("anyOf", "oneOf"):
        listed = sent.raw(keyword)
        if listed is not None and len(sent.value) == 1:
            # Different kinds may be written alike, so that more than one fits.
            return replace(sent, value={"anyOf": [_as_text(each, read).value for each in listed.items()]})
    if isinstance(sent.value.get("type"), list):
        return replace(sent, value={**sent.value, "type": "string"})
    return sent


def _without_null(sent: Node) -> Node:
    """Return a schema without null: nothing can be written for it."""
    found = sent.document.resolve(sent)
    value = found.value
    if not isinstance(value, dict):
        return sent
    left = {key: each for key, each in value.items() if key != "nullable" or each is not True}
    for keyword in ("anyOf", "oneOf"):
        if isinstance(value.get(keyword), list):
            left[keyword] = [each for each in value[keyword] if not _is_null(each)]
    if isinstance(value.get("type"), list):
        left["type"] = [each for each in value["type"] if each != "null"]
    if isinstance(value.get("enum"), list):
        left["enum"] = [each for each in value["enum"] if each is not None]
    if left == value or [] in left.values():
        return sent
    return replace(found, value=left)


def _is_null(schema: object) -> bool:
    return isinstance(schema, dict) and schema.get("type") in ("null", ["null"])


def _texts(value: Mapping[str, Any]) -> Mapping[str, Any]:
    listed = [value["const"]] if "const" in value else value.get("enum")
    if value.get("type") == "boolean" and listed is None:
        listed = [True, False]
    found: dict[str, Any] = {"type": "string"}
    if isinstance(listed, list):
        found["enum"] = [as_json(each) for each in listed]
    if "default" in value:
        found["default"] = as_json(value["default"])
    return found


def _place(before: Written, after: Written) -> Node:
    """Return where the way of writing is said now: by what says something else than it did."""
    checks: tuple[tuple[str, Callable[[Written], object]], ...] = (
        ("content", lambda each: each.media_type),
        ("style", lambda each: each.style),
        ("explode", lambda each: each.explode),
    )
    found = (after.node.raw(name) for name, said in checks if said(before) != said(after))
    return next((each for each in found if each is not None), after.node)
