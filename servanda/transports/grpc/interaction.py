"""A call over gRPC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from google.protobuf.message import Message

from servanda.pact.document import Interaction, Part, without
from servanda.verdict import Transport

# Fields in a pact that are not sent as metadata.
_OF_THE_CALL: Final = frozenset({"grpc-status", "grpc-message", "contenttype"})

STATUSES: Final = (
    *("OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS"),
    *("PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED"),
    *("INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED"),
)
"""Names by number, https://grpc.io/docs/guides/status-codes/."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GrpcInteraction(Interaction):
    """A call over gRPC; of a unary one there is one request and one response.

    Attributes:
        service: Full name, for example ``plt.identity.v1.IdentityService``.
        method: Name of the method.
        input: Class of the requests, built from the descriptors in the pact.
        output: Class of the responses, built from the descriptors in the pact.
    """

    transport: ClassVar[Transport] = Transport.GRPC
    service: str
    method: str
    input: type[Message]
    output: type[Message]

    @property
    def request(self) -> Part:
        """Return the request of a unary call."""
        return self.requests[0]

    @property
    def response(self) -> Part:
        """Return the response of a unary call; of one that fails, its status and metadata."""
        return self.responses[0]

    @property
    def called(self) -> tuple[str, ...]:
        """Return full names of the service and of the method."""
        return self.service, f"{self.service}.{self.method}"

    @property
    def request_metadata(self) -> Mapping[str, tuple[str, ...]]:
        """Return the metadata that the consumer sends."""
        return without(_OF_THE_CALL, self.request.fields)

    @property
    def response_metadata(self) -> Mapping[str, tuple[str, ...]]:
        """Return the metadata that the consumer expects in the response."""
        return without(_OF_THE_CALL, self.response.fields)

    @property
    def path(self) -> str:
        """Return the method's path on the wire: ``/package.Service/Method``."""
        return f"/{self.service}/{self.method}"

    @property
    def status(self) -> str:
        """Return the name of the status that the consumer expects; the contract may have its number."""
        return status_name(self.response.first("grpc-status") or "OK")

    @property
    def expects_status(self) -> bool:
        """Tell that a status is always expected: a call that fails is not one that succeeds."""
        return True

    @property
    def expects_refusal(self) -> bool:
        """Tell whether the consumer expects that the provider refuses its request as invalid."""
        return self.status == "INVALID_ARGUMENT"


def status_name(written: str) -> str:
    """Return the name of a status that is written by its name or its number; what is neither, as it is."""
    number = written.removesuffix(".0")
    return STATUSES[int(number)] if number in map(str, range(len(STATUSES))) else written.upper()
