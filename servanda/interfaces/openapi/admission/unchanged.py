"""Schemas that say the same in both documents, and so does everything that they refer to."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Final, TypeAlias

from servanda.interfaces.openapi.admission.case import Key, key
from servanda.interfaces.openapi.admission.references import end, is_bare, parts, target
from servanda.interfaces.openapi.admission.references import properties as properties_of
from servanda.interfaces.openapi.document import Node
from servanda.interfaces.openapi.values import is_alike

_Pair: TypeAlias = tuple[Key, Key]


class Unchanged:
    """Answers about two documents; what was asked once is remembered."""

    def __init__(self) -> None:
        self._known: dict[_Pair, bool] = {}
        self._followed: set[Key] = set()

    def holds(self, before: Node, after: Node) -> bool:
        """Tell whether two schemas, and all that they refer to, are written alike.

        Raises:
            InterfaceError: A reference leads nowhere or in a circle, or a schema is a part of itself.
        """
        if before.value != after.value:
            return False
        start = (key(before), key(after))
        if start not in self._known:
            self._explore(start, before, after)
        return self._known[start]

    def _explore(self, start: _Pair, before: Node, after: Node) -> None:
        """Follow all references, then spread what changed to those that refer to it."""
        referring: dict[_Pair, list[_Pair]] = {}
        explored, changed = {start}, list[_Pair]()
        waiting = [(start, before, after)]
        while waiting:
            pair, one, other = waiting.pop()
            if one.value != other.value or not is_alike(one.value, other.value):
                changed.append(pair)
                continue
            for inner, targets in self._targets(one, other):
                if inner in self._known:
                    changed += [] if self._known[inner] else [pair]
                    continue
                referring.setdefault(inner, []).append(pair)
                if inner not in explored:
                    explored.add(inner)
                    waiting.append((inner, *targets))
        gone = set[_Pair]()
        while changed:
            pair = changed.pop()
            if pair not in gone:
                gone.add(pair)
                changed += referring.get(pair, [])
        self._known.update((pair, pair not in gone) for pair in explored)

    def _targets(self, one: Node, other: Node) -> Iterator[tuple[_Pair, tuple[Node, Node]]]:
        """Yield where the references inside two schemas lead that are written alike."""
        for node in (one, other):
            if isinstance(node.value, dict) and "allOf" in node.value:
                deque(parts(node, self._followed), maxlen=0)
        for was, is_now in zip(_references(one), _references(other), strict=True):
            targets = target(was), target(is_now)
            yield (key(targets[0]), key(targets[1])), targets


# Below these keywords a part of a value has its own schema, with which nothing around it interferes.
_MEMBERS: Final = ("items", "additionalProperties")
_CHOICES: Final = ("oneOf", "anyOf")
_COMBINED: Final = frozenset({"properties", "items", "additionalProperties", "allOf", "$ref"})
# What parts of ``allOf`` may say beside properties, so that one of them can be compared without the others.
_APART: Final = frozenset(
    {"type", "properties", "required", "title", "description", "example", "examples", "deprecated", "externalDocs"}
)


def inside(before: Node, after: Node) -> list[tuple[Node, Node]] | None:
    """Return the schemas inside two schemas that are written alike, which may differ in what they refer to.

    Returns:
        Pairs of schemas that can be compared by themselves; ``None`` if these two have to be compared as a whole.
    """
    found: list[tuple[Node, Node]] = []
    waiting = [(before, after)]
    while waiting:
        one, other = waiting.pop()
        inner = _separate(one, other) if one is before or not is_bare(one) else None
        if inner is not None:
            waiting += inner
        elif one is before:
            return None
        else:
            found.append((one, other))
    return found


def _separate(one: Node, other: Node) -> list[tuple[Node, Node]] | None:
    """Return the schemas directly inside two schemas; ``None`` if they combine what they refer to."""
    if not isinstance(one.value, dict):
        return []
    # Alternatives beside nothing else, of which only what they refer to has changed, are compared one by one.
    choices = () if one.value.keys() & _COMBINED else _CHOICES
    listed = (*choices, "allOf") if _are_apart(one, other) else choices
    alternatives = [pair for name in listed for pair in zip(_items(one, name), _items(other, name), strict=True)]
    rest = {name: each for name, each in one.value.items() if name not in {"properties", *_MEMBERS, *listed}}
    if refers(rest) or not all(end(was).value == end(is_now).value for was, is_now in alternatives):
        return None
    held, holds = properties_of(one), properties_of(other)
    if held is not None and holds is not None and held.object().keys() != holds.object().keys():
        return None  # what they refer to is not the same
    properties = [(held.raw(name), holds.raw(name)) for name in held.object()] if held and holds else []
    members = [(one.raw(name), other.raw(name)) for name in _MEMBERS]
    parts = ((was, is_now) for was, is_now in (*properties, *members) if was is not None and is_now is not None)
    return [*alternatives, *parts]


def _are_apart(one: Node, other: Node) -> bool:
    """Tell whether no two parts of ``allOf`` speak of the same property, and none has changed but in what it refers to.

    Raises:
        InterfaceError: A reference leads nowhere or in a circle, or a schema is a part of itself.
    """
    if "allOf" not in one.value or "$ref" in one.value:
        return False
    held, holds = list(parts(one)), list(parts(other))
    if [each.value for each in held] != [each.value for each in holds]:
        return False
    named = list[str]()
    for part in held:
        value = part.value
        own = value.keys() - {"allOf"} if isinstance(value, dict) and "$ref" not in value else {"$ref"}
        if not all(name in _APART or name.startswith("x-") for name in own):
            return False
        properties, required = properties_of(part), part.raw("required")
        named += {*(properties.object() if properties else ()), *(required.texts() if required else ())}
    return len(named) == len(set(named))


def _items(node: Node, name: str) -> Iterator[Node]:
    listed = node.raw(name)
    return listed.items() if listed is not None else iter(())


def _references(node: Node) -> Iterator[Node]:
    """Yield the references inside a schema, itself if it is one."""
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if isinstance(each.value, dict):
            if isinstance(each.value.get("$ref"), str):
                yield each
            inner = ((name, value) for name, value in each.value.items() if isinstance(value, dict | list))
        elif isinstance(each.value, list):
            inner = ((str(index), value) for index, value in enumerate(each.value) if isinstance(value, dict | list))
        else:
            continue
        waiting += [Node(value, (*each.pointer, name), each.document) for name, value in inner]


def refers(value: object) -> bool:
    """Tell whether there is a reference somewhere inside."""
    if isinstance(value, dict):
        return "$ref" in value or any(map(refers, value.values()))
    return isinstance(value, list) and any(map(refers, value))
