"""A schema in one form, whatever the version of OpenAPI and however it is composed.

Source: OpenAPI 3.0.4 "Schema Object" and JSON Schema 2020-12, which 3.1 uses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any, TypeAlias

from servanda.documents import Pointer
from servanda.interfaces.limit import Limits
from servanda.interfaces.openapi.document import Node
from servanda.interfaces.openapi.limits import limits, together
from servanda.interfaces.openapi.values import as_json

EVERY_TYPE = frozenset({"array", "boolean", "integer", "null", "number", "object", "string"})

# What is compared as a whole: a change of it is found, its effect is not judged.
_WHOLE = (
    *("not", "if", "then", "else", "patternProperties", "propertyNames", "contains", "minContains", "maxContains"),
    *("prefixItems", "dependentRequired", "dependentSchemas", "unevaluatedProperties", "unevaluatedItems"),
    *("discriminator", "contentEncoding", "contentMediaType", "xml"),
)
CHOICES = ("oneOf", "anyOf")
"""Keywords that list alternatives."""
_Place: TypeAlias = tuple[str, Pointer]


@dataclass(frozen=True, slots=True)
class Schema:
    """Values that a schema accepts.

    Attributes:
        types: JSON types; ``number`` brings ``integer`` along.
        form: The ``format``; empty if there is none.
        values: The only values, as JSON, if they are listed.
        additional: Schema of properties that are not listed; ``None`` forbids them.
        items: Schema of the items of an array, if it says one.
        choices: Alternatives by ``oneOf`` and ``anyOf``.
        default: The default as JSON; empty if there is none.
        whole: Other keywords, as JSON.
    """

    node: Node
    types: frozenset[str] = EVERY_TYPE
    form: str = ""
    values: frozenset[str] | None = None
    limits: Limits = field(default_factory=dict)
    properties: Mapping[str, Node] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    additional: Node | None = None
    items: Node | None = None
    choices: Mapping[str, tuple[Node, ...]] = field(default_factory=dict)
    default: str = ""
    read_only: bool = False
    write_only: bool = False
    whole: Mapping[str, str] = field(default_factory=dict)


def schema(node: Node) -> Schema:
    """Return the schema at a node, its reference followed and the parts of ``allOf`` made one.

    Raises:
        InterfaceError: A part is not what a schema can hold, or ``allOf`` leads in a circle.
    """
    return reduce(_both, _parts(node))


def _parts(node: Node) -> Iterator[Schema]:
    """Yield the schema itself, then each part of it once: parts of parts may be countless."""
    done: set[_Place] = set()
    around: set[_Place] = set()
    # By hand, not by recursion: chains can be longer than the stack is deep. A place says that its parts are over.
    waiting: list[Node | _Place] = [node]
    while waiting:
        each = waiting.pop()
        if isinstance(each, tuple):
            around.remove(each)
            continue
        part = each.document.resolve(each)
        if part.place in around:
            raise part.unexpected("a schema that is no part of itself")
        if part.place not in done:
            done.add(part.place)
            yield _own(part)
            around.add(part.place)
            inner = part.raw("allOf") if isinstance(part.value, dict) else None
            waiting += [part.place, *reversed(tuple(inner.items()) if inner is not None else ())]


def _own(node: Node) -> Schema:
    if node.value is False:
        return Schema(node, types=frozenset())
    if node.value is True:
        return Schema(node, additional=Node({}, node.pointer, node.document))
    value = node.object()
    additional, required, enum = node.raw("additionalProperties"), node.raw("required"), node.raw("enum")
    listed = [value["const"]] if "const" in value else [each.value for each in enum.items()] if enum else None
    properties = node.raw("properties")
    return Schema(
        node=node,
        types=types(node),
        form=form(node),
        values=frozenset(map(as_json, listed)) if listed is not None else None,
        limits={limit.name: limit for limit in limits(node)},
        properties=dict(properties.members()) if properties is not None else {},
        required=frozenset(required.texts()) if required is not None else frozenset(),
        additional=_allowed(additional, node),
        items=node.raw("items"),
        choices={name: tuple(found.items()) for name in CHOICES if (found := node.raw(name)) is not None},
        default=as_json(value["default"]) if "default" in value else "",
        read_only=value.get("readOnly") is True,
        write_only=value.get("writeOnly") is True,
        whole={name: as_json(deep(found, {})) for name in _WHOLE if (found := node.raw(name)) is not None},
    )


def _both(one: Schema, other: Schema) -> Schema:
    """Return what two schemas accept together; of two things that both say, the first one's pointer is kept."""
    values = [each for each in (one.values, other.values) if each is not None]
    return replace(
        one,
        types=one.types & other.types,
        form=one.form or other.form,
        values=frozenset.intersection(*values) if values else None,
        limits=together(one.limits, other.limits),
        properties={**other.properties, **one.properties},
        required=one.required | other.required,
        additional=one.additional if other.additional is not None else None,
        items=one.items or other.items,
        choices={**other.choices, **one.choices},
        default=one.default or other.default,
        read_only=one.read_only or other.read_only,
        write_only=one.write_only or other.write_only,
        whole={**other.whole, **one.whole},
    )


def types(node: Node) -> frozenset[str]:
    """Return the types that the schema at a node names; ``number`` brings ``integer`` along.

    In OpenAPI 3.0.3 and later ``nullable`` adds to ``type``, and means nothing without it.
    """
    declared = node.raw("type")
    if declared is None:
        return EVERY_TYPE
    named = {declared.value} if isinstance(declared.value, str) else set(declared.texts())
    if node.object().get("nullable") is True:
        named.add("null")
    return frozenset(named | ({"integer"} if "number" in named else set()))


def form(node: Node) -> str:
    """Return the ``format`` of the schema at a node; empty if there is none.

    Raises:
        InterfaceError: It is no string.
    """
    said = node.raw("format")
    if said is not None and not isinstance(said.value, str):
        raise said.unexpected("a string")
    return str(said.value) if said is not None else ""


def _allowed(additional: Node | None, node: Node) -> Node | None:
    if additional is None or additional.value is True:
        return Node({}, node.pointer, node.document)
    return None if additional.value is False else additional


def deep(node: Node, told: dict[_Place, int]) -> Any:
    """Return the value with references followed, so that a change behind one is seen.

    What is referred to is told where it is met first, and after that by its number: there may be circles, and countless
    ways to the same place.
    """
    if isinstance(node.value, dict):
        resolved = node.document.resolve(node)
        if isinstance(node.value.get("$ref"), str):
            if resolved.place in told:
                return {"$ref": told[resolved.place]}
            told[resolved.place] = len(told)
        if not isinstance(resolved.value, dict):
            return deep(resolved, told)
        return {
            key: deep(found, told)
            for key in sorted(resolved.value, key=str)
            if (found := resolved.raw(key)) is not None
        }
    if isinstance(node.value, list):
        return [deep(each, told) for each in node.items()]
    return node.value
