"""Responses of an operation that does not succeed: always the error document of platformkit.status."""

from __future__ import annotations

from typing import Any, Final

import grpc

from platformkit.context import REQUEST_ID_HEADER
from platformkit.transcoding.route import Route

Schema = dict[str, Any]

ERROR: Final = "Error"
REQUEST_ID: Final = "RequestId"
_METADATA: Final = {"type": "object", "additionalProperties": {"type": "string"}}

_ALWAYS: Final = {
    400: ("BadRequest", "The request does not fit its definition, breaks a constraint, or cannot be carried out now."),
    401: ("Unauthorized", "Nobody has proved who sends the request, or the proof is not valid."),
    403: ("Forbidden", "Whoever sends the request may not."),
    404: ("NotFound", "There is no such resource, or no such path."),
    405: ("MethodNotAllowed", "The path does not answer to this verb; `allow` says to which it does."),
    408: ("RequestTimeout", "The request did not arrive in time."),
    429: ("TooManyRequests", "More requests than are allowed, or too many attempts; try again later."),
    500: ("InternalServerError", "A fault of the platform."),
    501: ("NotImplemented", "The service behind the path does not have this operation yet."),
    503: ("ServiceUnavailable", "No instance of the service can be reached, or a store that it needs is away."),
    504: ("GatewayTimeout", "No answer came in time."),
}
_WITH_EFFECT: Final = {
    409: ("Conflict", "The request contradicts what is there: taken, changed by somebody else, or used before."),
}
_WITH_BODY: Final = {
    413: ("ContentTooLarge", "The body is too long."),
    415: ("UnsupportedMediaType", "The body is not declared to be JSON in UTF-8."),
}
_ALL: Final = _ALWAYS | _WITH_EFFECT | _WITH_BODY


def error_responses(route: Route) -> dict[str, Schema]:
    """References to the error responses that a route can answer with, by status."""
    statuses = [*_ALWAYS]
    if route.verb != "GET":
        statuses += _WITH_EFFECT
    if route.body:
        statuses += _WITH_BODY
    return {str(status): {"$ref": f"#/components/responses/{_ALL[status][0]}"} for status in sorted(statuses)}


def response_components() -> dict[str, Schema]:
    """Return the responses that ``error_responses`` refers to."""
    return {
        name: {
            "description": text,
            "headers": response_headers() | _extra_headers(status),
            "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{ERROR}"}}},
        }
        for status, (name, text) in sorted(_ALL.items())
    }


def response_headers() -> dict[str, Schema]:
    """Return the headers of every response."""
    return {REQUEST_ID_HEADER: {"$ref": f"#/components/headers/{REQUEST_ID}"}}


def header_components() -> dict[str, Schema]:
    """Return the headers that ``response_headers`` refers to."""
    return {
        REQUEST_ID: {
            "description": "Identifies the request in logs and events; the caller's own, if it sent a fit one.",
            "required": True,
            "schema": {"type": "string", "minLength": 1, "maxLength": 128},
        }
    }


def error_schema() -> Schema:
    """Return the schema of the error document (AIP-193)."""
    error = {
        "type": "object",
        "required": ["code", "status", "message", "details"],
        "properties": {
            "code": {"type": "integer", "description": "The HTTP status."},
            "status": {
                "enum": sorted(code.name for code in grpc.StatusCode if code is not grpc.StatusCode.OK),
                "description": "The gRPC status code.",
            },
            "message": {"type": "string", "description": "What went wrong, for developers."},
            "details": {"type": "array", "items": {"anyOf": [_error_info(), _bad_request(), _other()]}},
        },
    }
    return {"type": "object", "required": ["error"], "properties": {"error": error}}


def _error_info() -> Schema:
    return _detail(
        "google.rpc.ErrorInfo",
        {"reason": {"type": "string"}, "domain": {"type": "string"}, "metadata": _METADATA},
        "Why, for programs.",
    )


def _bad_request() -> Schema:
    text = {"type": "string"}
    violation = {"type": "object", "properties": {"field": text, "description": text, "reason": text}}
    violations = {"type": "array", "items": violation}
    return _detail(
        "google.rpc.BadRequest", {"fieldViolations": violations}, "Which fields of the request are at fault."
    )


def _other() -> Schema:
    return {
        "type": "object",
        "required": ["@type"],
        "properties": {"@type": {"type": "string"}},
        "description": "Any other google.rpc detail.",
    }


def _detail(name: str, properties: Schema, description: str) -> Schema:
    return {
        "type": "object",
        "required": ["@type"],
        "properties": {"@type": {"const": f"type.googleapis.com/{name}"}, **properties},
        "description": description,
    }


def _extra_headers(status: int) -> dict[str, Schema]:
    if status != 405:
        return {}
    return {"allow": {"description": "The verbs of the path.", "required": True, "schema": {"type": "string"}}}
