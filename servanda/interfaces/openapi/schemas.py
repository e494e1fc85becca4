"""Comparing schemas: requests may not become narrower, responses not wider."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from servanda.documents import Pointer
from servanda.interfaces.limit import Limit, accepts_less
from servanda.interfaces.openapi.difference import Difference, Edit, Side
from servanda.interfaces.openapi.document import Node
from servanda.interfaces.openapi.schema import EVERY_TYPE, Schema, as_json, schema

# A format that holds every value of another one.
_WIDER_FORMATS = {("int32", "int64"), ("float", "double")}


class Schemas:
    """The comparison of all schemas of two documents; a pair that was compared is not compared again."""

    def __init__(self) -> None:
        self._done: set[tuple[tuple[str, Pointer], tuple[str, Pointer], Side]] = set()
        self._callbacks: set[Hashable] = set()

    def is_first(self, callback: Hashable) -> bool:
        """Tell whether a callback is met for the first time: one can lead back to itself, and many to the same one."""
        is_first = callback not in self._callbacks
        self._callbacks.add(callback)
        return is_first

    def compare(self, before: Node, after: Node, side: Side) -> Iterator[Difference]:
        """Yield what changed between two schemas and all that they are made of."""
        # A list and no recursion: schemas refer to each other in chains of any length.
        waiting = [(before, after)]
        while waiting:
            one, other = waiting.pop()
            if one.value == other.value and not _refers(one.value):
                continue
            previous, current = schema(one), schema(other)
            key = (previous.node.place, current.node.place, side)
            if key not in self._done:
                self._done.add(key)
                for check in _CHECKS:
                    yield from check(previous, current, side)
                waiting += [*_parts(previous, current, side), *alternatives(previous, current)]


def _refers(value: object) -> bool:
    """Tell whether there is a reference somewhere inside: without one, equal schemas mean the same."""
    if isinstance(value, dict):
        return "$ref" in value or any(map(_refers, value.values()))
    return isinstance(value, list) and any(map(_refers, value))


def _parts(before: Schema, after: Schema, side: Side) -> Iterator[tuple[Node, Node]]:
    for name, property_ in before.properties.items():
        if name in after.properties and not (_hidden(property_, side) or _hidden(after.properties[name], side)):
            yield property_, after.properties[name]
    for one, other in ((before.items, after.items), (before.additional, after.additional)):
        if one is not None and other is not None and (one.value or other.value):
            yield one, other
    if before.items is None and after.items is not None and "array" in before.types:
        yield Node({}, before.node.pointer, before.node.document), after.items


def alternatives(before: Schema, after: Schema) -> Iterator[tuple[Node, Node]]:
    """Alternatives that stayed or became others, in the order in which they stand."""
    for keyword in before.choices.keys() & after.choices.keys():
        one, other = before.choices[keyword], after.choices[keyword]
        # Those that stayed as they are may still refer to something that changed.
        left = {as_json(each.value): each for each in other}
        yield from ((each, left[as_json(each.value)]) for each in one if as_json(each.value) in left)
        yield from zip(_unmatched(one, other), _unmatched(other, one), strict=False)


def _choices(before: Schema, after: Schema, side: Side) -> Iterator[Difference]:
    for keyword in ("oneOf", "anyOf"):
        one, other = before.choices.get(keyword), after.choices.get(keyword)
        if one is None or other is None:
            hurts = one is None and other is not None if side is Side.REQUEST else one is not None and other is None
            if hurts:
                text = f"{keyword} was {'added' if one is None else 'removed'}"
                yield _difference((Edit.ALTERNATIVES, side), after, before, text)
            continue
        gone, new = _unmatched(one, other), _unmatched(other, one)
        count = min(len(gone), len(new))
        for alternative in gone[count:] if side is Side.REQUEST else new[count:]:
            text = f"alternative {_name(alternative)} of {keyword} was {_VERBS[side]}"
            yield _difference((Edit.ALTERNATIVES, side), after, before, text)


_VERBS = {Side.REQUEST: "removed", Side.RESPONSE: "added"}


def _types(before: Schema, after: Schema, side: Side) -> Iterator[Difference]:
    lost, won = before.types - after.types, after.types - before.types
    if lost if side is Side.REQUEST else won:
        text = f"type changed from {_shown(before.types)} to {_shown(after.types)}"
        yield _difference((Edit.TYPE, side), after, before, text, "type")


def _form(before: Schema, after: Schema, side: Side) -> Iterator[Difference]:
    one, other = before.form, after.form
    if one == other or not before.types & after.types:
        return
    narrower = bool(other) and (one, other) not in _WIDER_FORMATS
    wider = bool(one) and (other, one) not in _WIDER_FORMATS
    if narrower if side is Side.REQUEST else wider:
        text = f"format changed from {one or 'none'} to {other or 'none'}"
        yield _difference((Edit.TYPE, side), after, before, text, "format")


def _values(before: Schema, after: Schema, side: Side) -> Iterator[Difference]:
    one, other = before.values, after.values
    wide, narrow = (one, other) if side is Side.REQUEST else (other, one)
    if narrow is None or (wide is not None and wide <= narrow):
        return
    changed = ", ".join(sorted(wide - narrow)) if wide is not None else "values that are not listed"
    yield _difference((Edit.VALUES, side), after, before, f"enum: {changed} {_VERBS[side]}", "enum")


def _limits(before: Schema, after: Schema, side: Side) -> Iterator[Difference]:
    for name in sorted({*before.limits, *after.limits}):
        one, other = before.limits.get(name), after.limits.get(name)
        text = f"{name} changed from {_limit(one)} to {_limit(other)}"
        if accepts_less(one, other):
            yield _difference((Edit.LIMIT_TIGHTENED, side), after, before, text, name)
        if side is Side.RESPONSE and accepts_less(other, one):
            yield _difference((Edit.LIMIT_LOOSENED, side), after, before, text, name)


def _properties(before: Schema, after: Schema, side: Side) -> Iterator[Difference]:
    for name, property_ in before.properties.items():
        left = after.properties.get(name)
        if _hidden(property_, side) or (left is not None and not _hidden(left, side)):
            continue
        what = "was deleted" if left is None else f"became {'readOnly' if side is Side.REQUEST else 'writeOnly'}"
        yield _difference((Edit.PROPERTY_DELETED, side), after, before, f"property {name!r} {what}", inner=name)


def _required(before: Schema, after: Schema, side: Side) -> Iterator[Difference]:
    if side is Side.RESPONSE:
        for name in sorted(before.required - after.required):
            if name in after.properties and not _hidden(after.properties[name], side):
                text = f"property {name!r} is required no more"
                yield _difference((Edit.PROPERTY_OPTIONAL, side), after, before, text, inner=name)
        return
    for name in sorted(after.required - before.required):
        if name not in after.properties or not _hidden(after.properties[name], side):
            what = "became required" if name in before.properties else "is new and required"
            text = f"property {name!r} {what}"
            yield _difference((Edit.PROPERTY_REQUIRED, side), after, before, text, inner=name)


def _additional(before: Schema, after: Schema, side: Side) -> Iterator[Difference]:
    if "object" not in before.types & after.types or (before.additional is None) == (after.additional is None):
        return
    if side is Side.REQUEST and after.additional is None:
        text = "additionalProperties are forbidden now"
        yield _difference((Edit.ADDITIONAL_PROPERTIES, side), after, before, text, "additionalProperties")
    if side is Side.RESPONSE and before.additional is None:
        text = "additionalProperties can come now"
        yield _difference((Edit.ADDITIONAL_PROPERTIES, side), after, before, text, "additionalProperties")


def _default(before: Schema, after: Schema, side: Side) -> Iterator[Difference]:
    if before.default != after.default and side is Side.REQUEST:
        text = f"default changed from {before.default or 'none'} to {after.default or 'none'}"
        yield _difference((Edit.DEFAULT, side), after, before, text, "default")


def _whole(before: Schema, after: Schema, side: Side) -> Iterator[Difference]:
    for name in sorted({*before.whole, *after.whole}):
        if before.whole.get(name) != after.whole.get(name):
            text = f"{name!r} changed, which may refuse or send what it did not before"
            yield _difference((Edit.KEYWORD, side), after, before, text, name)


def _hidden(property_: Node, side: Side) -> bool:
    """Tell whether a property is not there on this side."""
    found = property_.document.resolve(property_).value
    name = "readOnly" if side is Side.REQUEST else "writeOnly"
    return isinstance(found, dict) and found.get(name) is True


def _unmatched(these: tuple[Node, ...], those: tuple[Node, ...]) -> list[Node]:
    """Alternatives that the others have not, by reference or by all that they say."""
    others = {as_json(each.value) for each in those}
    return [each for each in these if as_json(each.value) not in others]


def _name(alternative: Node) -> str:
    value = alternative.value
    return str(value["$ref"]) if isinstance(value, dict) and "$ref" in value else as_json(value)


def _difference(
    what: tuple[Edit, Side], after: Schema, before: Schema, text: str, keyword: str = "", inner: str = ""
) -> Difference:
    element = before.node.shown + (f"/properties/{inner}" if inner else "")
    node = after.node
    for key in ("properties", inner) if inner else (keyword,) if keyword else ():
        node = node.raw(key) or node
    edit, side = what
    message = f"{side.capitalize()} schema {_place(before.node)}: {text}."
    return Difference(edit, node, element, message, side)


def _place(node: Node) -> str:
    """Its name if it is a part of a named schema, else its place in the document."""
    if node.pointer[:2] != ("components", "schemas"):
        return node.shown
    return ".".join(part for part in node.pointer[2:] if part != "properties")


def _shown(types: frozenset[str]) -> str:
    return "any" if types == EVERY_TYPE else " or ".join(sorted(types)) or "nothing"


def _limit(limit: Limit | None) -> str:
    return limit.shown if limit else "none"


_CHECKS = (_types, _form, _values, _limits, _properties, _required, _additional, _default, _whole, _choices)
