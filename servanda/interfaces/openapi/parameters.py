"""Parameters in path, query, header and cookie."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from servanda.interfaces.openapi.bodies import contents
from servanda.interfaces.openapi.difference import Difference, Edit, Side
from servanda.interfaces.openapi.document import Node, escaped
from servanda.interfaces.openapi.schema import as_json
from servanda.interfaces.openapi.schemas import Schemas

Parameters = Mapping[tuple[str, str], Node]

# OpenAPI ignores parameters of these names: other parts of the document describe them.
_IGNORED = {("header", "accept"), ("header", "content-type"), ("header", "authorization")}
_STYLES = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}


def declared(path: Node, operation: Node) -> Parameters:
    """Parameters by place and name; those of the operation hold before those of its path."""
    found: dict[tuple[str, str], Node] = {}
    for node in (path, operation):
        listed = node.get("parameters")
        for each in listed.items() if listed is not None else ():
            parameter = each.document.resolve(each)
            place, name = str(parameter.object().get("in", "")), str(parameter.object().get("name", ""))
            key = (place, name.lower() if place == "header" else name)
            if key not in _IGNORED:
                found[key] = parameter
    return found


def compare(
    name: str, before: Parameters, after: Parameters, operation: Node, way: tuple[Side, Schemas]
) -> Iterator[Difference]:
    """Yield what changed in the parameters of an operation; those of a path are found by the path itself.

    Args:
        name: The operation, for messages.
        before: Parameters that were.
        after: Parameters that are.
        operation: Where to look for what is gone.
        way: What consumers do with them, and the comparison of schemas.
    """
    for key, parameter in before.items():
        place, label = key[0], f"{key[0]} parameter {key[1]!r} of {name}"
        element = _element(operation, key)
        if key not in after:
            if place != "path":
                text = f"The {label} was deleted."
                yield Difference(Edit.PARAMETER_DELETED, operation, element, text)
            continue
        yield from _parameter((label, element), parameter, after[key], way)
    for key, parameter in after.items():
        if key not in before and key[0] != "path" and _required(parameter):
            text = f"The {key[0]} parameter {key[1]!r} of {name} is new and required."
            yield Difference(Edit.PARAMETER_REQUIRED, parameter, _element(operation, key), text)


def _parameter(names: tuple[str, str], before: Node, after: Node, way: tuple[Side, Schemas]) -> Iterator[Difference]:
    label, element = names
    if _required(after) and not _required(before):
        text = f"The {label} became required."
        yield Difference(Edit.PARAMETER_REQUIRED, after.raw("required") or after, element, text)
    for what, was, is_now in (
        ("style", _style(before), _style(after)),
        ("explode", _explode(before), _explode(after)),
        ("allowReserved", before.object().get("allowReserved", False), after.object().get("allowReserved", False)),
    ):
        if was != is_now:
            text = f"The {what} of the {label} changed from {as_json(was)} to {as_json(is_now)}."
            yield Difference(Edit.PARAMETER_STYLE, after.raw(what) or after, element, text)
    side, schemas = way
    one, other = before.raw("schema"), after.raw("schema")
    if one is not None and other is not None:
        yield from schemas.compare(one, other, side)
    yield from contents(label, before, after, side, schemas)


def _element(operation: Node, key: tuple[str, str]) -> str:
    """By name: a place in a list moves with what stands before it."""
    return f"{operation.shown}/parameters/{key[0]}/{escaped(key[1])}"


def _required(parameter: Node) -> bool:
    return parameter.object().get("required") is True


def _style(parameter: Node) -> object:
    return parameter.object().get("style", _STYLES.get(str(parameter.object().get("in"))))


def _explode(parameter: Node) -> object:
    return parameter.object().get("explode", _style(parameter) == "form")
