"""Requests: from HTTP to a message on the side of the server, and back on the side of the client."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, quote, urlencode

from google.protobuf import json_format
from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message

from platformkit.status import FieldViolation
from platformkit.transcoding.document import message_of, read_json
from platformkit.transcoding.errors import invalid_request
from platformkit.transcoding.fields import (
    FieldPath,
    dotted,
    is_text,
    json_dotted,
    nested,
    resolve,
    text_of_value,
    value_of_text,
)
from platformkit.transcoding.message import JSON_CONTENT_TYPE, HttpRequest
from platformkit.transcoding.route import WHOLE, Route
from platformkit.transcoding.router import Match
from platformkit.transcoding.template import TemplateError

MAX_PARAMETERS: Final = 1_000
"""Parameters of one query."""


def decode_request(match: Match, query: str, body: bytes) -> Message:
    """Return the request message of a matched HTTP request.

    Args:
        match: The route and what the path says.
        query: Query string, percent-encoded.
        body: The body; an empty one leaves its fields unset.

    Raises:
        ServiceError: INVALID_ARGUMENT with each fault and its path.
    """
    route = match.route
    document = _body_document(route, body)
    violations = [*_fill_from_query(route, query, document), *_fill_from_path(match, document)]
    if violations:
        raise invalid_request(*violations)
    return message_of(route.method.input_type, document)


def encode_request(route: Route, message: Message) -> HttpRequest:
    """Return the HTTP request that ``decode_request`` turns into this message.

    Raises:
        ServiceError: INVALID_ARGUMENT, a field of the path is empty, a field has no place in a query, or a value has no
            form in JSON.
    """
    try:
        document = json_format.MessageToDict(message)
    except (json_format.SerializeToJsonError, ValueError, TypeError) as error:
        # A timestamp out of range, a path of a mask that cannot come back: only bytes can say it.
        raise invalid_request(FieldViolation("", f"has no form in JSON: {error}", "INEXPRESSIBLE")) from error
    texts: dict[str, str] = {}
    for path, fields in route.path_fields.items():
        texts[path] = _path_text(message, fields)
        _remove(document, fields)
    body = _take_body(route, document)
    query = [] if route.body == WHOLE else list(_query(route.method.input_type, document, ()))
    try:
        path = route.template.expand(texts)
    except TemplateError as error:
        empty = tuple(FieldViolation(path, str(error), "PATH_FIELD_EMPTY") for path, text in texts.items() if not text)
        misfits = tuple(FieldViolation(path, str(error), "PATH_FIELD_MISFIT") for path in texts)
        raise invalid_request(*(empty or misfits)) from error
    headers = {"content-type": JSON_CONTENT_TYPE} if body else {}
    return HttpRequest(_verb(route), path, urlencode(query, quote_via=quote), headers, body)


def _verb(route: Route) -> str:
    return route.verb if route.verb != "*" else "POST"


def _body_document(route: Route, body: bytes) -> dict[str, Any]:
    if not route.body or not body:
        return {}
    field = route.body_field
    value = read_json(body, field.name if field is not None else "")
    if field is not None:
        return {field.json_name: value}
    if not isinstance(value, dict):
        raise invalid_request(FieldViolation("", "expected an object", "WRONG_TYPE"))
    return value


def _fill_from_query(route: Route, query: str, document: dict[str, Any]) -> Iterator[FieldViolation]:
    try:
        pairs = parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=MAX_PARAMETERS)
    except ValueError as error:
        yield FieldViolation("", f"the query is not readable: {error}", "MALFORMED_QUERY")
        return
    for name, text in pairs:
        fields = resolve(route.method.input_type, name)
        if fields is None or not _in_query(route, fields):
            yield FieldViolation(name, "is no query parameter of this method", "UNKNOWN_FIELD")
            continue
        try:
            value = value_of_text(fields[-1], text)
        except ValueError as error:
            yield FieldViolation(dotted(fields), str(error), "WRONG_TYPE")
            continue
        yield from _put(document, fields, value)


def _in_query(route: Route, fields: FieldPath) -> bool:
    taken = route.body == WHOLE or fields[0].name == route.body or dotted(fields) in route.path_fields
    return not taken and is_text(fields[-1])


def _put(document: dict[str, Any], fields: FieldPath, value: Any) -> Iterator[FieldViolation]:
    leaf = fields[-1]
    parent = _parent(document, fields)
    if leaf.is_repeated:
        parent.setdefault(leaf.json_name, []).append(value)
    elif leaf.json_name in parent:
        yield FieldViolation(dotted(fields), "stands there twice", "DUPLICATE_FIELD")
    else:
        parent[leaf.json_name] = value


def _fill_from_path(match: Match, document: dict[str, Any]) -> Iterator[FieldViolation]:
    for path, fields in match.route.path_fields.items():
        try:
            value = value_of_text(fields[-1], match.variables[path])
        except ValueError as error:
            yield FieldViolation(path, str(error), "WRONG_TYPE")
            continue
        parent = _parent(document, fields)
        for name in {fields[-1].json_name, fields[-1].name}:
            told = parent.pop(name, None)
            # In ProtoJSON null is the absence of any field.
            if told is not None and text_of_value(told) != text_of_value(value):
                yield FieldViolation(path, "the body says something else than the path", "PATH_CONFLICT")
        parent[fields[-1].json_name] = value


def _parent(document: dict[str, Any], fields: FieldPath) -> dict[str, Any]:
    for field in fields[:-1]:
        name = field.name if field.name in document else field.json_name
        if document.get(name) is None:
            document[name] = {}
        inside = document[name]
        # What the body has in the place of a message is refused later, with everything else that is wrong with it.
        document = inside if isinstance(inside, dict) else {}
    return document


def _path_text(message: Message, fields: FieldPath) -> str:
    for field in fields[:-1]:
        message = getattr(message, field.name)
    leaf = fields[-1]
    if leaf.has_presence and not message.HasField(leaf.name):
        return ""
    values = json_format.MessageToDict(message, always_print_fields_with_no_presence=True)
    return text_of_value(values[leaf.json_name])


def _remove(document: dict[str, Any], fields: FieldPath) -> None:
    for field in fields[:-1]:
        document = document.get(field.json_name, {})
    document.pop(fields[-1].json_name, None)


def _take_body(route: Route, document: dict[str, Any]) -> bytes:
    if not route.body:
        return b""
    field = route.body_field
    if field is None:
        return _dumped(document)
    return _dumped(document.pop(field.json_name)) if field.json_name in document else b""


def _dumped(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _query(message: Descriptor, document: Mapping[str, Any], above: FieldPath) -> Iterator[tuple[str, str]]:
    for field in message.fields:
        if field.json_name not in document:
            continue
        value, fields = document[field.json_name], (*above, field)
        if is_text(field):
            values = value if field.is_repeated else [value]
            yield from ((json_dotted(fields), text_of_value(item)) for item in values)
            continue
        inside = nested(field)
        # An empty message is there or not, but a query has nothing to show for it.
        if inside is None or not value:
            raise invalid_request(
                FieldViolation(dotted(fields), "cannot be written in a query", "NOT_A_QUERY_PARAMETER")
            )
        yield from _query(inside, value, fields)
