"""Cases of the keywords that stand at one node, those apart that combine other schemas."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

from servanda.interfaces.openapi.admission.case import KINDS, Case, Term, anything, everything
from servanda.interfaces.openapi.admission.references import properties as properties_of
from servanda.interfaces.openapi.document import Node
from servanda.interfaces.openapi.limits import KINDS as LIMITED
from servanda.interfaces.openapi.limits import limits
from servanda.interfaces.openapi.schema import CHOICES, deep, form, types
from servanda.interfaces.openapi.values import as_json, type_of

# Keywords that are compared as a whole, by the types that they are about.
_OPAQUE: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "object": (
            *("patternProperties", "propertyNames", "dependentRequired", "dependentSchemas", "unevaluatedProperties"),
        ),
        "array": ("prefixItems", "unevaluatedItems"),
        "string": ("contentEncoding", "contentMediaType"),
    }
)
# Tables by name: there a name is no keyword.
_TABLES: Final = frozenset(
    {"properties", "patternProperties", "dependentSchemas", "dependentRequired", "$defs", "definitions"}
)
_UNORDERED: Final = frozenset({"enum", "required", "type"})
_REMARKS: Final = frozenset(
    {"description", "title", "example", "examples", "default", "deprecated", "externalDocs", "xml", "$comment"}
)
_TRUTH: Final = frozenset({"true", "false"})
_NUMERIC_FORMATS: Final = frozenset({"int32", "int64", "float", "double"})
# A hint for those who show the value.
_UNBOUND_FORMATS: Final = frozenset({"password"})


def read(node: Node, is_absent: Callable[[Term], bool]) -> Iterator[Case]:
    """Yield a case for every type that a node admits.

    Args:
        node: The node; its references and combinations of schemas are not followed.
        is_absent: Whether a property does not exist on this side of a call.

    Raises:
        InterfaceError: A keyword has a value that it cannot have.
    """
    if node.value is True:
        yield from everything(node)
    if isinstance(node.value, bool):
        return
    named, listed = types(node), _values(node)
    found = list(limits(node))
    for kind in KINDS:
        if kind not in named and not (kind == "number" and "integer" in named):
            continue
        if listed is not None and kind not in listed:
            continue
        case = Case(
            kind,
            node,
            values=listed[kind] if listed is not None else _TRUTH if kind == "boolean" else None,
            additional=anything(node, "additionalProperties"),
            items=anything(node, "items"),
            limits={limit.name: limit for limit in found if LIMITED[limit.name] == kind},
            formats=_formats(form(node), kind),
            opaque=_opaque(node, kind),
        )
        yield _OF_KIND.get(kind, _plain)(case, node, is_absent)


def _plain(case: Case, node: Node, is_absent: Callable[[Term], bool]) -> Case:
    del node, is_absent
    return case


def _null(case: Case, node: Node, is_absent: Callable[[Term], bool]) -> Case:
    del node, is_absent
    return replace(case, values=None) if case.values is not None else case


def _number(case: Case, node: Node, is_absent: Callable[[Term], bool]) -> Case:
    del is_absent
    step = case.limits.get("multipleOf")
    is_whole = "number" not in types(node) or (step is not None and step.value.denominator == 1)
    return replace(case, is_whole=True) if is_whole else case


def _array(case: Case, node: Node, is_absent: Callable[[Term], bool]) -> Case:
    del is_absent
    items = node.raw("items")
    return replace(case, items=(items,)) if items is not None else case


def _object(case: Case, node: Node, is_absent: Callable[[Term], bool]) -> Case:
    listed = properties_of(node)
    required, additional = (node.raw(name) for name in ("required", "additionalProperties"))
    found = {name: listed.raw(name) for name in listed.object()} if listed is not None else {}
    properties = {name: (property_,) for name, property_ in found.items() if property_ is not None}
    hidden = frozenset(name for name, property_ in properties.items() if is_absent(property_))
    others = case.additional
    if additional is not None:
        others = None if additional.value is False else (additional,)
    return replace(
        case,
        properties={name: each for name, each in properties.items() if name not in hidden} if hidden else properties,
        hidden=hidden,
        required=(frozenset(required.texts()) if required is not None else frozenset()) - hidden,
        additional=others,
    )


_OF_KIND: Final = MappingProxyType({"null": _null, "number": _number, "array": _array, "object": _object})


def _values(node: Node) -> Mapping[str, frozenset[str]] | None:
    """Return the listed values by their types; ``None`` if any are admitted."""
    value, enum = node.object(), node.raw("enum")
    if "const" not in value and enum is None:
        return None
    named = types(node)
    listed = [each.value for each in enum.items()] if enum is not None else [value["const"]]
    if enum is not None and "const" in value:
        listed = [each for each in listed if as_json(each) == as_json(value["const"])]
    found: dict[str, set[str]] = {}
    for each in listed:
        kind = type_of(each)
        if kind in named:
            found.setdefault("number" if kind == "integer" else kind, set()).add(as_json(each))
    return {kind: frozenset(each) for kind, each in found.items()}


def _formats(said: str, kind: str) -> frozenset[str]:
    if not said or said in _UNBOUND_FORMATS or kind not in {"number", "string"}:
        return frozenset()
    return frozenset({said}) if (said in _NUMERIC_FORMATS) == (kind == "number") else frozenset()


def _opaque(node: Node, kind: str) -> dict[str, frozenset[str]]:
    """Return what stands at a node and is about a type, but is not looked into."""
    value = node.object()
    names = [name for name in _OPAQUE.get(kind, ()) if name in value]
    found = {name: frozenset({text(node.raw(name), is_table=name in _TABLES)}) for name in names}
    if "if" in value and ("then" in value or "else" in value):
        found["if"] = frozenset({_group(node, "if", "then", "else")})
    if kind == "array" and "contains" in value:
        found["contains"] = frozenset({_group(node, "contains", "minContains", "maxContains")})
    discriminator = node.raw("discriminator")
    if kind == "object" and discriminator is not None and not any(name in value for name in CHOICES):
        mapping = discriminator.object().get("mapping")
        name, values = discriminator.value.get("propertyName"), mapping if isinstance(mapping, dict) else {None: None}
        found["discriminator"] = frozenset(as_json([name, each]) for each in values)
    return found


def _group(node: Node, *names: str) -> str:
    return json.dumps([text(node.raw(name)) for name in names])


def text(node: Node | None, *, is_table: bool = False) -> str:
    """Return all that the schemas at a node demand, references followed, as JSON; empty if it is missing.

    Args:
        node: A schema, or a list or table of schemas.
        is_table: Whether it is a table of schemas by name.
    """
    return as_json(_demands(deep(node, {}), is_table=is_table)) if node is not None else ""


def _demands(value: Any, *, is_table: bool = False) -> Any:
    """Return a schema without remarks, and what has no order in one order."""
    if isinstance(value, list):
        return [_demands(each) for each in value]
    if not isinstance(value, dict):
        return value
    if is_table:
        return {name: _demands(each) for name, each in value.items()}
    return {
        name: each
        if name == "const"
        else _ordered(each)
        if name in _UNORDERED
        else _demands(each, is_table=name in _TABLES)
        for name, each in value.items()
        if name not in _REMARKS
    }


def _ordered(value: Any) -> Any:
    return sorted({as_json(each) for each in value}) if isinstance(value, list) else value
