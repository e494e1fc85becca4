"""Requests of rpcs as HTTP requests, after ``google.api.http``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode

from google.protobuf import json_format
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from servanda.errors import VerificationError
from servanda.interfaces.protobuf.usage.routes import VARIABLE, Route
from servanda.parity.beside import TIMEOUT_HEADER, TIMEOUTS, UNKNOWN_NAME, Beside, in_body_field
from servanda.parity.call import Call
from servanda.parity.spelling import Spelling
from servanda.wire import Request

_WHOLE: Final = "*"
_INT64: Final = frozenset({FieldDescriptor.CPPTYPE_INT64, FieldDescriptor.CPPTYPE_UINT64})
_UNWRAPPED: Final = re.compile(r"google\.protobuf\.(\w+Value|Duration|FieldMask|Timestamp)")


class InexpressibleError(VerificationError):
    """A message cannot be written for HTTP: ProtoJSON, or the path or query of its route, has no form for it."""


def http_request(call: Call) -> Request:
    """Return the HTTP request that means this call.

    Raises:
        InexpressibleError: There is none.
    """
    route, message, spelling = call.route, call.http, call.spelling
    kind: Any = message.DESCRIPTOR
    document = _document(message, spelling)
    path = _path(route, message, document, spelling)
    body = _body(route, document)
    query = list(_query(kind, document, "")) if route.body != _WHOLE else []
    if call.beside is Beside.UNKNOWN_FIELD:
        if route.body == _WHOLE or in_body_field(route, message):
            body = {**(body or {}), UNKNOWN_NAME: "x"}
        else:
            query.append((UNKNOWN_NAME, "x"))
    target = f"{path}?{urlencode(query, quote_via=quote)}" if query else path
    headers = [("content-type", "application/json")] if body is not None else []
    if timeout := TIMEOUTS.get(call.beside):
        headers.append((TIMEOUT_HEADER, timeout))
    return Request(route.verb, target, tuple(headers), b"" if body is None else json.dumps(body).encode())


def templates(route: Route) -> Mapping[str, str]:
    """Return the shapes that the values of path variables need to have, by field path."""
    found = VARIABLE.finditer(route.template)
    return {each["name"].strip(): each["template"] for each in found if each["template"] not in (None, "*")}


def _document(message: Message, spelling: Spelling) -> dict[str, Any]:
    try:
        document: dict[str, Any] = json_format.MessageToDict(
            message,
            preserving_proto_field_name=spelling is Spelling.PROTO_NAMES,
            use_integers_for_enums=spelling is Spelling.ENUM_NUMBERS,
        )
    except (ValueError, TypeError, json_format.SerializeToJsonError) as error:
        raise InexpressibleError(f"ProtoJSON has no form for it: {error}") from error
    _respell(message.DESCRIPTOR, document, spelling)
    return document


def _respell(kind: Any, document: dict[str, Any], spelling: Spelling) -> None:
    for field in kind.fields:
        name = _name(field, document)
        if name is None:
            if spelling is Spelling.NULLS and field.containing_oneof is None and not _takes_null(field):
                document[field.json_name] = None
            continue
        value = document[name]
        if _is_plain_message(field):
            for each in value if field.is_repeated else (value,):
                _respell(field.message_type, each, spelling)
        elif field.message_type is None:
            document[name] = (
                [_spelled(field, each, spelling) for each in value]
                if field.is_repeated
                else _spelled(field, value, spelling)
            )


def _spelled(field: FieldDescriptor, value: Any, spelling: Spelling) -> Any:
    if spelling is Spelling.INT64_NUMBERS and field.cpp_type in _INT64:
        return int(value)
    if spelling is Spelling.URL_SAFE_BYTES and field.type == FieldDescriptor.TYPE_BYTES:
        return value.replace("+", "-").replace("/", "_").rstrip("=")
    return value


def _path(route: Route, message: Message, document: dict[str, Any], spelling: Spelling) -> str:
    template = route.template

    def text(variable: re.Match[str]) -> str:
        value = _take(message.DESCRIPTOR, document, variable["name"].strip())
        many = variable["template"] is not None and "**" in variable["template"]
        written = _plain(value)
        if spelling is Spelling.ESCAPED_PATH:
            return "".join(f"%{byte:02X}" if chr(byte) != "/" or not many else "/" for byte in written.encode())
        return quote(written, safe="/" if many or variable["template"] else "")

    path = VARIABLE.sub(text, template)
    found = route.match(route.verb, path)
    if found is None:
        raise InexpressibleError(f"the path {route.template} has no form for it: {path[:100]!r} would be another one")
    return path


def _take(kind: Any, document: dict[str, Any], path: str) -> Any:
    name, _, rest = path.partition(".")
    field = kind.fields_by_name[name]
    written = _name(field, document)
    if written is None:
        # The default of a field in a path is written like any other value, unless that is no text at all.
        value = field.default_value if not rest and field.message_type is None else ""
        return value.name if hasattr(value, "name") else value
    if rest:
        return _take(field.message_type, document[written], rest)
    return document.pop(written)


def _body(route: Route, document: dict[str, Any]) -> Any:
    if not route.body:
        return None
    if route.body == _WHOLE:
        return document
    field = route.method.input_type.fields_by_name[route.body]
    name = _name(field, document)
    return None if name is None else document.pop(name)


def _query(kind: Any, document: Mapping[str, Any], before: str) -> Iterator[tuple[str, str]]:
    for field in kind.fields:
        name = _name(field, document)
        if name is None:
            continue
        value, path = document[name], f"{before}{name}"
        if _is_plain_message(field):
            if field.is_repeated or all(each is None for each in value.values()):
                raise InexpressibleError(f"a query has no form for {field.full_name}")
            yield from _query(field.message_type, value, f"{path}.")
        elif field.message_type is not None and not _UNWRAPPED.fullmatch(field.message_type.full_name):
            raise InexpressibleError(f"a query has no form for {field.full_name}")
        else:
            yield from ((path, _plain(each)) for each in (value if field.is_repeated else (value,)))


def _takes_null(field: FieldDescriptor) -> bool:
    # There, null is a value and not the absence of one.
    named = field.message_type if field.message_type is not None else field.enum_type
    return named is not None and named.full_name in ("google.protobuf.Value", "google.protobuf.NullValue")


def _name(field: FieldDescriptor, document: Mapping[str, Any]) -> str | None:
    return next((name for name in (field.json_name, field.name) if document.get(name) is not None), None)


def _is_plain_message(field: FieldDescriptor) -> bool:
    kind = field.message_type
    return kind is not None and not kind.full_name.startswith("google.protobuf.") and not kind.GetOptions().map_entry


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
