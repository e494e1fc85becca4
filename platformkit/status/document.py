"""The JSON document of an error over HTTP, as AIP-193 shapes it."""

from __future__ import annotations

import base64
import json
from typing import Any, Final

import grpc
from google.protobuf import any_pb2, json_format
from google.rpc import status_pb2

from platformkit.status.codes import code_of_http, code_of_number, http_status
from platformkit.status.error import ServiceError

_EXCERPT_CHARACTERS: Final = 200


def error_document(status: status_pb2.Status, http: int | None = None) -> dict[str, Any]:
    """Return the document for a status: ``{"error": {"code", "status", "message", "details"}}``.

    Args:
        status: The error.
        http: HTTP status of the response, if it is not the one that belongs to the code.
    """
    code = code_of_number(status.code)
    return {
        "error": {
            "code": http_status(code) if http is None else http,
            "status": code.name,
            "message": status.message,
            "details": [_detail(detail) for detail in status.details],
        }
    }


def parse_error_document(http: int, body: bytes) -> ServiceError:
    """Read the error in the body of a response; without such a document its HTTP status tells alone."""
    return ServiceError.from_status(parse_status(http, body))


def parse_status(http: int, body: bytes) -> status_pb2.Status:
    """Read an error document as ``parse_error_document`` does, but keep every detail."""
    try:
        error = json.loads(body)["error"]
        status = status_pb2.Status(code=grpc.StatusCode[error["status"]].value[0], message=error["message"])
        status.details.extend(_parsed(detail) for detail in error.get("details", ()))
        if status.code != grpc.StatusCode.OK.value[0]:
            return status
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, json_format.ParseError):
        pass
    excerpt = body[:_EXCERPT_CHARACTERS].decode("utf-8", "replace")
    code = code_of_http(http)
    return status_pb2.Status(
        # Whatever is no answer has failed, even if its sender calls it a success.
        code=(grpc.StatusCode.UNKNOWN if code is grpc.StatusCode.OK else code).value[0],
        message=f"HTTP status {http} without an error document: {excerpt!r}",
    )


def _detail(detail: any_pb2.Any) -> dict[str, Any]:
    try:
        return json_format.MessageToDict(detail)
    except (TypeError, ValueError):
        # A type that this process does not know: passed on whole, as bytes.
        return {"@type": detail.type_url, "value": base64.b64encode(detail.value).decode("ascii")}


def _parsed(detail: dict[str, Any]) -> any_pb2.Any:
    try:
        return json_format.ParseDict(detail, any_pb2.Any(), ignore_unknown_fields=True)
    except (TypeError, json_format.ParseError):
        return any_pb2.Any(type_url=detail["@type"], value=base64.b64decode(detail["value"], validate=True))
