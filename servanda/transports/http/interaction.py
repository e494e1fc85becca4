"""A request over HTTP and its response."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Final

from servanda.pact.document import Interaction, Part
from servanda.verdict import Transport

# Bad Request and Unprocessable Content: https://www.rfc-editor.org/rfc/rfc9110#section-15.5
_REFUSALS: Final = frozenset({400, 422})


@dataclass(frozen=True, slots=True)
class HttpRequest(Part):
    """Request of a consumer over HTTP."""

    method: str = "GET"
    path: str = "/"
    query: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HttpResponse(Part):
    """Response that the consumer expects over HTTP."""

    status: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpInteraction(Interaction):
    """A request over HTTP and its response: exactly one of each."""

    transport: ClassVar[Transport] = Transport.HTTP
    requests: tuple[HttpRequest, ...]
    responses: tuple[HttpResponse, ...]

    @property
    def request(self) -> HttpRequest:
        """Return the request."""
        return self.requests[0]

    @property
    def response(self) -> HttpResponse:
        """Return the response."""
        return self.responses[0]

    @property
    def expects_status(self) -> bool:
        """Tell whether the consumer expects another status than the usual one."""
        return self.response.status != 200

    @property
    def expects_refusal(self) -> bool:
        """Tell whether the consumer expects that the provider refuses its request as invalid."""
        return self.response.status in _REFUSALS
