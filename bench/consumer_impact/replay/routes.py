"""HTTP requests as the rpcs that ``google.api.http`` makes of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from google.protobuf import json_format

from bench.consumer_impact.replay.types import HTTP, Types
from bench.consumer_impact.scenario.interactions import Http

_VERBS = ("get", "put", "post", "delete", "patch")
_VARIABLE = re.compile(r"\{([^}=]+)(?:=([^}]*))?\}")


class RefusedError(Exception):
    """The provider cannot make a request of what was sent."""


@dataclass(frozen=True)
class Call:
    """A request that has arrived.

    Attributes:
        placed: Full names of the fields that the path told.
        response_body: Field of the response that is the whole body; empty if the response itself is.
    """

    method: Any
    message: Any
    placed: frozenset[str]
    response_body: str


@dataclass(frozen=True)
class _Binding:
    method: Any
    verb: str
    template: str
    body: str
    response_body: str

    def match(self, verb: str, path: str) -> Mapping[str, str] | None:
        """Return the values of the variables; ``None`` if it is another route."""
        if verb.lower() != self.verb:
            return None
        names = [found.group(1) for found in _VARIABLE.finditer(self.template)]
        parts: list[str] = []
        last = 0
        for found in _VARIABLE.finditer(self.template):
            parts.append(_literal(self.template[last : found.start()]))
            parts.append(f"({_literal(found.group(2) or '*')})")
            last = found.end()
        parts.append(_literal(self.template[last:]))
        matched = re.fullmatch("".join(parts), path)
        return dict(zip(names, map(unquote, matched.groups()), strict=True)) if matched else None


def _literal(text: str) -> str:
    return re.escape(text).replace(r"\*\*", ".+").replace(r"\*", "[^/:]+")


def _bindings(types: Types) -> Iterator[_Binding]:
    for method in types.methods():
        options = method.GetOptions()
        if not options.HasExtension(HTTP):
            continue
        rule = options.Extensions[HTTP]
        for each in (rule, *rule.additional_bindings):
            verb = each.WhichOneof("pattern")
            if verb in _VERBS:
                yield _Binding(method, verb, getattr(each, verb), each.body, each.response_body)
            elif verb == "custom":
                yield _Binding(method, each.custom.kind.lower(), each.custom.path, each.body, each.response_body)


def received(exchange: Http, types: Types) -> Call | None:
    """Return the rpc that a request means, with its message; ``None`` if there is no such route.

    A route without variables takes precedence over one with them.

    Raises:
        RefusedError: A value or the body cannot be read.
    """
    for binding in sorted(_bindings(types), key=lambda each: each.template.count("{")):
        values = binding.match(exchange.method, exchange.path)
        if values is not None:
            return _call(binding, values, exchange, types)
    return None


def _call(binding: _Binding, values: Mapping[str, str], exchange: Http, types: Types) -> Call:
    kind = types.message(binding.method.input_type.full_name)
    assert kind is not None
    message = kind()
    try:
        if exchange.body is not None:
            _take_body(message, binding.body, exchange.body, types)
        if binding.body != "*":
            for name, texts in exchange.query.items():
                _set(message, name, texts)
        placed = frozenset(_placed(message, name, text) for name, text in values.items())
    except (json_format.ParseError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise RefusedError(f"the request cannot be read: {error}") from error
    return Call(binding.method, message, placed, binding.response_body)


def _take_body(message: Any, body: str, content: Any, types: Types) -> None:
    if not body:
        raise RefusedError("the route takes no body")
    if body == "*":
        json_format.ParseDict(content, message, descriptor_pool=types.pool)
    else:
        json_format.ParseDict({body: content}, message, descriptor_pool=types.pool)


def _placed(message: Any, path: str, text: str) -> str:
    """Set a field from a place in the path, and return its full name."""
    holder = message.DESCRIPTOR
    for name in path.split("."):
        field = holder.fields_by_name[name]
        if field.is_repeated:
            raise RefusedError(f"{path} is a list, which no path can hold")
        holder = field.message_type
    return _set(message, path, [text])[-1]


def _set(message: Any, path: str, texts: list[str]) -> list[str]:
    """Set a field by its path from text, and return the full names of all fields on the way."""
    names, holder = [], message
    *outer, last = path.split(".")
    for name in outer:
        field = _field(holder, name)
        names.append(field.full_name)
        holder = getattr(holder, field.name)
        if field.message_type is None or field.is_repeated:
            raise RefusedError(f"{path} leads through something that is no message")
    field = _field(holder, last)
    names.append(field.full_name)
    if field.message_type is not None and not field.message_type.full_name.startswith("google.protobuf."):
        raise RefusedError(f"{path} is a message, and no text")
    if field.message_type is not None and field.is_repeated:
        raise RefusedError(f"{path} is a list of messages, and no text")
    values = [_value(field, text) for text in texts]
    if not field.is_repeated and len(values) != 1:
        raise RefusedError(f"{path} takes one value")
    json_format.ParseDict({field.json_name: values if field.is_repeated else values[0]}, holder)
    return names


def _field(message: Any, name: str) -> Any:
    descriptor = message.DESCRIPTOR
    field = descriptor.fields_by_name.get(name) or next((f for f in descriptor.fields if f.json_name == name), None)
    if field is None:
        raise RefusedError(f"{descriptor.full_name} has no {name}")
    return field


def _value(field: Any, text: str) -> Any:
    if field.type == field.TYPE_BOOL:
        if text not in ("true", "false"):
            raise RefusedError(f"'{text}' is no bool")
        return text == "true"
    if field.type == field.TYPE_ENUM and text.lstrip("-").isdigit():
        return int(text)
    return text
