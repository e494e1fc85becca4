"""JSON text to JSON values to messages."""

from __future__ import annotations

import json
from typing import Any, Final, NoReturn

from google.protobuf import json_format, message_factory
from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message

from platformkit.status import FieldViolation
from platformkit.transcoding.checking import violations_of
from platformkit.transcoding.errors import invalid_request

MAX_VALUES: Final = 10_000
"""Values of one request: members of its objects and elements of its arrays, all together. What a fault costs (its path,
its text, the rule that finds it) is paid for each value, so their number bounds the work on a request of any size."""


def read_json(body: bytes, field: str) -> Any:
    """Return the value of a JSON text (RFC 8259: UTF-8, no NaN, no name twice in one object).

    The work is in proportion to the length of the text, and what it holds is bounded by ``MAX_VALUES``.

    Args:
        body: The text.
        field: Path of what it is the value of, for the error.

    Raises:
        ServiceError: INVALID_ARGUMENT, it is no such text.
    """
    try:
        value = json.loads(body.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_constant)
    except RecursionError:
        raise invalid_request(FieldViolation(field, "nested too deep", "TOO_DEEP")) from None
    except ValueError as error:
        raise invalid_request(FieldViolation(field, f"is not JSON: {error}", "MALFORMED_JSON")) from None
    if _has_more_values(value, MAX_VALUES):
        raise invalid_request(FieldViolation(field, f"holds more than {MAX_VALUES} values", "TOO_MANY_VALUES"))
    return value


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
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise ValueError(f"the name {name!r} stands twice in one object")
            seen.add(name)
    return document


def _has_more_values(value: Any, limit: int) -> bool:
    count, waiting = 1, [value]
    while waiting and count <= limit:
        inside = waiting.pop()
        values = inside.values() if isinstance(inside, dict) else inside if isinstance(inside, list) else ()
        count += len(values)
        waiting += values
    return count > limit


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON value")
