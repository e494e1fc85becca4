"""Parameters of a request, in path, query, header and cookie."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http.cookies import CookieError, SimpleCookie

from servanda.documents import parse_payload
from servanda.interfaces.effect import Access
from servanda.interfaces.openapi import parameters
from servanda.interfaces.openapi.document import Node, escaped
from servanda.interfaces.openapi.schema import schema
from servanda.interfaces.openapi.usage.both import Both, Touch, touches
from servanda.interfaces.openapi.usage.operations import Call
from servanda.interfaces.openapi.usage.payloads import Payload
from servanda.transports.http.interaction import HttpRequest


def sent(call: Call, request: HttpRequest, payload: Payload, *, judged: bool) -> Iterator[Touch]:
    """Parameters that a request has, with their values, and those that it leaves out."""
    own, path = call.operation.own, call.operation.path
    was = _declared(path.before, own.before)
    is_now = _declared(path.after, own.after)
    values = _values(call, request)
    for place, name in {**was, **is_now}:
        parameter = Both(was.get((place, name)), is_now.get((place, name)))
        inside = f"parameters/{place}/{escaped(name)}"
        written = values.get((place, name))
        if written is not None:
            yield from touches(own, Access.WRITE, inside=inside)
            yield from payload.touched(value_of(written, parameter), parameter.raw("schema"))
        elif judged:
            yield from touches(own, Access.OMIT, inside=inside)
            yield from touches(_schema(parameter), Access.OMIT)


def _declared(path: Node | None, operation: Node | None) -> parameters.Parameters:
    return parameters.declared(path, operation) if path is not None and operation is not None else {}


def _values(call: Call, request: HttpRequest) -> Mapping[tuple[str, str], tuple[str, ...]]:
    values: dict[tuple[str, str], tuple[str, ...]] = {("path", name): (each,) for name, each in call.variables.items()}
    for name, each in request.query.items():
        # A list may be written as ``tag[]=a``, an object as ``filter[name]=a``.
        values.setdefault(("query", name), each)
        values.setdefault(("query", name.partition("[")[0]), each)
    for name, each in request.fields.items():
        values["header", name.lower()] = each
    return {**values, **{("cookie", name): (value,) for name, value in cookies(request).items()}}


def cookies(request: HttpRequest) -> Mapping[str, str]:
    """Return the cookies of a request, after RFC 6265; none if the header is not like that."""
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(request.first("cookie") or "").items()}
    except CookieError:
        return {}


def _schema(parameter: Both) -> Both:
    found = parameter.raw("schema")
    return Both(*(schema(each).node if each else None for each in (found.before, found.after)))


def value_of(written: tuple[str, ...], parameter: Both) -> object:
    """Return what the texts of a parameter or a header stand for, by the types that it had."""
    node = parameter.raw("schema").before or parameter.raw("schema").after
    if node is None:
        return list(written) if len(written) > 1 else written[0] if written else ""
    found = schema(node)
    if "array" in found.types and "string" not in found.types:
        texts = written if len(written) != 1 else tuple(written[0].split(","))
        items = schema(found.items).types if found.items is not None else frozenset({"string"})
        return [_scalar(text, items) for text in texts]
    return _scalar(written[0] if written else "", found.types)


def _scalar(text: str, types: frozenset[str]) -> object:
    if "string" in types:
        return text
    try:
        value: object = parse_payload(text)
    except ValueError:
        return text
    return value
