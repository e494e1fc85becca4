"""JSON text to JSON values to messages."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from google.protobuf import json_format, message_factory
from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message

from platformkit.status import FieldViolation
from platformkit.transcoding.checking import violations_of
from platformkit.transcoding.errors import invalid_request


def read_json(body: bytes, field: str) -> Any:
    """Return the value of a JSON text (RFC 8259: UTF-8, no NaN, no name twice in one object).

    Args:
        body: The text.
        field: Path of what it is the value of, for the error.

    Raises:
        ServiceError: INVALID_ARGUMENT, it is no such text.
    """
    try:
        return json.loads(body.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_constant)
    except RecursionError:
        raise invalid_request(FieldViolation(field, "nested too deep", "TOO_DEEP")) from None
    except ValueError as error:
        raise invalid_request(FieldViolation(field, f"is not JSON: {error}", "MALFORMED_JSON")) from None


def message_of(message: Descriptor, document: Any) -> Message:
    """Return the message that a JSON document describes.

    Raises:
        ServiceError: INVALID_ARGUMENT with each fault and its path.
    """
    violations = tuple(violations_of(message, document))
    if violations:
        raise invalid_request(*violations)
    try:
        return json_format.ParseDict(document, message_factory.GetMessageClass(message)())
    except (json_format.ParseError, RecursionError) as error:
        # What remains is between fields, two of one oneof for instance.
        raise invalid_request(FieldViolation("", str(error), "MALFORMED_JSON")) from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the name {twice!r} stands twice in one object")
    return document


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON value")
