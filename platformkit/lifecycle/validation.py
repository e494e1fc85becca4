"""Requests against the constraints of their proto (protovalidate)."""

from __future__ import annotations

import json

import grpc
import protovalidate
from google.protobuf.message import Message

from platformkit.status import FieldViolation, ServiceError


def refuse_invalid(request: Message) -> None:
    """Checks a request.

    Raises:
        ServiceError: INVALID_ARGUMENT with one violation for each constraint that does not hold.
    """
    violations = tuple(_field_violation(violation.proto) for violation in protovalidate.collect_violations(request))
    if violations:
        fields = ", ".join(dict.fromkeys(violation.field or "the request" for violation in violations))
        raise ServiceError(
            grpc.StatusCode.INVALID_ARGUMENT,
            f"invalid: {fields}",
            reason="REQUEST_INVALID",
            violations=violations,
        )


def _field_violation(violation: protovalidate.ViolationPb) -> FieldViolation:
    path = "" if violation.field is None else _path(violation.field)
    description = f"key {violation.message}" if violation.for_key else violation.message
    return FieldViolation(path, description, _reason(violation.rule_id))


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
