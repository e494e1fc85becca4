"""Routes: which HTTP requests an rpc answers, as google.api.http defines it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from google.api import annotations_pb2, http_pb2
from google.protobuf.descriptor import FieldDescriptor, MethodDescriptor, ServiceDescriptor

from platformkit.transcoding.fields import FieldPath, resolve
from platformkit.transcoding.template import Template, parse_template

WHOLE: Final = "*"
_HTTP_BODY: Final = "google.api.HttpBody"
_VERBS: Final = {"get": "GET", "put": "PUT", "post": "POST", "delete": "DELETE", "patch": "PATCH"}


class RouteError(ValueError):
    """An rpc's google.api.http does not fit its messages."""


@dataclass(frozen=True, eq=False, slots=True)
class Route:
    """One binding of one rpc.

    Attributes:
        method: The rpc.
        verb: HTTP method in capitals, ``*`` for any.
        template: The path.
        path_fields: The fields that the variables of the path fill, by their path in proto names.
        body: Name of the request's field that is the body, ``*`` for all that the path leaves, empty for no body.
        response_body: Name of the response's field that is the body, empty for the whole response.
    """

    method: MethodDescriptor
    verb: str
    template: Template
    path_fields: Mapping[str, FieldPath]
    body: str
    response_body: str

    @property
    def rpc(self) -> str:
        """Return the rpc's path in gRPC: ``/package.Service/Method``."""
        return f"/{self.method.containing_service.full_name}/{self.method.name}"

    @property
    def body_field(self) -> FieldDescriptor | None:
        """Return the field that is the body, if it is one field."""
        return self.method.input_type.fields_by_name[self.body] if self.body not in {"", WHOLE} else None


def routes_of(service: ServiceDescriptor) -> tuple[Route, ...]:
    """Return the routes of a service in the order of its definition; an rpc without google.api.http has none.

    Raises:
        RouteError: A rule names a field that is not there, or of a kind that cannot stand there; it is for an rpc that
            streams, has bindings inside of bindings, or is that of another rpc already.
        TemplateError: A path template does not follow the grammar.
    """
    routes = tuple(route for method in service.methods for route in _routes(method))
    taken: dict[tuple[str, str], Route] = {}
    for route in routes:
        first = taken.setdefault((route.verb, route.template.shape), route)
        if first is not route:
            raise RouteError(
                f"{route.method.full_name}: {route.verb} {route.template.text} is the same as "
                f"{first.template.text} of {first.method.full_name}"
            )
    return routes


def _routes(method: MethodDescriptor) -> Iterator[Route]:
    options = method.GetOptions()
    if not options.HasExtension(annotations_pb2.http):
        return
    rule = options.Extensions[annotations_pb2.http]
    if method.client_streaming or method.server_streaming:
        raise RouteError(f"{method.full_name} streams, and google.api.http is carried for unary rpcs only")
    if any(binding.additional_bindings for binding in rule.additional_bindings):
        raise RouteError(f"{method.full_name}: additional_bindings inside of additional_bindings are not allowed")
    for message in (method.input_type, method.output_type):
        if message.full_name == _HTTP_BODY or any(_is_http_body(field) for field in message.fields):
            raise RouteError(f"{method.full_name}: {_HTTP_BODY} is not carried; use bytes, or a path of its own")
    for binding in (rule, *rule.additional_bindings):
        yield _route(method, binding)


def _is_http_body(field: FieldDescriptor) -> bool:
    return field.message_type is not None and field.message_type.full_name == _HTTP_BODY


def _route(method: MethodDescriptor, rule: http_pb2.HttpRule) -> Route:
    pattern = rule.WhichOneof("pattern")
    if pattern is None:
        raise RouteError(f"{method.full_name}: google.api.http names no path")
    verb, path = (
        (rule.custom.kind, rule.custom.path) if pattern == "custom" else (_VERBS[pattern], getattr(rule, pattern))
    )
    template = parse_template(path)
    fields = {variable.path: _path_field(method, variable.path) for variable in template.variables}
    if rule.body not in {"", WHOLE} and rule.body not in method.input_type.fields_by_name:
        raise RouteError(f"{method.full_name}: {method.input_type.full_name} has no field {rule.body!r} for the body")
    if rule.response_body and rule.response_body not in method.output_type.fields_by_name:
        raise RouteError(f"{method.full_name}: {method.output_type.full_name} has no field {rule.response_body!r}")
    return Route(method, verb, template, fields, rule.body, rule.response_body)


def _path_field(method: MethodDescriptor, path: str) -> FieldPath:
    fields = resolve(method.input_type, path)
    if fields is None:
        raise RouteError(f"{method.full_name}: {method.input_type.full_name} has no field {path!r} for the path")
    if fields[-1].is_repeated or fields[-1].message_type is not None:
        raise RouteError(f"{method.full_name}: the path cannot fill {path!r}, which is not a single plain value")
    return fields
