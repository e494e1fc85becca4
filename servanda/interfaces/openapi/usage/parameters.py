"""Parameters of a request, in path, query, header and cookie."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http.cookies import CookieError, SimpleCookie

from servanda.documents import parse_payload
from servanda.interfaces.effect import Access
from servanda.interfaces.openapi import parameters
from servanda.interfaces.openapi.document import escaped
from servanda.interfaces.openapi.parameters import Parameter
from servanda.interfaces.openapi.schema import schema
from servanda.interfaces.openapi.usage.both import Both, Touch, touches
from servanda.interfaces.openapi.usage.operations import Call
from servanda.interfaces.openapi.usage.payloads import Payload
from servanda.pact.media import is_json
from servanda.transports.http.interaction import HttpRequest


def sent(call: Call, request: HttpRequest, payload: Payload, *, judged: bool) -> Iterator[Touch]:
    """Parameters that a request has, with their values, and those that it leaves out."""
    own, kept = call.operation.own, call.operation.kept
    was = parameters.declared(kept.before, own.before) if own.before is not None else {}
    is_now: parameters.Parameters = {}
    if own.after is not None and kept.after is not None:
        is_now = parameters.declared(kept.after, own.after, kept.renamed)
    was, is_now = parameters.as_sent(was, is_now)
    values = _values(call, request)
    for key in {**was, **is_now}:
        old, new = was.get(key), is_now.get(key)
        schemas = _schemas(old, new)
        inside = f"parameters/{key[0]}/{escaped(key[1])}"
        written = values.get(key)
        members = _members(key, old or new, values)
        if written is not None:
            is_empty = written == ("",) and old is not None and old.says("allowEmptyValue")
            is_refused = is_empty and new is not None and not new.says("allowEmptyValue")
            refused = "allowEmptyValue: false" if is_refused else ""
            yield from touches(own, Access.WRITE, inside=inside, refused=refused)
            yield from payload.touched(_value(written, old or new, schemas), schemas)
        elif members:
            yield from touches(own, Access.WRITE, inside=inside)
            yield from payload.touched(members, schemas)
        elif judged:
            yield from touches(own, Access.OMIT, inside=inside)
            yield from touches(_resolved(schemas), Access.OMIT)


def _schemas(old: Parameter | None, new: Parameter | None) -> Both:
    return Both(old.written.schema if old else None, new.written.schema if new else None)


def _members(
    key: tuple[str, str], parameter: Parameter | None, values: Mapping[tuple[str, str], tuple[str, ...]]
) -> Mapping[str, object]:
    """Return the members of an object that stand in a request one by one."""
    if parameter is None:
        return {}
    properties = schema(parameter.written.schema).properties
    sent = ((name, values.get((key[0], name))) for name in parameters.apart(key, parameter))
    return {name: value_of(each, Both(properties[name], None)) for name, each in sent if each is not None}


def _value(written: tuple[str, ...], parameter: Parameter | None, schemas: Both) -> object:
    if parameter is not None and is_json(parameter.written.media_type) and written:
        try:
            value: object = parse_payload(written[0])
        except ValueError:
            return written[0]
        return value
    return value_of(written, schemas)


def _values(call: Call, request: HttpRequest) -> Mapping[tuple[str, str], tuple[str, ...]]:
    values: dict[tuple[str, str], tuple[str, ...]] = {("path", name): (each,) for name, each in call.variables.items()}
    for name, each in request.parameters.items():
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


def _resolved(schemas: Both) -> Both:
    return Both(*(schema(each).node if each else None for each in (schemas.before, schemas.after)))


def value_of(written: tuple[str, ...], schemas: Both) -> object:
    """Return what the texts of a parameter or a header stand for, by the types that it had."""
    node = schemas.before or schemas.after
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
