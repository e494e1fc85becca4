"""The OpenAPI document of the HTTP edge that serves some services."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from google.protobuf.descriptor import ServiceDescriptor

from platformkit.openapi.access import requirement_of, scheme_components
from platformkit.openapi.operation import operation_of, path_of, variable_names
from platformkit.openapi.responses import ERROR, error_schema, header_components, response_components
from platformkit.openapi.schema import Schemas, reachable
from platformkit.transcoding.route import Route, routes_of

OPENAPI: Final = "3.1.0"
_NO_COMMENTS: Final[Mapping[str, str]] = MappingProxyType({})
_VARIABLE: Final = re.compile(r"\{[^}]*\}")


def document(
    services: Sequence[ServiceDescriptor],
    title: str,
    version: str,
    servers: Sequence[str],
    comments: Mapping[str, str] = _NO_COMMENTS,
    *,
    access_tokens: bool = False,
) -> dict[str, Any]:
    """Return the document, as JSON values in a fixed order.

    Args:
        services: The services that are served.
        title: What the API is called.
        version: Version of the API.
        servers: Base URLs.
        comments: Comments of the interfaces, by the full name of what they are about; descriptors that were made
            at run time from generated code have none.
        access_tokens: Whether callers prove with an access token who they are, as those of the gateway do.
    """
    inputs = [method.input_type for service in services for method in service.methods]
    schemas = Schemas(comments, reachable(inputs))
    paths = _paths(services, schemas, comments, access_tokens=access_tokens)
    schemes = {"securitySchemes": scheme_components()} if access_tokens else {}
    return {
        "openapi": OPENAPI,
        "info": {"title": title, "version": version},
        "servers": [{"url": url} for url in servers],
        "tags": [_tag(service, comments) for service in services],
        "paths": paths,
        "components": {
            "schemas": schemas.components | {ERROR: error_schema()},
            "responses": response_components(),
            "headers": header_components(),
            **schemes,
        },
    }


def _paths(
    services: Sequence[ServiceDescriptor], schemas: Schemas, comments: Mapping[str, str], *, access_tokens: bool
) -> dict[str, Any]:
    paths: dict[str, dict[str, Any]] = {}
    # OpenAPI takes two paths that differ in the names of variables for one, so that the first one names them.
    shapes: dict[str, Route] = {}
    bindings: dict[str, int] = {}
    for route in (route for service in services for route in routes_of(service)):
        own = variable_names(route)
        first = shapes.setdefault(_VARIABLE.sub("{}", path_of(route, own)), route)
        names = dict(zip(route.path_fields, variable_names(first).values(), strict=True))
        bindings[route.rpc] = number = bindings.get(route.rpc, 0) + 1
        verb = "post" if route.verb == "*" else route.verb.lower()
        comment = comments.get(route.method.full_name, "")
        path = paths.setdefault(path_of(route, names), {})
        operation = operation_of(route, number, names, schemas, comment)
        if access_tokens:
            operation["security"] = requirement_of(route.method)
        path.setdefault(verb, operation)
    return paths


def _tag(service: ServiceDescriptor, comments: Mapping[str, str]) -> dict[str, Any]:
    comment = comments.get(service.full_name)
    return {"name": service.full_name} | ({"description": comment} if comment else {})
