"""Responses: from a message to HTTP on the side of the server, and back on the side of the client."""

from __future__ import annotations

import json
from typing import Any

import grpc
from google.protobuf import json_format, message_factory
from google.protobuf.message import Message

from platformkit.status import ServiceError
from platformkit.transcoding.route import Route


def encode_response(route: Route, message: Message) -> bytes:
    """Return the body of the response, by the ProtoJSON rules: a field with its default value is left out."""
    return json.dumps(_body(route, message), ensure_ascii=False, separators=(",", ":")).encode()


def decode_response(route: Route, body: bytes) -> Message:
    """Return the message in the body of a response. What a newer server added is left out.

    Raises:
        ServiceError: INTERNAL, the body is not the JSON of the response.
    """
    message = message_factory.GetMessageClass(route.method.output_type)()
    try:
        document = json.loads(body.decode("utf-8"))
        if route.response_body:
            document = {route.response_body: document}
        if not isinstance(document, dict):
            raise json_format.ParseError("expected an object")
        return json_format.ParseDict(document, message, ignore_unknown_fields=True)
    except (ValueError, RecursionError, TypeError, SystemError, json_format.ParseError) as error:
        # A SystemError is how upb's tables end when they are asked for a name with half of a surrogate pair.
        raise ServiceError(
            grpc.StatusCode.INTERNAL,
            f"the answer to {route.rpc} is not the JSON of a {route.method.output_type.full_name}: {error}",
            reason="MALFORMED_RESPONSE",
        ) from error


def _body(route: Route, message: Message) -> Any:
    if not route.response_body:
        return json_format.MessageToDict(message)
    field = route.method.output_type.fields_by_name[route.response_body]
    document = json_format.MessageToDict(message, always_print_fields_with_no_presence=True)
    if field.json_name not in document:
        return None
    exact = json_format.MessageToDict(message)
    return exact.get(field.json_name, document[field.json_name])
