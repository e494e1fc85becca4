"""A call that both sides are asked to make."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message

from servanda.interfaces.protobuf.usage.routes import Route
from servanda.parity.beside import Beside
from servanda.parity.outcome import Outcome
from servanda.parity.spelling import Spelling


@dataclass(frozen=True, slots=True)
class Call:
    """A call of one rpc.

    Attributes:
        number: Which one of the run it is, from 1.
        route: The HTTP binding by which it is sent over HTTP.
        grpc: The request for the side of gRPC.
        http: The request for the side of HTTP; it differs from the other one where identifiers that the sides made
            themselves differ.
        spelling: How it is written for HTTP.
        beside: What it carries beside its message.
    """

    number: int
    route: Route
    grpc: Message
    http: Message
    spelling: Spelling = Spelling.CANONICAL
    beside: Beside = Beside.NOTHING

    @property
    def method(self) -> MethodDescriptor:
        """Return the rpc."""
        return self.route.method


class Side(Protocol):
    """One side: a transport to a running service."""

    async def send(self, call: Call) -> Outcome:
        """Make the call.

        Raises:
            InexpressibleError: The transport has no way to write its request.
            VerificationError: There is no answer at all.
        """
        ...

    async def close(self) -> None:
        """Close its connections."""
        ...
