"""Requests against the constraints of their proto (protovalidate)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import grpc
import protovalidate
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from platformkit.status import FieldViolation, ServiceError
from platformkit.status.bounds import MAX_VIOLATIONS
from platformkit.transcoding import MAX_VALUES


def refuse_invalid(request: Message) -> None:
    """Checks a request.

    Raises:
        ServiceError: INVALID_ARGUMENT with one violation for each constraint that does not hold, or with one alone if
            the request holds more values than ``MAX_VALUES``: each of them could break a constraint, at its cost.
    """
    if _has_more_values(request, MAX_VALUES):
        much = FieldViolation("", f"holds more than {MAX_VALUES} values", "TOO_MANY_VALUES")
        message = f"the request holds more than {MAX_VALUES} values"
        raise ServiceError(grpc.StatusCode.INVALID_ARGUMENT, message, reason="REQUEST_INVALID", violations=(much,))
    # The entries of a map have no order of their own; without one here, equal requests would get different answers.
    found = sorted((violation.proto for violation in protovalidate.collect_violations(request)), key=_position)
    violations = tuple(map(_field_violation, found))
    if violations:
        listed = violations[:MAX_VIOLATIONS]
        fields = ", ".join(dict.fromkeys(violation.field or "the request" for violation in listed))
        raise ServiceError(
            grpc.StatusCode.INVALID_ARGUMENT,
            f"invalid: {fields}",
            reason="REQUEST_INVALID",
            violations=violations,
        )


def _has_more_values(message: Message, limit: int) -> bool:
    count, waiting = 0, [message]
    while waiting and count <= limit:
        for field, value in waiting.pop().ListFields():
            count += len(value) if field.is_repeated else 1
            if count <= limit:
                waiting += _messages(field, value)
    return count > limit


def _messages(field: FieldDescriptor, value: Any) -> Iterable[Message]:
    kind = field.message_type
    if kind is None:
        return ()
    if not field.is_repeated:
        return (value,)
    if not kind.GetOptions().map_entry:
        return list(value)
    return value.values() if kind.fields_by_name["value"].message_type is not None else ()


def _field_violation(violation: protovalidate.ViolationPb) -> FieldViolation:
    path = "" if violation.field is None else _path(violation.field)
    description = f"key {violation.message}" if violation.for_key else violation.message
    return FieldViolation(path, description, _reason(violation.rule_id))


def _position(violation: protovalidate.ViolationPb) -> list[tuple[int, str]]:
    elements = violation.field.elements if violation.field is not None else ()
    return [
        (element.field_number, "" if element.subscript is None else _ordered(element.subscript.value))
        for element in elements
    ]


def _ordered(subscript: object) -> str:
    return f"{subscript:020}" if isinstance(subscript, int) else str(subscript)


def _path(path: protovalidate.FieldPathPb) -> str:
    """Return the path in proto names with subscripts: ``user.roles[0]``, ``user.labels["team"]``."""
    return ".".join(_element(element) for element in path.elements)


def _element(element: protovalidate.FieldPathElementPb) -> str:
    if element.subscript is None:
        return element.field_name
    return f"{element.field_name}[{json.dumps(element.subscript.value, ensure_ascii=False)}]"


def _reason(rule_id: str) -> str:
    """Return ``string.min_len`` as UPPER_SNAKE, the form of every reason."""
    return rule_id.replace(".", "_").upper()
