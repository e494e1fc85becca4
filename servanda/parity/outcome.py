"""Outcome of a call, whatever carried it."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from google.protobuf import any_pb2, json_format
from google.protobuf.message import DecodeError, Message
from google.rpc import error_details_pb2, status_pb2

OK: Final = "OK"
_KNOWN_DETAILS: Final = {
    message.full_name: message for message in error_details_pb2.DESCRIPTOR.message_types_by_name.values()
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """Answer to a call.

    Attributes:
        code: Name of the gRPC status code.
        text: Message of the error; empty for none.
        details: Details of the error: of each its type and its content as JSON.
        response: The response message; ``None`` for an error.
        metadata: Metadata of the answer, initial and trailing, that is the service's own.
        http_status: Status over HTTP; 0 over gRPC.
        unreadable: Why the answer is neither the response nor an error document; empty if it is one of them.
    """

    code: str
    text: str = ""
    details: tuple[Mapping[str, Any], ...] = ()
    response: Message | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    http_status: int = 0
    unreadable: str = ""


def details_of(status: bytes) -> tuple[Mapping[str, Any], ...]:
    """Return the details in ``grpc-status-details-bin``; none if it cannot be read."""
    try:
        found = status_pb2.Status.FromString(status)
    except DecodeError:
        return ()
    return tuple(map(_detail, found.details))


def sorted_details(details: Iterable[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    """Return details in an order of their own: the order in which they are sent means nothing."""
    return tuple(sorted(details, key=repr))


def _detail(detail: any_pb2.Any) -> Mapping[str, Any]:
    name = detail.type_url.rpartition("/")[2]
    if name in _KNOWN_DETAILS:
        try:
            found: Mapping[str, Any] = json_format.MessageToDict(detail)
        except (TypeError, DecodeError):
            pass
        else:
            return found
    return {"@type": detail.type_url, "value": base64.b64encode(detail.value).decode()}
