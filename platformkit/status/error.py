"""The error that a service raises, and its ways to and from google.rpc.Status and gRPC errors.

``ServiceError``
    ``platformkit.transcoding.EdgeError``  the HTTP edge refuses a request, with a status that HTTP has and gRPC has not
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Self

import grpc
from google.protobuf import any_pb2
from google.rpc import error_details_pb2, status_pb2

from platformkit.status.bounds import MAX_MESSAGE_BYTES, MAX_VIOLATION_BYTES, MAX_VIOLATIONS, clipped
from platformkit.status.codes import code_of_number

STATUS_DETAILS_KEY: Final = "grpc-status-details-bin"
OUT_OF_TIME: Final = "Deadline Exceeded"
"""What a gRPC server says of a call whose time is up."""
_NO_METADATA: Final[Mapping[str, str]] = MappingProxyType({})
_OMITTED: Final = "omittedViolations"


@dataclass(frozen=True, slots=True)
class FieldViolation:
    """One field of a request that is not as it must be (google.rpc.BadRequest.FieldViolation).

    Path and description are cut to ``bounds.MAX_TEXT_BYTES``: both may repeat what a request holds.

    Attributes:
        field: Path from the request message, in proto names: ``user.roles[0]``.
        description: What is expected, for people.
        reason: Why it is refused, for programs, UPPER_SNAKE.
    """

    field: str
    description: str
    reason: str = ""

    def __post_init__(self) -> None:
        """Cuts what is too long to be sent."""
        object.__setattr__(self, "field", clipped(self.field))
        object.__setattr__(self, "description", clipped(self.description))

    @property
    def size(self) -> int:
        """Return how much of the size of an error it takes, in bytes."""
        return len(self.field.encode()) + len(self.description.encode()) + len(self.reason)


class ServiceError(Exception):
    """A call failed, and the caller is told how.

    Args:
        code: The gRPC status code.
        message: What went wrong and what to do, for developers.
        reason: Why, for programs: UPPER_SNAKE, stable within ``domain`` (google.rpc.ErrorInfo).
        domain: Who gives the reason its meaning.
        metadata: Facts about this occurrence, for programs.
        violations: Fields at fault, if the request is. The first ones are kept, as many as `platformkit.status.bounds`
            lets an error list.

    Attributes:
        omitted: How many violations are not listed; sent as the fact ``omittedViolations``.
    """

    def __init__(
        self,
        code: grpc.StatusCode,
        message: str,
        *,
        reason: str,
        domain: str = "plt",
        metadata: Mapping[str, str] = _NO_METADATA,
        violations: Iterable[FieldViolation] = (),
    ) -> None:
        self.code = code
        self.message = clipped(message, MAX_MESSAGE_BYTES)
        super().__init__(self.message)
        self.reason = reason
        self.domain = domain
        self.violations, self.omitted = _listed(violations)
        facts = {key: clipped(value) for key, value in metadata.items()}
        self.metadata = facts | ({_OMITTED: str(self.omitted)} if self.omitted else {})

    def __str__(self) -> str:
        fields = "".join(f"; {violation.field}: {violation.description}" for violation in self.violations)
        return f"{self.code.name} {self.reason}: {self.message}{fields}"

    def to_status(self) -> status_pb2.Status:
        """Return the error as it travels."""
        info = error_details_pb2.ErrorInfo(reason=self.reason, domain=self.domain, metadata=dict(self.metadata))
        details = [_packed(info)]
        if self.violations:
            fields = [
                error_details_pb2.BadRequest.FieldViolation(
                    field=violation.field, description=violation.description, reason=violation.reason
                )
                for violation in self.violations
            ]
            details.append(_packed(error_details_pb2.BadRequest(field_violations=fields)))
        return status_pb2.Status(code=self.code.value[0], message=self.message, details=details)

    @classmethod
    def from_status(cls, status: status_pb2.Status) -> Self:
        """Return the error that a status describes; a status without ErrorInfo gets its code's name as the reason."""
        code = code_of_number(status.code)
        info = error_details_pb2.ErrorInfo(reason=code.name)
        request = error_details_pb2.BadRequest()
        for detail in status.details:
            detail.Unpack(info)
            detail.Unpack(request)
        return cls(
            code,
            status.message,
            reason=info.reason,
            domain=info.domain,
            metadata=dict(info.metadata),
            violations=tuple(
                FieldViolation(violation.field, violation.description, violation.reason)
                for violation in request.field_violations
            ),
        )

    @classmethod
    def from_rpc_error(cls, error: grpc.RpcError) -> Self:
        """Return the error that a failed call raised, whatever its transport was."""
        return cls.from_status(status_of(error))


def _listed(violations: Iterable[FieldViolation]) -> tuple[tuple[FieldViolation, ...], int]:
    listed: list[FieldViolation] = []
    size = omitted = 0
    for violation in violations:
        size += violation.size
        if omitted or len(listed) == MAX_VIOLATIONS or (listed and size > MAX_VIOLATION_BYTES):
            omitted += 1
        else:
            listed.append(violation)
    return tuple(listed), omitted


def status_of(error: grpc.RpcError) -> status_pb2.Status:
    """Return the status that a failed call carries, with all of its details."""
    if not isinstance(error, grpc.aio.AioRpcError):
        return status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=str(error))
    for key, value in error.trailing_metadata() or ():
        if key == STATUS_DETAILS_KEY and isinstance(value, bytes):
            status = status_pb2.Status.FromString(value)
            # A status that contradicts the call was put there by somebody else; the call's own code counts.
            if status.code == error.code().value[0]:
                return status
    return status_pb2.Status(code=error.code().value[0], message=error.details() or "")


def out_of_time(told: str = "") -> grpc.aio.AioRpcError:
    """Return the error of a call whose time is up: without details, and in the words of a gRPC server.

    Args:
        told: What else there is to tell, to whoever waited; a server tells nothing.
    """
    return grpc.aio.AioRpcError(
        grpc.StatusCode.DEADLINE_EXCEEDED,
        grpc.aio.Metadata(),
        grpc.aio.Metadata(),
        details=f"{OUT_OF_TIME}: {told}" if told else OUT_OF_TIME,
    )


def rpc_error(
    status: status_pb2.Status, kind: type[grpc.aio.AioRpcError] = grpc.aio.AioRpcError
) -> grpc.aio.AioRpcError:
    """Return the error that a generated stub raises for this status."""
    trailing = grpc.aio.Metadata()
    if status.details:
        trailing.add(STATUS_DETAILS_KEY, status.SerializeToString())
    return kind(code_of_number(status.code), grpc.aio.Metadata(), trailing, details=status.message)


def _packed(message: error_details_pb2.ErrorInfo | error_details_pb2.BadRequest) -> any_pb2.Any:
    packed = any_pb2.Any()
    packed.Pack(message, deterministic=True)
    return packed
