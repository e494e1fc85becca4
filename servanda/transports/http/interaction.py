"""A request over HTTP and its response."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Final
from urllib.parse import quote_plus

from servanda.pact.document import Interaction, Part
from servanda.verdict import Transport

# Bad Request and Unprocessable Content: https://www.rfc-editor.org/rfc/rfc9110#section-15.5
_REFUSALS: Final = frozenset({400, 422})


@dataclass(frozen=True, slots=True)
class HttpRequest(Part):
    """Request of a consumer over HTTP.

    Attributes:
        query: Values by the name of the parameter; ``None`` is a parameter without a value (``?full``).
    """

    method: str = "GET"
    path: str = "/"
    query: Mapping[str, tuple[str | None, ...]] = field(default_factory=dict)

    @property
    def parameters(self) -> Mapping[str, tuple[str, ...]]:
        """Query parameters as a server reads them: no value is an empty text."""
        return {name: tuple(value or "" for value in values) for name, values in self.query.items()}

    @property
    def target(self) -> str:
        """Path and query, as they are sent; some writers leave a query in the path."""
        pairs = (
            quote_plus(name) if value is None else f"{quote_plus(name)}={quote_plus(value)}"
            for name, values in self.query.items()
            for value in values
        )
        path, query = self.path.replace("#", "%23"), "&".join(pairs)
        return f"{path}{'&' if '?' in path else '?'}{query}" if query else path


@dataclass(frozen=True, slots=True)
class HttpResponse(Part):
    """Response that the consumer expects over HTTP.

    Attributes:
        absent: Headers that it must not have.
    """

    status: int = 200
    absent: tuple[str, ...] = ()


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
    def path(self) -> str:
        """Return the path of the request."""
        return self.request.path

    @property
    def expects_status(self) -> bool:
        """Tell that a status is always expected: a provider that answers 500 does not answer 200."""
        return True

    @property
    def expects_refusal(self) -> bool:
        """Tell whether the consumer expects that the provider refuses its request as invalid."""
        return self.response.status in _REFUSALS
