"""Parts of a service, named for the code that serves it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any

import grpc.aio
from google.protobuf.descriptor import ServiceDescriptor

from platformkit.access import PolicyError, policies_of
from platformkit.discovery import Registry
from platformkit.lifecycle import Settings, StartError
from platformkit.tokens import InternalTokens
from platformkit.transcoding import Handler

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]
"""An ASGI 3 application."""

Check = Callable[[], Awaitable[None]]
"""Returns if all is well and raises whatever says why not."""

Task = Callable[[], Awaitable[None]]
"""Works until it is cancelled; when it raises or returns, it is started again."""


@dataclass(frozen=True, slots=True)
class Servicer:
    """One proto service and who answers its calls.

    Args:
        descriptor: Of the service, for example ``audit_pb2.DESCRIPTOR.services_by_name["AuditService"]``.
        add: The generated ``add_<Service>Servicer_to_server``.
        implementation: The servicer.

    Raises:
        StartError: A method streams, or declares an access that cannot be enforced.
    """

    descriptor: ServiceDescriptor
    add: Callable[[Any, grpc.aio.Server], None]
    implementation: object

    def __post_init__(self) -> None:
        """Refuses what the checks before a call do not cover."""
        for method in self.descriptor.methods:
            if method.client_streaming or method.server_streaming:
                raise StartError(f"{method.full_name} streams, and services answer unary calls", hint="make it unary")
        try:
            policies_of(self.descriptor)
        except PolicyError as error:
            raise StartError(str(error), hint="correct its option plt.auth.v1.access") from error


@dataclass(frozen=True, slots=True)
class Application:
    """A service as ``run`` serves it.

    Args:
        servicers: Answer over gRPC and, by their google.api.http options, over HTTP; both through the same checks.
        edge: Answers HTTP in place of the servicers; for the gateway.
        paths: Answers to GET on paths of the HTTP port that are no rpc, for a service without an edge of its own.
        background: What works beside the calls, by name.
        readiness: What has to be well before calls are welcome, by name; ``/readyz`` shows which is not.
        registry: Where the service shows itself to callers; None if nobody has to find it.
        internal_tokens: Proof of who calls: its key is published as long as the service runs, and ``servicers`` answer
            nobody who does not prove to be a service, unless ``INTERNAL_TOKENS`` is off.
        outages: Errors that mean that a store is away: the caller gets UNAVAILABLE instead of INTERNAL.
    """

    servicers: tuple[Servicer, ...] = ()
    edge: Asgi | None = None
    paths: Mapping[str, Handler] = field(default_factory=dict)
    background: Mapping[str, Task] = field(default_factory=dict)
    readiness: Mapping[str, Check] = field(default_factory=dict)
    registry: Registry | None = None
    internal_tokens: InternalTokens | None = None
    outages: tuple[type[Exception], ...] = ()


Factory = Callable[[Settings], AbstractAsyncContextManager[Application]]
"""Builds the application from settings and gives its connections back afterwards; an async context manager."""
