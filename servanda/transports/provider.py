"""The provider as a transport reaches it, and what a transport does with it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

from servanda.configuration import DIRECT, Connection, Events, Limits, Service
from servanda.errors import LimitError, VerificationError
from servanda.verdict import Reason, Transport

Exchange: TypeAlias = Callable[[Mapping[str, object]], Awaitable[tuple[Reason, ...]]]
"""Carries an interaction out, with the values of its provider states; gives the reasons why it did not hold."""

Request: TypeAlias = Mapping[str, object]
"""Request as a request filter gets it, in values of JSON besides ``body``, which is bytes or ``None``."""
Change: TypeAlias = Callable[[Request], Awaitable[Request]]
"""Changes a request; raises a ``VerificationError`` if it cannot."""


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider that runs.

    Attributes:
        service: Its configuration.
        addresses: ``host:port`` by the name of its ports.
        placeholders: What is the same for all services: the values of stores, and ``namespace``.
        events: How events are named.
        connection: The way to it.
        change: Changes each request before it is sent; ``None`` if nothing does.
    """

    service: Service
    addresses: Mapping[str, str]
    placeholders: Mapping[str, str] = field(repr=False)
    events: Events
    connection: Connection = DIRECT
    change: Change | None = None

    def address(self, transport: Transport) -> str:
        """Return where it listens for a transport: ``host:port``, or what its connection says.

        Raises:
            VerificationError: No port of it is configured for that, or its address is not known.
        """
        if (target := self.connection.targets.get(transport)) is not None:
            return target
        port = self.service.transports.get(transport)
        if port is None:
            raise VerificationError(f"no port of '{self.service.name}' is configured for the transport {transport}")
        if port not in self.addresses:
            raise VerificationError(f"the address of '{self.service.name}' for the transport {transport} is not known")
        return self.addresses[port]


class Verifier(Protocol):
    """A transport to one provider."""

    async def begin(self, interaction: Any) -> Exchange:
        """Do what has to be done before the provider states of an interaction of this transport, and give the rest.

        Raises:
            ServandaError: The provider cannot be reached.
        """

    async def close(self) -> None:
        """Close the connections."""


OpenVerifier: TypeAlias = Callable[[Provider, Limits], Verifier]
"""Opens the transport to a provider; connections may wait until they are needed."""


def too_long(limit: int) -> LimitError:
    """Make the error for an answer whose body is longer than the limit."""
    return LimitError(f"the body of the answer is larger than the limit of {limit} bytes", limit="answer_bytes")
