"""Parameters in path, query, header and cookie."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from servanda.interfaces.openapi import reading, written
from servanda.interfaces.openapi.difference import Difference, Edit, Side
from servanda.interfaces.openapi.document import Node, escaped
from servanda.interfaces.openapi.kinds import OBJECT, kinds
from servanda.interfaces.openapi.schema import schema
from servanda.interfaces.openapi.schemas import Schemas
from servanda.interfaces.openapi.written import Written

# OpenAPI ignores parameters of these names: other parts of the document describe them.
_IGNORED: Final = {("header", "accept"), ("header", "content-type"), ("header", "authorization")}
_AS_THEY_ARE: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter.

    Attributes:
        node: Where it is written; of a member of an object that stands in the query itself, where that is.
        required: Whether a request has to have it.
        written: How its value is written, and its schema.
    """

    node: Node
    required: bool
    written: Written

    def says(self, name: str) -> bool:
        """Tell whether a flag is set."""
        return self.node.object().get(name) is True


Parameters = Mapping[tuple[str, str], Parameter]


def declared(path: Node, operation: Node, renamed: Mapping[str, str] = _AS_THEY_ARE) -> Parameters:
    """Return parameters by place and name; those of the operation hold before those of its path.

    Args:
        path: What has the parameters of all operations.
        operation: The operation.
        renamed: Names that variables of the path had, by those that they have.

    Raises:
        InterfaceError: One of them is no parameter.
    """
    found: dict[tuple[str, str], Parameter] = {}
    for node in (path, operation):
        listed = node.get("parameters")
        for each in listed.items() if listed is not None else ():
            parameter = each.document.resolve(each)
            said = parameter.object()
            place, name = str(said.get("in", "")), str(said.get("name", ""))
            key = (place, name.lower() if place == "header" else renamed.get(name, name) if place == "path" else name)
            if key not in _IGNORED:
                found[key] = Parameter(parameter, said.get("required") is True, written.written(parameter, place))
    return found


@dataclass(frozen=True, slots=True)
class Call:
    """Operation whose parameters are compared, as findings speak of it.

    Attributes:
        name: The operation, for messages.
        operation: The operation as it is: where to look for what is gone.
        side: What consumers do with the parameters.
        schemas: The comparison of schemas.
    """

    name: str
    operation: Node
    side: Side
    schemas: Schemas

    def label(self, key: tuple[str, str]) -> str:
        """Return a parameter in words."""
        return f"{key[0]} parameter {key[1]!r} of {self.name}"

    def element(self, key: tuple[str, str]) -> str:
        """Return a parameter as findings name it: by name, for a place in a list moves with what stands before it."""
        return f"{self.operation.shown}/parameters/{key[0]}/{escaped(key[1])}"


def compare(call: Call, before: Parameters, after: Parameters) -> Iterator[Difference]:
    """Yield what changed in the parameters of an operation; those of a path are found by the path itself."""
    was, is_now = as_sent(before, after)
    for key, parameter in was.items():
        if key in is_now:
            yield from _parameter(call, key, parameter, is_now[key])
        elif key[0] != "path":
            text = f"The {call.label(key)} was deleted."
            yield Difference(Edit.PARAMETER_DELETED, call.operation, call.element(key), text)
    for key, parameter in is_now.items():
        if key not in was and key[0] != "path" and parameter.required:
            text = f"The {call.label(key)} is new and required."
            yield Difference(Edit.PARAMETER_REQUIRED, parameter.node, call.element(key), text)


def _parameter(call: Call, key: tuple[str, str], before: Parameter, after: Parameter) -> Iterator[Difference]:
    label, element = call.label(key), call.element(key)
    if after.required and not before.required:
        text = f"The {label} became required."
        yield Difference(Edit.PARAMETER_REQUIRED, after.node.raw("required") or after.node, element, text)
    sender, receiver = (before, after) if call.side is Side.REQUEST else (after, before)
    for flag, edit, what in (
        ("allowReserved", Edit.PARAMETER_STYLE, "reserved characters that are not percent-encoded"),
        ("allowEmptyValue", Edit.EMPTY_VALUE, "an empty value"),
    ):
        if key[0] == "query" and sender.says(flag) and not receiver.says(flag):
            text = f"The {label} {'no longer allows' if call.side is Side.REQUEST else 'now allows'} {what}."
            yield Difference(edit, after.node.raw(flag) or after.node, element, text)
    told = reading.Told(key[1], label, element, Edit.PARAMETER_STYLE, call.side)
    yield from reading.compare(told, before.written, after.written, call.schemas)


def as_sent(before: Parameters, after: Parameters) -> tuple[Parameters, Parameters]:
    """Return the parameters of both states as they stand in a request.

    Members of an object may stand in the query one by one: then the name of the object stands nowhere, and they may as
    well be parameters of their own, or members of another object.

    Raises:
        InterfaceError: A schema is none.
    """
    sides = (before, after)
    objects = [{key: names for key, each in side.items() if (names := apart(key, each))} for side in sides]
    if not any(objects):
        return sides
    split = set[tuple[str, str]]()
    for own, side, there, others in ((0, before, 1, after), (1, after, 0, before)):
        for key, names in objects[own].items():
            if key in others and key not in objects[there]:
                continue  # it became something else, which is told of it as a whole
            moved = names ^ objects[there].get(key, frozenset())
            inside = {name for other, each in objects[there].items() if other != key for name in each}
            elsewhere = {name for place, name in (*side, *others) if place == key[0]} | inside
            if moved & elsewhere:
                split.add(key)
    return _split(before, split), _split(after, split)


def apart(key: tuple[str, str], parameter: Parameter) -> frozenset[str]:
    """Return the members of an object that stand in the query one by one; none if it is written otherwise.

    Raises:
        InterfaceError: Its schema is none.
    """
    way = parameter.written
    if key[0] not in ("query", "cookie") or way.media_type or way.style != "form" or not way.explode:
        return frozenset()
    return frozenset(schema(way.schema).properties) if kinds(way.schema) == {OBJECT} else frozenset()


def _split(parameters: Parameters, apart: set[tuple[str, str]]) -> Parameters:
    found: dict[tuple[str, str], Parameter] = {}
    for key, parameter in parameters.items():
        if key not in apart:
            found[key] = parameter
            continue
        whole = schema(parameter.written.schema)
        for name, node in whole.properties.items():
            way = replace(parameter.written, schema=node)
            required = parameter.required and name in whole.required
            found.setdefault((key[0], name), Parameter(parameter.node, required, way))
    return found
