"""Operations and their parameters, from routes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from google.protobuf.descriptor import Descriptor

from platformkit.openapi.access import sentence_of
from platformkit.openapi.constraints import rules_of
from platformkit.openapi.responses import error_responses, response_headers
from platformkit.openapi.schema import Schemas
from platformkit.transcoding.fields import FieldPath, dotted, is_text, json_dotted, nested
from platformkit.transcoding.message import JSON_CONTENT_TYPE
from platformkit.transcoding.route import WHOLE, Route
from platformkit.transcoding.template import Variable

Schema = dict[str, Any]


def path_of(route: Route, names: Mapping[str, str]) -> str:
    """Return the path of a route with its variables by name."""
    parts = (f"{{{names[part.path]}}}" if isinstance(part, Variable) else part for part in route.template.parts)
    return "/" + "/".join(parts) + (f":{route.template.verb}" if route.template.verb else "")


def variable_names(route: Route) -> dict[str, str]:
    """Name the variables of the path, by the paths of their fields: as short as they can be told apart."""
    short = [fields[-1].json_name for fields in route.path_fields.values()]
    return {
        path: json_dotted(fields) if short.count(fields[-1].json_name) > 1 else fields[-1].json_name
        for path, fields in route.path_fields.items()
    }


def operation_of(route: Route, number: int, names: Mapping[str, str], schemas: Schemas, comment: str) -> Schema:
    """Return the operation of a route.

    Args:
        route: The route.
        number: Which binding of its rpc it is, from one.
        names: Names of the variables of the path.
        schemas: Where the schemas of messages are.
        comment: The comment of the rpc.
    """
    service, method = route.method.containing_service, route.method
    operation: Schema = {
        "operationId": f"{service.name}_{method.name}" + (f"_{number}" if number > 1 else ""),
        "tags": [service.full_name],
    }
    if comment:
        operation["summary"] = comment.split("\n", 1)[0].split(". ", 1)[0].rstrip(".")
    operation["description"] = "\n\n".join(filter(None, (comment, sentence_of(method))))
    parameters = [*_path_parameters(route, names, schemas), *_query_parameters(route, schemas)]
    if parameters:
        operation["parameters"] = parameters
    if route.body:
        schema, required = _body(route, schemas)
        operation["requestBody"] = {"content": {JSON_CONTENT_TYPE: {"schema": schema}}, "required": required}
    success = {
        "description": "OK",
        "headers": response_headers(),
        "content": {JSON_CONTENT_TYPE: {"schema": _success(route, schemas)}},
    }
    operation["responses"] = {"200": success} | error_responses(route)
    return operation


def _path_parameters(route: Route, names: Mapping[str, str], schemas: Schemas) -> Iterator[Schema]:
    for path, fields in route.path_fields.items():
        yield _parameter(names[path], "path", schemas.filled(fields[-1]), required=True)


def _parameter(name: str, place: str, schema: Schema, **facts: bool) -> Schema:
    description = {"description": schema.pop("description")} if "description" in schema else {}
    return {"name": name, "in": place} | facts | description | {"schema": schema}


def _query_parameters(route: Route, schemas: Schemas) -> Iterator[Schema]:
    if route.body == WHOLE:
        return
    for fields in _leaves(route.method.input_type, (), route.body):
        if dotted(fields) not in route.path_fields:
            yield _parameter(json_dotted(fields), "query", schemas.property(fields[-1]))


def _leaves(message: Descriptor, above: FieldPath, body: str = "") -> Iterator[FieldPath]:
    for field in message.fields:
        fields = (*above, field)
        inside = nested(field)
        if not above and field.name == body:
            continue
        if is_text(field):
            yield fields
        elif inside is not None and all(inside is not one.containing_type for one in fields):
            yield from _leaves(inside, fields)


def _body(route: Route, schemas: Schemas) -> tuple[Schema, bool]:
    """Return the schema of the body, and whether there has to be one."""
    partial = route.verb == "PATCH"
    field = route.body_field
    if field is None:
        taken = {fields[0].name for fields in route.path_fields.values() if len(fields) == 1}
        schema, required = _without(route.method.input_type, taken, schemas, partial=partial)
        # Without a body every field is unset, which is as good as {} where none is required.
        return schema, required
    # What the path says is no part of the body, but makes the message that the body is a part of.
    taken = {fields[1].name for fields in route.path_fields.values() if fields[0] is field and len(fields) == 2}
    message = nested(field)
    if message is None or not taken:
        return schemas.value(field, partial=partial), rules_of(field).required
    return _without(message, taken, schemas, partial=partial)


def _without(message: Descriptor, taken: set[str], schemas: Schemas, *, partial: bool) -> tuple[Schema, bool]:
    own = schemas.message(message, without=taken, partial=partial)
    return own if taken else schemas.reference(message, partial=partial), "required" in own


def _success(route: Route, schemas: Schemas) -> Schema:
    output = route.method.output_type
    return (
        schemas.value(output.fields_by_name[route.response_body]) if route.response_body else schemas.reference(output)
    )
